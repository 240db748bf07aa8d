"""Whose request it is: the bearer token of HTTP, as a dependency of routes."""

from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import HTTPConnection

from impasto.serving.guards.tokens import Grant, Tokens
from impasto.serving.problems import Problem

SCHEME = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    description="What `impasto tokens add NAME` printed; a server without tokens asks for none.",
)
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(SCHEME)]


def grant_of(connection: HTTPConnection, credentials: Credentials) -> Grant:
    """Return what a request may do; raise Problem where a token is needed and none is right."""
    tokens: Tokens = connection.app.state.server.tokens
    return granted(tokens, credentials.credentials if credentials else "")


def granted(tokens: Tokens, token: str) -> Grant:
    """Return what a token grants; nothing is needed where there are no tokens."""
    if not tokens.exist:
        return Grant("")
    grant = tokens.check(token) if token else None
    if grant is None:
        words = "This token is not known." if token else "Send the header Authorization: Bearer."
        raise Problem("unauthorized", words, headers={"WWW-Authenticate": 'Bearer realm="impasto"'})
    return grant


def owner_of(grant: Annotated[Grant, Depends(grant_of)]) -> str:
    """Return the name of the token of a request; "" where the server has no tokens."""
    return grant.name


Granted = Annotated[Grant, Depends(grant_of)]
Owner = Annotated[str, Depends(owner_of)]
