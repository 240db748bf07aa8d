"""One picture from opening to signing, with a method that paints the negative."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from impasto.device.progress import Progress
from impasto.errors import Interrupted, OutputExists, PictureTooLarge
from impasto.images.samples import to_samples
from impasto.images.source import Source, open_picture
from impasto.images.window import whole
from impasto.methods.after import AfterPainter
from impasto.methods.base import Painter, Region, Stylizer
from impasto.methods.regions import KeepPhoto, Photo
from impasto.methods.work import PictureWork
from impasto.provenance.disclosure import read_disclosure
from impasto.settings.picture import PictureSettings
from impasto.styles.gallery import find
from impasto.styles.style import Style
from impasto.styles.words import Words

Pixels = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Negative:
    """Paints the negative, and knows one style."""

    def prepare(self, source: Source, style: Style, regions: Sequence[Region] = ()) -> Painter:
        """Return its painter."""
        return AfterPainter(Photo(source), lambda content, painted: 1 - content)

    def style(self, words: Words) -> Style:
        """Return the one style."""
        return find("great-wave")


class NegativeWork(PictureWork):
    """One picture to paint as its negative."""

    def __init__(self, picture: Any, size: int | None = None, **options: Any) -> None:
        super().__init__(Negative(), picture, find("great-wave"), PictureSettings(**options), size)

    def method(self) -> Stylizer:
        """Return the method."""
        return KeepPhoto(Negative())

    def record(self) -> Mapping[str, object]:
        """Return what the painting discloses."""
        return {"method": "negative", **self.common_record()}


def test_an_image_has_8_bits_and_the_alpha_of_the_picture(photo: Pixels) -> None:
    alpha = np.linspace(0, 255, 72 * 96).reshape(72, 96, 1).astype(np.uint8)
    samples = to_samples(photo, 8)
    plain = np.asarray(NegativeWork(samples).image())
    np.testing.assert_array_equal(plain, 255 - samples)
    clear = np.asarray(NegativeWork(np.concatenate([samples, alpha], 2)).image())
    np.testing.assert_array_equal(clear[..., 3:], alpha)


def test_another_size_is_that_of_the_source(photo: Pixels) -> None:
    work = NegativeWork(photo, size=48)
    assert (work.source.height, work.source.width) == (36, 48)
    assert (work.opened.height, work.opened.width) == (72, 96)
    assert work.image().size == (48, 36)


@pytest.mark.parametrize(("depth", "wanted"), [("auto", 16), ("8", 8), ("16", 16)])
def test_a_file_is_written_at_its_depth_and_signed(
    photo: Pixels, tmp_path: Path, depth: str, wanted: int
) -> None:
    samples, output = to_samples(photo, 16), tmp_path / "out.png"
    NegativeWork(samples, depth=depth).write(output)
    found = open_picture(output)
    assert found.depth == wanted
    if wanted == 16:
        np.testing.assert_array_equal(found.read(whole(72, 96)), 65535 - samples)
    signed = read_disclosure(output)
    assert signed is not None
    told = signed["settings"]
    assert told["method"] == "negative" and told["style"]["name"] == "great-wave"
    assert told["content_sha256"] == open_picture(samples).sha256
    assert "regions" not in told


def test_regions_are_found_and_told(photo: Pixels, tmp_path: Path) -> None:
    half = np.zeros((72, 96), np.uint8)
    half[:, :48] = 255
    Image.fromarray(half).save(tmp_path / "left.png")
    regions = (f"{tmp_path}/left.png=photo", "all=great-wave:0.5")
    work = NegativeWork(photo, region=regions, feather=0)
    assert [one.style is None for one in work.regions] == [True, False]
    assert work.regions[1].weight == 0.5
    painted, samples = np.asarray(work.image()), to_samples(photo, 8)
    np.testing.assert_array_equal(painted[:, :44], samples[:, :44])
    np.testing.assert_array_equal(painted[:, 52:], 255 - samples[:, 52:])
    told: Any = work.record()["regions"]
    assert told[0] is None and told[1]["name"] == "great-wave"


def test_the_fingerprint_is_of_style_and_settings(photo: Pixels) -> None:
    own = NegativeWork(photo).record()["fingerprint"]
    assert NegativeWork(photo[::-1].copy()).record()["fingerprint"] == own
    assert NegativeWork(photo, feather=3).record()["fingerprint"] != own


def test_metadata_stays_if_wished(photo: Pixels, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[271] = "Canon"
    image = Image.fromarray(to_samples(photo, 8))
    image.save(tmp_path / "photo.png", exif=exif, dpi=(300, 300))
    for keep in (True, False):
        output = tmp_path / f"{keep}.png"
        NegativeWork(tmp_path / "photo.png", keep_metadata=keep).write(output)
        assert (open_picture(output).metadata.exif is not None) is keep
        assert np.allclose(open_picture(output).metadata.dpi or 0, (300, 300), atol=0.01)


def test_nothing_is_left_half_written(photo: Pixels, tmp_path: Path) -> None:
    def stop(event: Progress) -> None:
        raise Interrupted("enough")

    with pytest.raises(Interrupted):
        NegativeWork(photo).write(tmp_path / "out.png", on_progress=stop)
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_is_refused(photo: Pixels, tmp_path: Path) -> None:
    with pytest.raises(PictureTooLarge):
        NegativeWork(photo, max_pixels=100)
    (tmp_path / "out.png").write_bytes(b"mine")
    with pytest.raises(OutputExists):
        NegativeWork(photo).write(tmp_path / "out.png")
    NegativeWork(photo).write(tmp_path / "out.png", overwrite=True)
