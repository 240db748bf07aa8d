"""What cannot be written, or ends early, leaves no trace, and is refused in words."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest
from tests.images.test_sink import picture, write

from impasto.errors import OutputError
from impasto.images import sink as module
from impasto.images.formats import BY_SUFFIX
from impasto.images.sink import create_picture
from impasto.images.window import Strip


@pytest.mark.parametrize("suffix", BY_SUFFIX)
@pytest.mark.parametrize("error", [RuntimeError, ValueError, KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("old", [None, b"the old picture"])
def test_an_error_in_the_middle_leaves_no_trace(
    tmp_path: Path, suffix: str, error: type[BaseException], old: bytes | None
) -> None:
    def strips() -> Iterator[Strip]:
        yield Strip(picture()[:12])
        raise error("of the painter")

    path = tmp_path / f"out{suffix}"
    if old is not None:
        path.write_bytes(old)
    with pytest.raises(error, match="of the painter"):
        create_picture(path, 24, 36, overwrite=True, metadata=b"<x/>").write(strips())
    assert os.listdir(tmp_path) == ([] if old is None else [path.name])
    assert old is None or path.read_bytes() == old


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), ValueError("0xbad"), KeyboardInterrupt()]
)
def test_an_error_while_encoding_leaves_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def fail(file: BinaryIO, *_: object) -> None:
        file.write(b"half a picture")
        raise error

    monkeypatch.setattr(module, "encode", fail)
    (tmp_path / "out.png").write_bytes(b"the old picture")
    with pytest.raises((OutputError, KeyboardInterrupt)) as caught:
        write(tmp_path / "out.png", picture(), overwrite=True)
    assert "0xbad" not in str(caught.value)
    assert os.listdir(tmp_path) == ["out.png"]
    assert (tmp_path / "out.png").read_bytes() == b"the old picture"


FULL_DISK = """
import os, resource, signal, sys
import numpy as np
from impasto.errors import OutputError
from impasto.images.sink import create_picture
from impasto.images.window import Strip
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, resource.RLIM_INFINITY))
strip = Strip(np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8))
for path in sys.argv[1:]:
    try:
        create_picture(path, 256, 64, overwrite=True, metadata=b"<x/>").write([strip] * 4)
    except OutputError as error:
        assert "too large" in str(error).lower(), error
    else:
        raise SystemExit(f"{path} was written")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no limits on files")
def test_a_full_disk_leaves_no_trace(tmp_path: Path) -> None:
    names = sorted(f"out{suffix}" for suffix in BY_SUFFIX)
    for name in names:
        (tmp_path / name).write_bytes(b"the old picture")
    paths = [str(tmp_path / name) for name in names]
    done = subprocess.run([sys.executable, "-c", FULL_DISK, *paths], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert sorted(os.listdir(tmp_path)) == names
    assert all((tmp_path / name).read_bytes() == b"the old picture" for name in names)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no device that is full")
@pytest.mark.parametrize("suffix", BY_SUFFIX)
def test_a_full_device_is_named(suffix: str) -> None:
    file = open("/dev/full", "wb")  # noqa: SIM115
    with pytest.raises(OutputError, match=r'"/dev/full" cannot be written: No space left'):
        write(file, picture(), format=suffix)
    with pytest.raises(OSError, match="No space left"):
        file.close()


@pytest.mark.parametrize(("rows", "words"), [(12, "Only 12 of the 24 rows"), (25, "More than")])
@pytest.mark.parametrize("suffix", BY_SUFFIX)
def test_too_few_or_too_many_rows_are_refused(
    tmp_path: Path, suffix: str, rows: int, words: str
) -> None:
    with pytest.raises(OutputError, match=words):
        create_picture(tmp_path / f"out{suffix}", 24, 36).write([Strip(picture(rows))])
    assert os.listdir(tmp_path) == []


def test_floats_and_wrong_shapes_are_refused(tmp_path: Path) -> None:
    sink = create_picture(tmp_path / "out.png", 24, 36)
    alpha = np.zeros((24, 36), np.uint8)
    for strip in (
        Strip(picture() / 255),  # type: ignore[arg-type]
        Strip(picture()[..., :1]),
        Strip(picture(24, 35)),
        Strip(picture(), alpha[:, 1:]),
        Strip(picture(), alpha[1:]),
    ):
        with pytest.raises(OutputError, match="strip"):
            sink.write([strip])
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("out.jpgg", 'Did you mean ".jpg"'),
        ("out.heic", ".jpg .jpeg .png .webp .avif .tif .tiff .bmp .gif"),
        ("out", "no suffix"),
        ("missing/out.png", "mkdir -p"),
        ("folder.png", "is a folder"),
        ("x" * 300 + ".png", "cannot be written: File name too long"),
        ("a\0b.png", "not valid"),
    ],
)
def test_bad_places_are_refused_before_any_work(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(OutputError, match=words):
        create_picture(tmp_path / name, 24, 36)
    assert os.listdir(tmp_path) == ["folder.png"]


def test_a_folder_that_cannot_be_written_is_refused_before_any_work() -> None:
    with pytest.raises(OutputError, match=r"cannot be written|no folder"):
        create_picture("/proc/out.png", 24, 36)


def test_a_side_too_long_for_the_format() -> None:
    with pytest.raises(OutputError, match=r"WEBP holds 1 to 16,383 .* PNG or TIFF"):
        create_picture("out.webp", 10, 20_000)


def test_quality_and_depth_have_a_range() -> None:
    with pytest.raises(OutputError, match="quality 0"):
        create_picture("out.jpg", 10, 10, quality=0)
    with pytest.raises(OutputError, match="depth 12"):
        create_picture("out.png", 10, 10, depth=12)
