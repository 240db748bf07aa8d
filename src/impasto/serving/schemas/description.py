"""The description of the API (OpenAPI 3.1): what FastAPI cannot know by itself is added here."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from impasto.serving.parsing import AS_JSON, LISTS
from impasto.serving.schemas.answers import JobAnswer, Problem
from impasto.serving.schemas.edits import ImageEdit
from impasto.serving.schemas.requests import BODIES, TRAININGS
from impasto.serving.schemas.styles import NewStyle

DESCRIPTION = """Paint photos in any style.

Send a photo and the name of a style to `/v1/stylizations`; with `Prefer: wait` the answer is the
picture, without it a job to follow. Pictures are sent as files of a form, or once to `/v1/assets`
and then named by their id. Problems are `application/problem+json` with a stable `type`.
"""
TAGS = [
    {"name": "stylizations", "description": "A photo, painted in seconds."},
    {"name": "optimizations", "description": "A painting, optimised in minutes."},
    {"name": "batches", "description": "Many photos, painted alike."},
    {"name": "sheets", "description": "One photo in styles and strengths, side by side."},
    {"name": "trainings", "description": "Models of your own styles."},
    {"name": "jobs", "description": "How far work is, and what it made."},
    {"name": "assets", "description": "Pictures by the hash of their bytes."},
    {"name": "styles", "description": "The gallery, and styles of your own paintings."},
    {"name": "ratings", "description": "How good results are, and which of two is better."},
    {"name": "offers", "description": "What the server has: models and settings."},
    {"name": "compatible", "description": "For client libraries of others."},
    {"name": "health", "description": "For machines that watch the server."},
]
REF = "#/components/schemas/{model}"
FILES = {"content", "contents", "photos", "style", "styles", "fine", "paintings"}
TOLD = {
    "summary": "What happened to a job",
    "description": "Sent to the `webhook` of a job, signed as Standard Webhooks are: headers "
    "`webhook-id`, `webhook-timestamp` and `webhook-signature`. Answer 2xx, or it comes again.",
    "operationId": "job_told",
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["type", "timestamp", "data"],
                    "properties": {
                        "type": {"type": "string", "examples": ["job.succeeded"]},
                        "timestamp": {"type": "string", "format": "date-time"},
                        "data": {"$ref": "#/components/schemas/JobAnswer"},
                    },
                }
            }
        },
    },
    "responses": {"204": {"description": "It was heard."}},
}
BINARY = {"type": "string", "format": "binary"}


def described(app: FastAPI) -> dict[str, Any]:
    """Return the description of an application; it is made once."""
    if app.openapi_schema is None:
        whole = get_openapi(
            title=app.title, version=app.version, description=app.description,
            routes=app.routes, tags=app.openapi_tags, openapi_version="3.1.0",
            license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        )  # fmt: skip
        schemas = whole["components"]["schemas"]
        schemas |= bodies()
        whole["webhooks"] = {"job": {"post": TOLD}}
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        for path in whole["paths"].values():
            for route in path.values():
                _told_truly(route)
        app.openapi_schema = whole
    return app.openapi_schema


def bodies() -> dict[str, Any]:
    """Return the schemas of all bodies by name, each also as a form, and of problems and jobs."""
    asked: list[type[BaseModel]] = [*BODIES.values(), *TRAININGS.values(), NewStyle, ImageEdit]
    models: list[Any] = [(model, "validation") for model in asked]
    models += [(model, "serialization") for model in (Problem, JobAnswer)]
    _, found = models_json_schema(models, ref_template=REF)
    schemas: dict[str, Any] = found["$defs"]
    forms = {f"{model.__name__}Form": form_of(schemas[model.__name__]) for model in asked}
    return schemas | forms


def form_of(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a form: files stand where ids of assets do in JSON."""
    properties = {name: _part(name, one) for name, one in schema["properties"].items()}
    told = "As JSON, but pictures are files; a name that comes again makes a list."
    return {
        **schema,
        "title": schema["title"] + "Form",
        "description": told,
        "properties": properties,
    }


def _part(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    words = {"description": schema["description"]} if "description" in schema else {}
    if name in ("content", "asset", "mask"):
        return BINARY | words
    if name in ("contents", "photos", "image"):
        return {"type": "array", "items": BINARY} | words
    if name in AS_JSON:
        return {"type": "string", "contentMediaType": "application/json"} | words
    if name == "style" or name in LISTS:
        return {"type": "array", "items": {"type": "string"}} | words
    return schema


def _told_truly(route: dict[str, Any]) -> None:
    """Drop FastAPI's own form of a refusal, and say that only servers with tokens need one."""
    answer = route.get("responses", {}).get("422", {})
    if "#/components/schemas/HTTPValidationError" in str(answer):
        problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
        route["responses"]["422"] = {
            "description": "A value is not allowed.",
            "content": {"application/problem+json": problem},
        }
    if route.get("security"):
        route["security"] = [*route["security"], {}]
