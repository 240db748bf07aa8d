"""A small server for a page on one's own machine: the standard library's, with its doors locked."""

import hmac
import ipaddress
import json
import logging
import socket
import socketserver
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit

from impasto.errors import UsageError
from impasto.serving.messages import Request, Response, problem

LARGEST_BODY = 16_384  # bytes
SHORTEST_TOKEN = 12  # characters
OPEN_TO_ALL = ("0.0.0.0", "::")  # listen everywhere
LOOPBACK = ("127.0.0.1", "localhost", "::1")
# Browsers let no other site send this header, or JSON, unless the server agrees; this one does not.
OWN_HEADER = ("X-Impasto", "page")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
logger = logging.getLogger("impasto.serving")


class Refused(Exception):
    """A request that is not answered."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.response = problem(status, words)


class LocalServer(ThreadingHTTPServer):
    """Serves routes on an address; only this machine's own unless there is a token.

    Args:
        token: what clients must send as ``Authorization: Bearer TOKEN`` for pictures and answers.

    Raises UsageError where the address is open to others and there is no token, or is taken.
    """

    daemon_threads = True

    def __init__(
        self, routes: Callable[[Request], Response], host: str, port: int, token: str | None = None
    ) -> None:
        if token is not None and len(token) < SHORTEST_TOKEN:
            raise UsageError(f"A token has at least {SHORTEST_TOKEN} characters.")
        if token is None and not is_loopback(host):
            raise UsageError(
                f"On {host} other machines can reach the page. Give a secret that they must know: "
                "--token TEXT; or leave out --host."
            )
        self.routes, self.token, self.host = routes, token, host
        if ":" in host:
            self.address_family = socket.AF_INET6
        try:
            super().__init__((host, port), Handler)
        except OSError as error:
            raise UsageError(
                f"Cannot listen on {host}, port {port}: {error.strerror or error}. Choose another "
                "port: --port 0 takes any that is free."
            ) from error

    def server_bind(self) -> None:
        """Bind without looking the name of this machine up, which can take long."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.host, self.server_address[1]

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet about clients that went away."""
        logger.debug("a client went away", exc_info=True)

    @property
    def url(self) -> str:
        """Where the page is; the token stands behind #, which browsers do not send."""
        host = "127.0.0.1" if self.host in OPEN_TO_ALL else self.host
        host = f"[{host}]" if ":" in host else host
        return f"http://{host}:{self.server_port}/" + (f"#token={self.token}" if self.token else "")


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach an address.

    >>> is_loopback("127.0.0.1"), is_loopback("0.0.0.0")
    (True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Handler(BaseHTTPRequestHandler):
    """Checks a request before anything is done, and answers in JSON also when it is refused."""

    server: LocalServer
    protocol_version = "HTTP/1.1"
    timeout = 20  # seconds for a slow client
    server_version, sys_version = "impasto", ""

    def do_GET(self) -> None:
        """Answer."""
        self._answer()

    def do_POST(self) -> None:
        """Answer."""
        self._answer()

    def do_DELETE(self) -> None:
        """Answer."""
        self._answer()

    def _answer(self) -> None:
        try:
            response = self.server.routes(self._request())
        except Refused as refused:
            self.close_connection = True  # its body was not read
            response = refused.response
        except ConnectionError:
            raise  # nobody is there to be answered
        except Exception:
            logger.exception("%s %s", self.command, self.path)
            response = problem(500, "Something went wrong here. The terminal says more.")
        self._send(response)

    def _request(self) -> Request:
        self._check_host()
        parts, query = self._address()
        if parts.path.startswith(("/api/", "/pictures/")):
            self._check_token()
        body: dict[str, Any] = {}
        if self.command != "GET":
            self._check_own_page()
        if self.command == "POST":
            body = self._body()
        elif self.headers.get("Content-Length", "0") != "0" or self.headers["Transfer-Encoding"]:
            raise Refused(400, "No body is expected here.")
        return Request(self.command, parts.path, query, body)

    def _address(self) -> tuple[SplitResult, dict[str, str]]:
        try:
            parts = urlsplit(self.path)
            query = dict(reversed(parse_qsl(parts.query, max_num_fields=8)))
        except ValueError as error:
            raise Refused(400, "That is no address.") from error
        # Another spelling of a path that needs the token must not be taken for one without.
        if not parts.path.startswith("/") or "//" in parts.path:
            raise Refused(400, "That is no address.")
        return parts, query

    def _check_host(self) -> None:
        """Refuse other names for this machine, which a foreign site may have made up."""
        try:
            name = urlsplit(f"//{self.headers.get('Host', '')}").hostname
        except ValueError:
            name = None
        if self.server.host not in OPEN_TO_ALL and name not in (*LOOPBACK, self.server.host):
            raise Refused(421, "This server does not go by that name.")

    def _check_token(self) -> None:
        sent = self.headers.get("Authorization", "").encode("utf-8", "replace")
        wanted = f"Bearer {self.server.token}".encode()
        if self.server.token is not None and not hmac.compare_digest(sent, wanted):
            raise Refused(401, "Open the page by the whole link, with the token.")

    def _check_own_page(self) -> None:
        name, value = OWN_HEADER
        origin = self.headers.get("Origin")
        own = (None, f"http://{self.headers.get('Host')}", f"https://{self.headers.get('Host')}")
        if self.headers.get(name) != value or origin not in own:
            raise Refused(403, "Only the page itself may do this.")

    def _body(self) -> dict[str, Any]:
        if self.headers.get_content_type() != "application/json":
            raise Refused(415, "Send JSON.")
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or self.headers["Transfer-Encoding"]:
            raise Refused(411, "Say how long the body is.")
        if len(length) > 9 or int(length) > LARGEST_BODY:
            raise Refused(413, f"A body has at most {LARGEST_BODY} bytes.")
        try:
            body = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError) as error:
            raise Refused(400, "The body is not JSON.") from error
        if not isinstance(body, dict):
            raise Refused(400, "The body must be a JSON object.")
        return body

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", response.kind)
        self.send_header("Content-Length", str(len(response.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(response.body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what is no request at all; nothing that came is sent back."""
        self.close_connection = True
        self._send(problem(code, "This request is not understood."))

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the terminal quiet."""
        logger.debug(format, *args)
