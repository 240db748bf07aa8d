"""Ten thousand damaged pictures: each gets a picture or a problem, and the server stays."""

import io
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from starlette.testclient import TestClient
from tests.serving.promises.bombs import ODD, gif_of, noise, png, progressive, saved, tiff
from tests.serving.real import Real, started

MANY, CLIENTS = 10_000, 4
# What a file can do to the process that reads it; the next one takes its place.
CONTAINED = {"worker-lost", "out-of-memory", "out-of-time"}
EXTREMES = (
    b"\0", b"\xff", b"\x7f", b"\x80", b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff",
    b"\0\0\0\x01", b"\x01\0\0\0", b"\xff\xff\xff\x7f", b"\xff\xd8", b"IEND", b"\xff\xda",
)  # fmt: skip


def corpus() -> list[bytes]:
    """Small files of every format that is read, plain and odd."""
    image, grey = noise(), noise().convert("L")
    return [
        *ODD.values(),
        *(saved(image, kind) for kind in ("JPEG", "PNG", "WEBP", "AVIF", "TIFF", "GIF", "BMP")),
        saved(image, "WEBP", lossless=True),
        saved(image, "WEBP", save_all=True, append_images=[noise(48, 64), noise(48, 64)]),
        saved(image, "TIFF", compression="tiff_deflate"),
        saved(image, "TIFF", compression="packbits"),
        saved(grey, "TIFF", big_tiff=True),
        saved(grey.convert("1"), "TIFF", compression="group4"),
        saved(grey, "JPEG", progressive=True),
        saved(image, "JPEG", subsampling=0, restart_marker_blocks=1),
        png(64, 48), tiff(64, 48, bytes(99)), gif_of(3), progressive(640, 480),
    ]  # fmt: skip


FILES = corpus()


def mutated(number: int) -> bytes:
    """The damaged file of a number, always the same."""
    draw = random.Random(number)
    data = bytearray(draw.choice(FILES))
    for _ in range(draw.choice((1, 1, 2, 4, 16, 64))):
        change = draw.choice(CHANGES)
        if len(data) > 40:
            # Headers are short, and most of the trouble is in them.
            at = draw.randrange(2, min(len(data), draw.choice((64, 600, 1 << 30))))
            change(data, at, draw)
    return bytes(data)


def flip(data: bytearray, at: int, draw: random.Random) -> None:
    data[at] ^= 1 << draw.randrange(8)


def overwrite(data: bytearray, at: int, draw: random.Random) -> None:
    piece = draw.choice(EXTREMES)
    data[at : at + len(piece)] = piece


def insert(data: bytearray, at: int, draw: random.Random) -> None:
    data[at:at] = draw.randbytes(draw.randrange(1, 40))


def remove(data: bytearray, at: int, draw: random.Random) -> None:
    del data[at : at + draw.randrange(1, 40)]


def repeat(data: bytearray, at: int, draw: random.Random) -> None:
    data[at:at] = data[at : at + draw.randrange(1, 400)] * draw.randrange(1, 20)


def cut(data: bytearray, at: int, draw: random.Random) -> None:
    del data[max(at, 33) :]


def splice(data: bytearray, at: int, draw: random.Random) -> None:
    data[at:] = draw.choice(FILES)[at:]


CHANGES: tuple[Callable[[bytearray, int, random.Random], None], ...] = (
    flip, flip, flip, overwrite, overwrite, insert, remove, repeat, cut, splice,
)  # fmt: skip


def told(response: Any, number: int) -> str:
    """The kind of an answer, which is a picture or a problem of the file's own making."""
    if response.status_code == 200:
        Image.open(io.BytesIO(response.content)).load()
        return "painted"
    assert response.headers["Content-Type"] == "application/problem+json", number
    kind = str(response.json()["type"].rpartition("/")[2])
    assert response.status_code in (413, 415, 422) or kind in CONTAINED, (number, response.text)
    return kind


def ask(client: Any, data: bytes) -> Any:
    form = {"files": {"content": data}, "data": {"style": "great-wave"}}
    return client.post("/v1/stylizations", headers={"Prefer": "wait=120"}, **form)


def test_some_damaged_pictures(shared: TestClient) -> None:
    kinds = Counter(told(ask(shared, mutated(n)), n) for n in range(40))
    assert 0 < kinds["painted"] < 40


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory, own_folders: None) -> Iterator[Real]:
    folder = tmp_path_factory.mktemp("lasting") / "server"
    with started(folder, "--workers", "1", "--threads", "1", "--keep", "0.05") as server:
        yield server


@pytest.mark.soak
def test_ten_thousand_damaged_pictures(
    lasting: Real, photo: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    kinds, lock = Counter[str](), threading.Lock()

    def work(first: int) -> None:
        with lasting.client() as client:
            for number in range(first, MANY, CLIENTS):
                # One that hangs ends by the client's time limit.
                kind = told(ask(client, mutated(number)), number)
                with lock:
                    kinds[kind] += 1

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(work, range(CLIENTS)))
    with lasting.client() as client:
        assert client.get("/readyz").status_code == 200
        assert ask(client, photo).status_code == 200
    left = sum(1 for path in Path(lasting.folder / "arriving").iterdir())
    with capsys.disabled():
        print(f"\n{MANY} damaged pictures:", dict(kinds.most_common()))  # noqa: T201
    assert kinds.total() == MANY and left == 0
