"""Settings become models of the API: every field with its range, choices, help and default."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from impasto.serving.offered import offered
from impasto.settings.fields import Setting


class Body(BaseModel):
    """A JSON object of the API: unknown members are refused, values are not turned into others."""

    model_config = ConfigDict(extra="forbid", strict=True)


def model_of(
    name: str,
    cls: type,
    doc: str,
    base: type[Body] = Body,
    patterns: Mapping[str, str] | None = None,
    choices: Mapping[str, tuple[str, ...]] | None = None,
) -> type[Body]:
    """Return a model with the settings of a class behind the fields of a base.

    Args:
        patterns: what texts of some settings must match, where the command line takes more.
        choices: the words that some settings are limited to.
    """
    fields: dict[str, Any] = {
        one.name: (
            _type(one, (patterns or {}).get(one.name), (choices or {}).get(one.name)),
            _field(one),
        )
        for one in offered(cls)
    }
    return create_model(name, __base__=base, __doc__=doc, __module__=__name__, **fields)


def _type(one: Setting, pattern: str | None, words: tuple[str, ...] | None) -> Any:
    chosen = words or one.choices
    item: Any = Literal[chosen] if chosen else one.kind
    if chosen is None and one.kind is str:
        item = Annotated[str, Field(pattern=pattern, max_length=200)]
    elif chosen is None and one.kind in (int, float):
        item = (
            Annotated[one.kind, Field(ge=one.minimum, le=one.maximum, allow_inf_nan=False)]
            if (one.kind is float)
            else Annotated[int, Field(ge=one.minimum, le=one.maximum)]
        )
    if one.many:
        item = Annotated[list[item], Field(max_length=64)]
    return item | None if one.optional else item


def _field(one: Setting) -> Any:
    unit: Any = {"x-unit": one.unit} if one.unit else None
    default: Any = list(one.default) if one.many else one.default
    return Field(default=default, description=one.help, json_schema_extra=unit)
