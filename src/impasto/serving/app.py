"""The application: routes behind guards; what every server of Impasto runs."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response

from impasto.errors import ImpastoError
from impasto.serving.guards.answers import Answers, on_error
from impasto.serving.guards.bodies import LimitBodies
from impasto.serving.guards.names import CheckNames
from impasto.serving.messages import Response as Page
from impasto.serving.parsing import invalid
from impasto.serving.problems import Problem
from impasto.serving.routes import (
    assets,
    batches,
    edits,
    health,
    jobs,
    live,
    metrics,
    offers,
    optimizations,
    rate,
    ratings,
    sheets,
    styles,
    stylizations,
    trainings,
)
from impasto.serving.schemas.description import DESCRIPTION, TAGS, described
from impasto.serving.server import Server
from impasto.serving.workers.base import Executor, Refused
from impasto.settings.server import ServerSettings
from impasto.version import __version__

MB = 1_000_000
ROUTES = (
    stylizations, optimizations, batches, sheets, trainings, jobs, assets, offers, health,
    metrics, styles, ratings, rate, live, edits,
)  # fmt: skip
STATUSES = {404: "not-found", 405: "method-not-allowed", 406: "not-acceptable"}


def create_app(
    settings: ServerSettings,
    *,
    pages: Mapping[str, Page] | None = None,
    executor: Executor | None = None,
) -> FastAPI:
    """Return the application; its parts are opened when it starts, and ended when it ends.

    Args:
        pages: files of pages by their path, which everybody may have.
        executor: what runs jobs; by default processes of this machine.
    """

    @contextlib.asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        async with Server.open(settings, executor) as server:
            app.state.server = server
            yield

    app = FastAPI(
        title="Impasto", version=__version__, description=DESCRIPTION, openapi_tags=TAGS,
        docs_url=None, redoc_url=None, lifespan=living,
        generate_unique_id_function=lambda route: route.name,
    )  # fmt: skip
    for module in ROUTES:
        app.include_router(module.router)
    for path, page in (pages or {}).items():
        app.add_route(path, _page(page), ["GET", "HEAD"], include_in_schema=False)
    for kind in (Problem, ImpastoError, Refused):
        app.add_exception_handler(kind, on_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    _guard(app, settings)
    app.openapi = lambda: described(app)  # type: ignore[method-assign]
    return app


def _guard(app: FastAPI, settings: ServerSettings) -> None:
    """Put the guards around the routes; the last is the outermost."""
    app.add_middleware(LimitBodies, most=settings.max_body * MB)
    if settings.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=[origin.rstrip("/") for origin in settings.origins],
            allow_methods=["GET", "POST", "PUT", "DELETE"],
            allow_headers=[
                "Authorization",
                "Content-Type",
                "Prefer",
                "Idempotency-Key",
                "Last-Event-ID",
            ],
            expose_headers=["Location", "Impasto-Job", "Link", "Retry-After", "RateLimit"],
        )
    names: dict[str, Any] = {"hosts": settings.hosts, "origins": settings.origins}
    app.add_middleware(CheckNames, host=settings.host, **names)
    app.add_middleware(Answers)


def _page(page: Page) -> Any:
    async def answer(request: Request) -> Response:
        headers = {"Cache-Control": "no-cache"}
        return Response(page.body, page.status, headers, media_type=page.kind)

    return answer


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return await on_error(request, invalid(list(error.errors())))


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    name = STATUSES.get(error.status_code, "bad-request")
    return await on_error(request, Problem(name, headers=error.headers))
