"""Paths, bytes, streams, Pillow images and arrays all open as the same picture."""

import hashlib
import io
import os
import threading
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from impasto.errors import NotAPicture, PictureError, PictureTooLarge, TruncatedPicture
from impasto.images.source import Picture, open_picture
from impasto.images.window import Window, whole


@pytest.fixture
def pixels() -> npt.NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 256, (20, 30, 3), dtype=np.uint8)


@pytest.fixture
def path(tmp_path: Path, pixels: npt.NDArray[np.uint8]) -> Path:
    place = tmp_path / "harbour.png"
    Image.fromarray(pixels).save(place)
    return place


def test_every_way_in_gives_the_same_pixels(path: Path, pixels: npt.NDArray[np.uint8]) -> None:
    with path.open("rb") as file, Image.open(path) as image:
        ways: list[Picture] = [
            path,
            str(path),
            path.read_bytes(),
            file,
            image,
            pixels,
            pixels / 255,
        ]
        for way in ways:
            source = open_picture(way)
            assert (source.height, source.width, source.has_alpha) == (20, 30, False)
            assert np.array_equal(source.read(whole(20, 30)), pixels)
            assert source.alpha(whole(20, 30)) is None


def test_names_are_for_people(path: Path, pixels: npt.NDArray[np.uint8]) -> None:
    with path.open("rb") as file, Image.open(path) as image:
        assert open_picture(path).name == str(path)
        assert open_picture(file).name == open_picture(image).name == "harbour.png"
    assert open_picture(path.read_bytes()).name == "picture"
    assert open_picture(Image.fromarray(pixels)).name == "picture"


def test_the_hash_is_that_of_the_file(path: Path) -> None:
    expected = hashlib.sha256(path.read_bytes()).hexdigest()
    assert open_picture(path).sha256 == open_picture(path.read_bytes()).sha256 == expected


def test_the_hash_of_an_array_depends_on_shape_and_values() -> None:
    flat: list[npt.NDArray[np.number]] = [
        np.zeros((4, 6, 3), np.uint8),
        np.zeros((6, 4, 3), np.uint8),
        np.ones((4, 6, 3)),
    ]
    assert len({open_picture(array).sha256 for array in flat}) == 3
    assert open_picture(flat[0]).sha256 == open_picture(np.zeros((4, 6, 3))).sha256


def test_a_window_is_cut_out(path: Path, pixels: npt.NDArray[np.uint8]) -> None:
    assert np.array_equal(open_picture(path).read(Window(3, 5, 7, 11)), pixels[3:10, 5:16])


def test_alpha_is_read_beside(pixels: npt.NDArray[np.uint8]) -> None:
    alpha = np.full((20, 30), 255, np.uint8)
    alpha[:5] = 0
    alpha[5:9] = 100
    source = open_picture(np.dstack([pixels, alpha]))
    cut = source.alpha(Window(4, 0, 3, 2))
    assert source.has_alpha and cut is not None
    assert cut.tolist() == [[0, 0], [100, 100], [100, 100]]
    assert np.array_equal(source.read(whole(20, 30))[5:], pixels[5:])


def test_an_opaque_array_has_no_alpha(pixels: npt.NDArray[np.uint8]) -> None:
    assert not open_picture(np.dstack([pixels, np.full((20, 30), 255, np.uint8)])).has_alpha


def test_grey_arrays_become_rgb() -> None:
    source = open_picture(np.array([[0.0, 0.5, 1.0]]))
    assert source.read(whole(1, 3)).tolist() == [[[0] * 3, [128] * 3, [255] * 3]]


@pytest.mark.parametrize("order", ["<", ">"])
def test_samples_may_be_in_any_order_of_bytes(order: str) -> None:
    values = np.arange(0, 65536, 1000).reshape(6, 11).astype(f"{order}u2")
    read = open_picture(values).read(whole(6, 11))
    assert read.dtype == np.uint16
    np.testing.assert_array_equal(read[..., 1], values)


