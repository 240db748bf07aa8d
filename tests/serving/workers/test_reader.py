"""Uploads are judged by their headers, in a process that may be lost."""

import asyncio
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from impasto.errors import ImpastoError, NotAPicture, PictureError, PictureTooLarge
from impasto.serving.workers.base import Refused
from impasto.serving.workers.process import Process
from impasto.serving.workers.reader import LIMIT_S, LIMITS, SCAN, inspect

MOST = 50_000_000


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "avif", "tiff", "bmp", "gif"])
def test_every_format_that_is_read(kind: str, tmp_path: Path) -> None:
    place = tmp_path / "a"
    Image.new("RGB", (64, 32), "navy").save(place, kind)
    assert inspect(place, MOST) == {"media_type": f"image/{kind}", "width": 64, "height": 32}


def test_sides_are_those_of_the_upright_picture(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[274] = 6
    Image.new("RGB", (64, 32)).save(tmp_path / "a.jpg", exif=exif)
    found = inspect(tmp_path / "a.jpg", MOST)
    assert (found["width"], found["height"]) == (32, 64)
    floats = np.zeros((32, 64, 3), np.float32)
    turned = [(274, "H", 1, 6, True)]
    tifffile.imwrite(tmp_path / "a.tif", floats, photometric="rgb", extratags=turned)
    found = inspect(tmp_path / "a.tif", MOST)
    assert (found["width"], found["height"]) == (32, 64)


@pytest.mark.parametrize(
    ("size", "kind"),
    [
        ((1, 1), PictureError),
        ((7, 100), PictureError),
        ((8, 600), PictureError),
        ((16_385, 300), PictureTooLarge),
        ((1100, 1000), PictureTooLarge),
    ],
)
def test_sides_that_are_not_painted(
    size: tuple[int, int], kind: type[ImpastoError], tmp_path: Path
) -> None:
    Image.new("1", size).save(tmp_path / "a.png")
    with pytest.raises(kind, match="pixels"):
        inspect(tmp_path / "a.png", 1_000_000)


def test_a_header_that_lies_costs_nothing(tmp_path: Path) -> None:
    head = b"IHDR" + struct.pack(">IIBBBBB", 65_535, 65_535, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    place = tmp_path / "bomb.png"
    place.write_bytes(data + struct.pack(">I", 0) + b"IDAT" + b"\0\0\0\0")
    with pytest.raises(PictureTooLarge):
        inspect(place, MOST)


def test_very_many_pictures_in_a_file_are_refused(tmp_path: Path) -> None:
    frames = [Image.new("L", (16, 16), number % 200) for number in range(600)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    with pytest.raises(PictureError, match="512 pictures"):
        inspect(tmp_path / "a.gif", MOST)
    frames[0].save(tmp_path / "b.gif", save_all=True, append_images=frames[1:20])
    assert inspect(tmp_path / "b.gif", MOST)["width"] == 16


def test_a_jpeg_that_is_gone_over_for_ever_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "a.jpg"
    Image.new("RGB", (64, 64), "gold").save(place, progressive=True)
    inspect(place, MOST)
    place.write_bytes(place.read_bytes().replace(SCAN, SCAN * 200, 1))
    with pytest.raises(PictureError):
        inspect(place, MOST)


@pytest.mark.parametrize("data", [b"<svg></svg>" * 9, b"%PDF-1.7" * 9, b"%!PS-Adobe" * 9, b""])
def test_other_files_are_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(data)
    with pytest.raises(NotAPicture):
        inspect(tmp_path / "a.jpg", MOST)


def test_the_process_answers_and_refuses(tmp_path: Path) -> None:
    Image.new("RGB", (64, 32)).save(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes((tmp_path / "a.png").read_bytes()[:40])

    async def whole() -> None:
        process = await Process.start("read", LIMITS, {"max_pixels": MOST})
        try:
            ask = {"path": str(tmp_path / "a.png")}
            answer, _ = await process.call("inspect", ask, limit_s=LIMIT_S)
            assert answer["media_type"] == "image/png"
            with pytest.raises(Refused) as refused:
                await process.call("inspect", {"path": str(tmp_path / "b.png")}, limit_s=LIMIT_S)
            assert refused.value.problem["status"] in (413, 415, 422)
            assert str(tmp_path) not in str(refused.value.problem)
        finally:
            await process.stop()

    asyncio.run(whole())
