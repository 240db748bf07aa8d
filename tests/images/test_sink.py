"""A picture is written whole or not at all, and never over another one unasked."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pytest

from impasto.errors import OutputError, OutputExists
from impasto.images import rows as rows_module
from impasto.images.formats import BY_SUFFIX
from impasto.images.samples import Samples, to_depth
from impasto.images.sink import create_picture
from impasto.images.source import open_picture
from impasto.images.window import Strip, whole

DEEP = [suffix for suffix, kind in BY_SUFFIX.items() if kind.deep]


def picture(height: int = 24, width: int = 36) -> Samples:
    """Return a smooth picture, which every format can keep."""
    rows, columns = np.mgrid[:height, :width]
    return np.dstack([rows * 6, columns * 4, 200 - rows * 3]).astype(np.uint8)


def write(
    place: Path | BinaryIO, pixels: Samples, alpha: Samples | None = None, **options: Any
) -> None:
    """Write a picture in one strip."""
    height, width = pixels.shape[:2]
    sink = create_picture(place, height, width, alpha=alpha is not None, **options)
    sink.write([Strip(pixels, alpha)])


@pytest.mark.parametrize("suffix", [*BY_SUFFIX, ".PNG"])
@pytest.mark.parametrize("depth", [8, 16])
def test_what_is_written_is_read_again(tmp_path: Path, suffix: str, depth: int) -> None:
    write(tmp_path / f"out{suffix}", to_depth(picture(), depth), depth=depth)
    result = open_picture(tmp_path / f"out{suffix}").read(whole(24, 36))
    assert np.abs(to_depth(result, 8).astype(int) - picture()).mean() < 6
    assert os.listdir(tmp_path) == [f"out{suffix}"]


@pytest.mark.parametrize("suffix", BY_SUFFIX)
def test_strips_of_any_height_and_depth_make_the_picture(tmp_path: Path, suffix: str) -> None:
    def strips() -> Iterator[Strip]:
        memory = np.empty((36, 36, 3), np.uint8)  # used again for every strip
        for top, rows in ((0, 1), (1, 0), (1, 10)):
            memory[:rows] = picture()[top : top + rows]
            yield Strip(memory[:rows])
        yield Strip(to_depth(picture()[11:], 16))

    write(tmp_path / f"one{suffix}", picture())
    create_picture(tmp_path / f"two{suffix}", 24, 36).write(strips())
    assert (tmp_path / f"one{suffix}").read_bytes() == (tmp_path / f"two{suffix}").read_bytes()


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_memory_may_be_used_again_while_blocks_wait_for_a_thread(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def strips() -> Iterator[Strip]:
        memory = np.empty((512, 1024, 3), np.uint8)
        for value in range(4):
            memory[:] = value
            yield Strip(memory)

    monkeypatch.setattr(rows_module, "BLOCK", 1 << 18)  # so a strip is several blocks
    create_picture(tmp_path / f"out{suffix}", 2048, 1024).write(strips())
    result = open_picture(tmp_path / f"out{suffix}").read(whole(2048, 1024))
    np.testing.assert_array_equal(result[:, 0, 0], np.repeat(np.arange(4), 512))
    assert (result == result[:, :1, :1]).all()


@pytest.mark.parametrize("suffix", BY_SUFFIX)
@pytest.mark.parametrize("depth", [8, 16])
def test_strips_may_lie_in_memory_in_any_order(tmp_path: Path, suffix: str, depth: int) -> None:
    planes = to_depth(picture(), depth)
    alpha = planes[..., 0]
    turned = (np.asfortranarray(planes), planes[:, ::-1].copy()[:, ::-1])
    write(tmp_path / f"0{suffix}", planes, alpha, depth=depth)
    for number, same in enumerate(turned, 1):
        write(tmp_path / f"{number}{suffix}", same, np.asfortranarray(alpha), depth=depth)
        one, other = ((tmp_path / f"{n}{suffix}").read_bytes() for n in (0, number))
        assert one == other


@pytest.mark.parametrize("suffix", [".png", ".webp", ".tif"])
@pytest.mark.parametrize("depth", [8, 16])
def test_color_and_alpha_come_back_exactly(tmp_path: Path, suffix: str, depth: int) -> None:
    random = np.random.default_rng(0)
    kind = np.uint8 if depth == 8 or suffix not in DEEP else np.uint16
    values = random.integers(1, np.iinfo(kind).max, (24, 36, 4), kind, endpoint=True)
    path = tmp_path / f"out{suffix}"
    write(path, values[..., :3], values[..., 3], depth=depth, quality=100)
    source = open_picture(path)
    np.testing.assert_array_equal(source.read(whole(24, 36)), values[..., :3])
    np.testing.assert_array_equal(source.alpha(whole(24, 36)), values[..., 3])


def test_avif_keeps_alpha_closely(tmp_path: Path) -> None:
    alpha = np.linspace(0, 255, 24 * 36).reshape(24, 36).astype(np.uint8)
    write(tmp_path / "out.avif", picture(), alpha)
    result = open_picture(tmp_path / "out.avif").alpha(whole(24, 36))
    assert result is not None and np.abs(result.astype(int) - alpha).max() <= 2


@pytest.mark.parametrize("suffix", [".jpg", ".bmp"])
@pytest.mark.parametrize(("blend", "grey"), [("gamma", 128), ("linear", 188)])
def test_alpha_is_laid_on_white_where_there_is_none(
    tmp_path: Path, suffix: str, blend: str, grey: int
) -> None:
    alpha = np.full((24, 36), 127, np.uint8)
    write(tmp_path / f"out{suffix}", 0 * picture(), alpha, blend=blend)
    source = open_picture(tmp_path / f"out{suffix}")
    assert not source.has_alpha
    assert np.abs(source.read(whole(24, 36)).astype(int) - grey).max() <= 2


def test_a_strip_without_alpha_is_opaque(tmp_path: Path) -> None:
    sink = create_picture(tmp_path / "out.png", 24, 36, alpha=True)
    sink.write([Strip(picture()[:12]), Strip(picture()[12:], np.zeros((12, 36), np.uint8))])
    result = open_picture(tmp_path / "out.png").alpha(whole(24, 36))
    assert result is not None and result[:12].min() == 255 and result[12:].max() == 0


def test_an_existing_file_needs_overwrite(tmp_path: Path) -> None:
    write(tmp_path / "out.png", picture())
    with pytest.raises(OutputExists, match="--overwrite"):
        create_picture(tmp_path / "out.png", 24, 36)
    write(tmp_path / "out.png", picture()[::-1], overwrite=True)
    result = open_picture(tmp_path / "out.png").read(whole(24, 36))
    assert np.array_equal(result, picture()[::-1])


@pytest.mark.parametrize("suffix", BY_SUFFIX)
def test_a_pipe_gets_the_same_bytes_as_a_file(tmp_path: Path, suffix: str) -> None:
    class Pipe(io.RawIOBase):
        """Takes bytes and can do nothing else."""

        received = b""

        def writable(self) -> bool:
            return True

        def write(self, data: Any) -> int:
            self.received += bytes(data)
            return len(data)

    write(tmp_path / f"out{suffix}", picture())
    pipe = Pipe()
    write(pipe, picture(), format=suffix.removeprefix("."))  # type: ignore[arg-type]
    assert pipe.received == (tmp_path / f"out{suffix}").read_bytes()


def test_a_real_pipe_carries_a_picture() -> None:
    code = """