def test_changing_the_array_later_changes_nothing(pixels: npt.NDArray[np.uint8]) -> None:
    source = open_picture(pixels)
    before = pixels[0, 0].tolist()
    pixels[:] = 0
    assert source.read(whole(20, 30))[0, 0].tolist() == before


def test_hidden_color_does_not_leak_into_the_thumbnail() -> None:
    picture = np.zeros((64, 64, 4), np.uint8)
    picture[...] = (200, 100, 50, 255)
    picture[:, :37] = (0, 255, 0, 0)
    thumbnail = open_picture(picture).thumbnail(16)
    assert thumbnail.dtype == np.float32 and thumbnail.shape == (16, 16, 3)
    assert np.abs(thumbnail * 255 - (200, 100, 50)).max() < 2.5


def test_a_thumbnail_is_never_larger(path: Path, pixels: npt.NDArray[np.uint8]) -> None:
    source = open_picture(path)
    assert np.allclose(source.thumbnail(999) * 255, pixels, atol=1e-3)
    assert source.thumbnail(15).shape == (10, 15, 3)


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.zeros((3, 8, 8), np.uint8), "H W 3"),
        (np.zeros((8, 8, 2), np.uint8), "H W 3"),
        (np.zeros(8, np.uint8), "H W 3"),
        (np.zeros((0, 8, 3), np.uint8), "no pixels"),
        (np.zeros((8, 8, 3), np.int64), "int64"),
        (np.zeros((8, 8, 3), bool), "bool"),
        (np.full((8, 8, 3), 200.0), "divide by 255"),
        (np.full((8, 8, 3), -1.0), "from -1 to -1"),
        (np.full((8, 8, 3), np.nan), "clip"),
        (np.full((8, 8, 3), "x"), "<U1"),
    ],
)
def test_other_arrays_are_refused(array: npt.NDArray[np.generic], words: str) -> None:
    with pytest.raises(PictureError, match=words):
        open_picture(array)


def test_the_limit_holds_for_every_way_in(path: Path, pixels: npt.NDArray[np.uint8]) -> None:
    with Image.open(path) as image:
        for way in (path, path.read_bytes(), image, pixels):
            with pytest.raises(PictureTooLarge, match="600 pixels, 599 are allowed"):
                open_picture(way, max_pixels=599)


def test_a_missing_file_is_missed(path: Path) -> None:
    with pytest.raises(PictureError, match=r'no file ".*harbor\.png".* mean "harbour\.png"'):
        open_picture(path.with_name("harbor.png"))
    with pytest.raises(PictureError, match="folder is not there"):
        open_picture(path.parent / "nowhere" / "harbour.png")


def test_a_folder_is_not_a_picture(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="is a folder"):
        open_picture(tmp_path)


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").touch()
    with pytest.raises(NotAPicture, match="empty"):
        open_picture(tmp_path / "empty.jpg")


def test_names_that_cannot_be() -> None:
    for name in ("a\0b.jpg", "x" * 5000 + ".jpg"):
        with pytest.raises(PictureError, match="cannot be read"):
            open_picture(name)


def test_a_stream_of_text_is_refused() -> None:
    with pytest.raises(PictureError):
        open_picture(io.StringIO("text"))  # type: ignore[arg-type]


def test_other_things_are_refused() -> None:
    with pytest.raises(PictureError, match="from int"):
        open_picture(7)  # type: ignore[arg-type]


def test_a_pipe_is_read(path: Path, pixels: npt.NDArray[np.uint8]) -> None:
    out, into = os.pipe()

    def send() -> None:
        with os.fdopen(into, "wb") as pipe:
            pipe.write(path.read_bytes())

    writer = threading.Thread(target=send)
    writer.start()
    with os.fdopen(out, "rb") as pipe:
        source = open_picture(pipe)
    writer.join()
    assert np.array_equal(source.read(whole(20, 30)), pixels)


def test_a_pillow_image_that_breaks_later(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:900])
    with Image.open(path) as image, pytest.raises(TruncatedPicture, match=r"harbour\.png"):
        open_picture(image)
