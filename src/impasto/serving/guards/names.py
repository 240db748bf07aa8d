"""Which names this server answers to, and which pages may send it requests."""

from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from impasto.serving.local import LOOPBACK, OPEN_TO_ALL
from impasto.serving.problems import Problem

SAFE = ("GET", "HEAD", "OPTIONS")
PROBES = ("/healthz", "/readyz")  # asked by machines, at whatever name
# Asked by Prometheus at the addresses of pods. A web page can make up names of this machine, but no
# address, so answering to any address tells foreign pages nothing.
FIGURES = "/metrics"


class CheckNames:
    """Refuses foreign names in ``Host``, as made-up ones of this machine are, and foreign pages.

    Args:
        host: the address that the server listens on; one that is open to all has any name, unless
            there are `hosts`.
        hosts: names that the server goes by.
        origins: other web pages that may use it, as ``https://example.org``.
    """

    def __init__(
        self, app: ASGIApp, host: str, hosts: Collection[str], origins: Collection[str]
    ) -> None:
        self._app, self._origins = app, {one.rstrip("/") for one in origins}
        self._any = host in OPEN_TO_ALL and not hosts
        self._hosts = {*LOOPBACK, host, *(name.lower() for name in hosts)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on whose names are right."""
        if scope["type"] in ("http", "websocket"):
            headers = Headers(scope=scope)
            host = headers.get("host", "")
            if not self._known(_name(host), scope["path"]):
                raise Problem("wrong-host", "Name this server with --hosts, or use its address.")
            unsafe = scope["type"] == "websocket" or scope["method"] not in SAFE
            if unsafe and not self._own(headers.get("origin"), host):
                raise Problem("foreign-origin")
        await self._app(scope, receive, send)

    def _known(self, name: str, path: str) -> bool:
        """Tell whether the server goes by this name, or need not where it is asked for the path."""
        if self._any or path in PROBES or name in self._hosts:
            return True
        return path == FIGURES and _is_address(name)

    def _own(self, origin: str | None, host: str) -> bool:
        """Tell whether the page that asks is this server's own; programs send no origin."""
        own = (None, f"http://{host}", f"https://{host}")  # a proxy may have ended TLS
        return origin in own or origin in self._origins


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        return bool(ip_address(name))
    except ValueError:
        return False
