"""Requests become bodies of the API: JSON, or forms whose files become assets."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from impasto.errors import did_you_mean
from impasto.serving.assets import Assets
from impasto.serving.problems import Problem
from impasto.serving.schemas.words import STYLE_MEMBERS

Model = TypeVar("Model", bound=BaseModel)
MOST_FILES, MOST_FIELDS = 64, 128
LARGEST_FIELD = 256 * 1024  # bytes of a part that is no file
CHUNK = 1 << 20
WHOLE = 2**53  # larger numbers of JSON are no whole numbers for sure
AS_JSON = ("regions", "output", "webhook", "strengths")  # in a form they are JSON texts
# How values may be told in a form, where each is a text.
LISTS = {"styles", "contents", "paintings", "photos", "palette", "select", "fine"}
LISTS |= {"style_layers", "content_layers"}


async def read_body(
    request: Request,
    assets: Assets,
    owner: str,
    model_of: Callable[[Mapping[str, Any]], type[Model]],
) -> Model:
    """Return the body of a request, checked; files of a form are received as assets.

    Args:
        model_of: tells by the values which model they are checked by.

    Raises Problem, and what `Assets.receive` raises.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        values: Any = _parsed(await request.body())
        if not isinstance(values, dict):
            raise Problem("bad-request", "The body must be a JSON object.")
        return _checked(model_of(values), values, strict=True)
    if kind not in ("multipart/form-data", "application/x-www-form-urlencoded"):
        raise Problem("unsupported-media-type", "Send application/json or multipart/form-data.")
    values = await _form(request, assets, owner)
    return _checked(model_of(values), values, strict=False)


def check_body(model: type[Model], values: Mapping[str, Any]) -> Model:
    """Return plain values as a model; raise Problem that names the first wrong one."""
    return _checked(model, values, strict=True)


async def _form(request: Request, assets: Assets, owner: str) -> dict[str, Any]:
    try:
        form = request.form(
            max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LARGEST_FIELD
        )
        async with form as parts:
            items = [
                (name, await _received(name, value, assets, owner))
                for name, value in parts.multi_items()
            ]
    except (HTTPException, MultiPartException) as error:
        raise Problem(
            "bad-request", "The form is damaged, or has too many or too large parts."
        ) from error
    return _gathered(items)


async def _received(name: str, value: str | UploadFile, assets: Assets, owner: str) -> str:
    if isinstance(value, str):
        return value
    asset = await assets.receive(_chunks(value), owner)
    return f"asset:{asset.id}" if name in STYLE_MEMBERS else asset.id


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await file.read(CHUNK):
        yield chunk


def _gathered(items: list[tuple[str, str]]) -> dict[str, Any]:
    """Return the values of a form by name; a name that comes again makes a list.

    A region's mask may be the name of another part, which then is the mask's file.
    """
    lists: dict[str, list[str]] = {}
    for name, value in items:
        lists.setdefault(name, []).append(value)
    values: dict[str, Any] = {}
    for name, several in lists.items():
        if name in AS_JSON:
            values[name] = _parsed(several[-1].encode(), name)
        elif name in LISTS:
            values[name] = several
        else:
            values[name] = several if len(several) > 1 else several[0]
    for region in values.get("regions") or []:
        part = region.get("mask") if isinstance(region, dict) else None
        if isinstance(part, str) and part in lists:
            region["mask"] = lists[part][0]
            values.pop(part, None)
    return values


def _parsed(text: bytes, name: str = "The body") -> Any:
    try:
        return json.loads(text, parse_constant=_no_constant, parse_float=_number)
    except (ValueError, RecursionError) as error:
        raise Problem("bad-request", f"{name} is not JSON.") from error


def _number(text: str) -> float:
    """Return a number; 2.0 is the whole number 2, as JSON schemas have it."""
    value = float(text)
    return int(value) if value.is_integer() and abs(value) < WHOLE else value


def _no_constant(word: str) -> None:
    raise ValueError(word)  # NaN and Infinity are no JSON


def _checked(model: type[Model], values: Mapping[str, Any], *, strict: bool) -> Model:
    try:
        return model.model_validate(values, strict=strict)
    except ValidationError as error:
        raise invalid(error.errors(include_url=False), model) from error


def invalid(errors: list[ErrorDetails], model: type[BaseModel] | None = None) -> Problem:
    """Return the problem of values that are not allowed, in our words, with a place for each."""
    told = [{"place": _place(one), "detail": _words(one, model)} for one in errors[:16]]
    return Problem("invalid-request", told[0]["detail"], errors=told)


def _place(error: ErrorDetails) -> str:
    return ".".join(str(part) for part in error["loc"] if part not in ("body", "query", "path"))


def _words(error: ErrorDetails, model: type[BaseModel] | None) -> str:
    """Say what is allowed; pydantic's own words, which may quote anything, stay here."""
    place, context = _place(error), error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            hint = did_you_mean(place, model.model_fields if model else ())
            return f'There is no "{place[:60]}" here.{hint}'
        case "missing":
            return f"{place} is needed."
        case "greater_than_equal":
            return f"{place} must be at least {context['ge']:g}."
        case "less_than_equal":
            return f"{place} must be at most {context['le']:g}."
        case "literal_error":
            return f"{place} must be one of {context['expected']}."
        case "too_long" | "string_too_long":
            return f"{place} is too long: at most {context['max_length']}."
        case "too_short" | "string_too_short":
            return f"{place} is too short: at least {context['min_length']}."
        case "string_pattern_mismatch":
            return f"{place} is not spelled as it must be: {context['pattern']}"
    wanted = KINDS.get(error["type"].partition("_")[0], "of another kind")
    return f"{place} must be {wanted}."


KINDS = {
    "string": "a text",
    "int": "a whole number",
    "float": "a number",
    "finite": "a number",
    "bool": "true or false",
    "list": "a list",
    "dict": "an object",
    "model": "an object",
    "none": "null",
}
