import asyncio
from ipaddress import ip_address

import pytest
from tests.serving.outside import NAME, Place, http, outside

from impasto.errors import UsageError
from impasto.serving.addresses import Address, is_public
from impasto.serving.fetch import Outside
from impasto.serving.problems import Problem

PICTURE = b"picture" * 1000


async def fetched(door: Outside, url: str) -> bytes:
    async with door.get(url) as pieces:
        return b"".join([piece async for piece in pieces])


def refused(door: Outside, url: str) -> str:
    with pytest.raises(Problem) as caught:
        asyncio.run(fetched(door, url))
    return caught.value.detail


def test_bytes_come_from_the_address_that_was_checked() -> None:
    async def story() -> None:
        async with outside(http(200, PICTURE)) as place:
            seen: list[Address] = []

            def allowed(address: Address) -> bool:
                seen.append(address)
                return True

            door = place.door(allowed)
            assert await fetched(door, place.url("/a.png?size=2")) == PICTURE
            assert seen == [ip_address("127.0.0.1")]
            head = place.asked[0].decode()
            assert head.startswith("GET /a.png?size=2 HTTP/1.1\r\n")
            assert f"Host: {NAME}:{place.port}\r\n" in head
            assert "authorization" not in head.lower() and "cookie" not in head.lower()

    asyncio.run(story())


def test_one_address_that_is_not_public_condemns_a_name() -> None:
    async def story() -> None:
        async with outside(http(200, PICTURE)) as place:
            door = place.door(lambda address: address.is_loopback, ("127.0.0.1", "1.1.1.1"))
            with pytest.raises(Problem, match="open internet"):
                await fetched(door, place.url())
            assert not place.asked

    asyncio.run(story())


@pytest.mark.parametrize("url", ["https://127.0.0.1:8443/", "https://[::1]:8443/"])
def test_this_machine_is_not_outside(url: str) -> None:
    assert "open internet" in refused(Outside(), url)


def test_a_name_is_resolved_once() -> None:
    """A second answer of the name server, to another address, is never asked for."""
    answers: list[list[Address]] = [[ip_address("127.0.0.1")], [ip_address("10.0.0.1")]]

    async def story() -> None:
        async with outside(http(200, PICTURE)) as place:

            async def resolve(host: str, port: int) -> list[Address]:
                return answers.pop(0)

            assert await fetched(place.door(resolve=resolve), place.url()) == PICTURE
            assert len(answers) == 1

    asyncio.run(story())


def test_a_certificate_of_another_name_is_not_believed() -> None:
    async def story() -> None:
        async with outside(http(200, PICTURE)) as place:
            with pytest.raises(Problem, match="not safely"):
                await fetched(place.door(), place.url().replace(NAME, "other.example.org"))

    asyncio.run(story())


async def redirected(place: Place, door: Outside | None = None) -> bytes:
    return await fetched(door or place.door(), place.url())


def test_a_redirect_is_followed() -> None:
    async def story() -> None:
        async with outside(http(302, location="/b.png"), http(200, PICTURE)) as place:
            assert await redirected(place) == PICTURE
            assert place.asked[1].startswith(b"GET /b.png ")

    asyncio.run(story())


@pytest.mark.parametrize(
    "location",
    ["http://pictures.example.org/", "//a.org/", "file:///etc/passwd", "https://a@b.org/", ""],
)
def test_a_redirect_to_what_is_no_https_address_is_refused(location: str) -> None:
    async def story() -> None:
        async with outside(http(302, location=location), http(200, PICTURE)) as place:
            with pytest.raises(UsageError):
                await redirected(place)
            assert len(place.asked) == 1

    asyncio.run(story())


def test_the_address_behind_a_redirect_is_checked_again() -> None:
    async def story() -> None:
        inside = "https://169.254.169.254/latest/meta-data"
        async with outside(http(302, location=inside), http(200, PICTURE)) as place:

            async def resolve(host: str, port: int) -> list[Address]:
                return [ip_address(host if host[0].isdigit() else "127.0.0.1")]

            def allowed(address: Address) -> bool:
                return address.is_loopback or is_public(address)

            door = place.door(allowed, resolve=resolve)
            with pytest.raises(Problem, match="open internet"):
                await redirected(place, door)
            assert len(place.asked) == 1

    asyncio.run(story())


def test_redirects_end() -> None:
    async def story() -> None:
        async with outside(http(301, location="/again")) as place:
            with pytest.raises(Problem, match="too often"):
                await redirected(place)
            assert len(place.asked) == 4

    asyncio.run(story())


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (http(404), "It answers 404"),
        (http(200, PICTURE, content_encoding="gzip"), "compressed"),
        (b"SSH-2.0-OpenSSH_9\r\n", "broke off"),
        (b"HTTP/1.1 200 x\r\nX: " + b"a" * 100_000, "broke off"),
        (http(200, PICTURE)[:-1], "broke off"),
        (b"", "broke off"),
    ],
)
def test_other_answers_are_told(answer: bytes, words: str) -> None:
    async def story() -> None:
        async with outside(answer) as place:
            with pytest.raises(Problem) as caught:
                await fetched(place.door(), place.url())
            assert words in caught.value.detail

    asyncio.run(story())


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 x\r\n", http(200, PICTURE)[:-1]])
def test_who_is_too_slow_is_left(answer: bytes) -> None:
    async def story() -> None:
        async with outside(answer, hold=True) as place:
            with pytest.raises(Problem, match="too long"):
                await fetched(place.door(time_limit=0.3), place.url())

    asyncio.run(story())


def test_the_caller_takes_as_much_as_it_wants() -> None:
    async def story() -> None:
        async with outside(http(200, bytes(10_000_000))) as place:
            taken = 0
            async with place.door().get(place.url()) as pieces:
                async for piece in pieces:
                    taken += len(piece)
                    break
            assert 0 < taken < 1_000_000

    asyncio.run(story())


def test_bytes_are_sent() -> None:
    async def story() -> None:
        async with outside(http(302, location="/b"), http(204)) as place:
            assert await place.door().post(place.url("/hook"), b'{"a": 1}', {"X-A": "b"}) == 302
            head, _, body = place.asked[0].partition(b"\r\n\r\n")
            assert head.startswith(b"POST /hook ") and b"X-A: b" in head and body == b'{"a": 1}'
            assert len(place.asked) == 1  # a redirect is not followed

    asyncio.run(story())