import sys, numpy as np
from impasto.images.sink import create_picture
from impasto.images.window import Strip
sink = create_picture(sys.stdout.buffer, 300, 200, format=sys.argv[1])
sink.write([Strip(np.full((300, 200, 3), 77, np.uint8))])
"""
    for name in ("png", "jpg", "webp", "tiff"):
        done = subprocess.run([sys.executable, "-c", code, name], capture_output=True, check=True)
        assert np.abs(open_picture(done.stdout).read(whole(300, 200)).astype(int) - 77).max() <= 1


def test_an_open_file_needs_a_format_and_a_place_for_metadata(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match='format="png"'):
        create_picture(io.BytesIO(), 24, 36)
    with pytest.raises(OutputError, match=r'no format "pgn"\. Did you mean "\.png"'):
        create_picture(io.BytesIO(), 24, 36, format="pgn")
    with pytest.raises(OutputError, match="GIF has no place"):
        create_picture(io.BytesIO(), 24, 36, format="gif", metadata=b"<x/>")
    for wrong in (io.StringIO(), io.BufferedReader(io.BytesIO())):
        with pytest.raises(OutputError, match="not open for writing bytes"):
            create_picture(wrong, 24, 36, format="png")  # type: ignore[arg-type]


def test_a_format_goes_before_the_suffix(tmp_path: Path) -> None:
    write(tmp_path / "out", picture(), format="PNG")
    assert (tmp_path / "out").read_bytes().startswith(b"\x89PNG")


def test_metadata_goes_beside_where_there_is_no_place_for_it(tmp_path: Path) -> None:
    write(tmp_path / "out.bmp", picture(), metadata=b"<x/>")
    write(tmp_path / "out.png", picture(), metadata=b"<x/>")
    write(tmp_path / "big.jpg", picture(), metadata=b"<x>" + b" " * 70_000 + b"</x>")
    write(tmp_path / "out.jpg", picture(), metadata=b"<x/>")
    sidecars = sorted(path.name for path in tmp_path.glob("*.xmp"))
    assert sidecars == ["big.jpg.xmp", "out.bmp.xmp"]
    assert (tmp_path / "out.bmp.xmp").read_bytes() == b"<x/>"


def test_an_existing_sidecar_needs_overwrite(tmp_path: Path) -> None:
    (tmp_path / "out.gif.xmp").touch()
    with pytest.raises(OutputExists, match=r"out\.gif\.xmp"):
        create_picture(tmp_path / "out.gif", 24, 36, metadata=b"<x/>")
