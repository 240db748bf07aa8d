"""A picture is written whole or not at all, and never over another one unasked."""

import os
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from impasto.errors import OutputError, OutputExists
from impasto.images import sink as module
from impasto.images.formats import BY_SUFFIX
from impasto.images.sink import create_picture
from impasto.images.source import open_picture
from impasto.images.window import Window, whole

Bytes = npt.NDArray[np.uint8]


def picture(height: int = 24, width: int = 36) -> Bytes:
    """Return a smooth picture, which every format can keep."""
    rows, columns = np.mgrid[:height, :width]
    return np.dstack([rows * 6, columns * 4, 200 - rows * 3]).astype(np.uint8)


def write(path: Path, pixels: Bytes, alpha: Bytes | None = None, **options: object) -> None:
    """Write a picture in one window."""
    height, width = pixels.shape[:2]
    with create_picture(path, height, width, alpha=alpha is not None, **options) as sink:  # type: ignore[arg-type]
        sink.write(whole(height, width), pixels, alpha)


@pytest.mark.parametrize("suffix", [*BY_SUFFIX, ".PNG"])
def test_what_is_written_is_read_again(tmp_path: Path, suffix: str) -> None:
    write(tmp_path / f"out{suffix}", picture())
    result = open_picture(tmp_path / f"out{suffix}").read(whole(24, 36)).astype(int)
    assert np.abs(result - picture()).mean() < 6
    assert os.listdir(tmp_path) == [f"out{suffix}"]


def test_windows_in_any_order_make_the_picture(tmp_path: Path) -> None:
    pixels = picture()
    windows = [Window(t, ltr, 12, 12) for t in (12, 0) for ltr in (24, 0, 12)]
    with create_picture(tmp_path / "out.png", 24, 36) as sink:
        for window in windows:
            sink.write(window, pixels[window.slices])
    assert np.array_equal(open_picture(tmp_path / "out.png").read(whole(24, 36)), pixels)


@pytest.mark.parametrize("suffix", [".png", ".webp", ".avif", ".tif"])
def test_alpha_is_kept(tmp_path: Path, suffix: str) -> None:
    alpha = np.linspace(0, 255, 24 * 36).reshape(24, 36).astype(np.uint8)
    write(tmp_path / f"out{suffix}", picture(), alpha)
    result = open_picture(tmp_path / f"out{suffix}").alpha(whole(24, 36))
    assert result is not None and np.abs(result.astype(int) - alpha).max() <= 2


@pytest.mark.parametrize("suffix", [".jpg", ".bmp"])
def test_alpha_is_laid_on_white_where_there_is_none(tmp_path: Path, suffix: str) -> None:
    alpha = np.zeros((24, 36), np.uint8)
    write(tmp_path / f"out{suffix}", picture(), alpha)
    source = open_picture(tmp_path / f"out{suffix}")
    assert not source.has_alpha and source.read(whole(24, 36)).min() >= 253


def test_a_window_without_alpha_is_opaque(tmp_path: Path) -> None:
    with create_picture(tmp_path / "out.png", 24, 36, alpha=True) as sink:
        sink.write(Window(0, 0, 12, 36), picture()[:12])
        sink.write(Window(12, 0, 12, 36), picture()[12:], np.zeros((12, 36), np.uint8))
    result = open_picture(tmp_path / "out.png").alpha(whole(24, 36))
    assert result is not None and result[:12].min() == 255 and result[12:].max() == 0


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("old", [None, b"the old picture"])
def test_an_error_in_the_middle_leaves_no_trace(
    tmp_path: Path, error: type[BaseException], old: bytes | None
) -> None:
    path = tmp_path / "out.png"
    if old is not None:
        path.write_bytes(old)
    with pytest.raises(error), create_picture(path, 24, 36, overwrite=True) as sink:
        sink.write(Window(0, 0, 12, 36), picture()[:12])
        raise error
    assert os.listdir(tmp_path) == ([] if old is None else ["out.png"])
    assert old is None or path.read_bytes() == old


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), ValueError("0xbad")])
def test_an_error_while_encoding_leaves_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(file: object, *_: object, **__: object) -> None:
        file.write(b"half a picture")  # type: ignore[attr-defined]
        raise error

    monkeypatch.setattr(module, "encode", fail)
    (tmp_path / "out.png").write_bytes(b"the old picture")
    with pytest.raises(OutputError, match=r"No space left|encoding failed") as caught:
        write(tmp_path / "out.png", picture(), overwrite=True)
    assert "0xbad" not in str(caught.value)
    assert os.listdir(tmp_path) == ["out.png"]
    assert (tmp_path / "out.png").read_bytes() == b"the old picture"


def test_an_interruption_while_encoding_leaves_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "encode", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "out.png", picture())
    assert os.listdir(tmp_path) == []


def test_an_unfinished_picture_is_not_written(tmp_path: Path) -> None:
    with (
        pytest.raises(OutputError, match="432 pixels were never painted"),
        create_picture(tmp_path / "out.png", 24, 36) as sink,
    ):
        sink.write(Window(0, 0, 12, 36), picture()[:12])
    assert os.listdir(tmp_path) == []


def test_an_existing_file_needs_overwrite(tmp_path: Path) -> None:
    write(tmp_path / "out.png", picture())
    with pytest.raises(OutputExists, match="--overwrite"):
        create_picture(tmp_path / "out.png", 24, 36)
    write(tmp_path / "out.png", picture()[::-1], overwrite=True)
    result = open_picture(tmp_path / "out.png").read(whole(24, 36))
    assert np.array_equal(result, picture()[::-1])


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


def test_quality_has_a_range() -> None:
    with pytest.raises(OutputError, match="quality 0"):
        create_picture("out.jpg", 10, 10, quality=0)


def test_floats_and_wrong_shapes_are_refused(tmp_path: Path) -> None:
    sink = create_picture(tmp_path / "out.png", 24, 36)
    for pixels in (picture() / 255, picture()[:5], picture()[..., :1]):
        with pytest.raises(OutputError, match="24 x 36"):
            sink.write(whole(24, 36), pixels)  # type: ignore[arg-type]


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
