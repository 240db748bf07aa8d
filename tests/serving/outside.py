"""Somebody else's server: https on this machine, with a certificate of its own."""

import asyncio
import datetime
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from impasto.serving.addresses import Address
from impasto.serving.fetch import Outside, Resolve

NAME = "pictures.example.org"


@cache
def contexts() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Contexts of a server that is `NAME`, and of clients that believe it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now, day = datetime.datetime.now(datetime.UTC), datetime.timedelta(days=1)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.public_key(key.public_key()).serial_number(1)
    builder = builder.not_valid_before(now - day).not_valid_after(now + day)
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), False)
    builder = builder.add_extension(x509.BasicConstraints(True, None), True)
    certificate = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "both.pem"
        path.write_bytes(certificate + secret)
        server.load_cert_chain(path)
    return server, ssl.create_default_context(cadata=certificate.decode())


@dataclass
class Place:
    """Somebody's server while it runs, what it was sent, and a door that leads there."""

    port: int
    answers: list[bytes]  # one after another; the last one again and again
    asked: list[bytes] = field(default_factory=list)

    def url(self, path: str = "/a.png") -> str:
        """An address on it."""
        return f"https://{NAME}:{self.port}{path}"

    def door(
        self,
        allowed: Callable[[Address], bool] = lambda address: True,
        addresses: tuple[str, ...] = ("127.0.0.1",),
        time_limit: float = 20,
        resolve: Resolve | None = None,
    ) -> Outside:
        """The outside, where every name is an address of this machine."""

        async def here(host: str, port: int) -> list[Address]:
            return [ip_address(text) for text in addresses]

        return Outside(resolve or here, allowed, contexts()[1], time_limit)


@asynccontextmanager
async def outside(*answers: bytes, hold: bool = False) -> AsyncIterator[Place]:
    """Run a server that gives answers as they are; with ``hold`` it never ends them."""

    async def answer(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            head = await source.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].split(b"\r")[0] or 0)
            place.asked.append(head + await source.readexactly(length))
            sink.write(place.answers.pop(0) if len(place.answers) > 1 else place.answers[0])
            await (asyncio.sleep(60) if hold else sink.drain())
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            sink.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=contexts()[0])
    place = Place(server.sockets[0].getsockname()[1], list(answers))
    try:
        yield place
    finally:
        server.close()


def http(status: int, body: bytes = b"", **headers: str) -> bytes:
    """An answer of HTTP; words in names of headers are joined with hyphens."""
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    head = "\r\n".join([f"HTTP/1.1 {status} x", f"Content-Length: {len(body)}", *lines])
    return f"{head}\r\n\r\n".encode() + body
