"""From a picture to a signed painting by optimisation."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from impasto.device.progress import Progress
from impasto.errors import Interrupted, OutputExists, PictureError, SettingError, UnknownStyle
from impasto.images.samples import to_samples
from impasto.images.source import open_picture
from impasto.images.window import whole
from impasto.methods.optimize.work import optimize, optimize_file
from impasto.provenance.disclosure import read_disclosure
from impasto.styles.style import Style

Pixels = npt.NDArray[np.float32]
pytestmark = pytest.mark.usefixtures("encoder")

FEW: dict[str, Any] = {"steps": 3, "threads": 1, "precision": "f32"}


@pytest.fixture
def files(photo: Pixels, tmp_path: Path) -> tuple[Path, Path]:
    """A photo and a painting."""
    Image.fromarray(to_samples(photo, 8)).save(tmp_path / "photo.png")
    Image.fromarray(to_samples(photo[::-1] ** 2, 8)).save(tmp_path / "painting.png")
    return tmp_path / "photo.png", tmp_path / "painting.png"


def test_a_picture_is_painted(photo: Pixels, style: Style) -> None:
    events: list[Progress] = []
    painted = optimize(photo, style, on_progress=events.append, **FEW)
    assert painted.size == (96, 72) and painted.mode == "RGB"
    assert [(event.kind, event.step, event.total) for event in events] == [
        ("step", step, 3) for step in (1, 2, 3)
    ]
    assert (np.asarray(painted) != to_samples(photo, 8)).any()


def test_alpha_passes_through(photo: Pixels, style: Style) -> None:
    alpha = np.linspace(0, 255, 72 * 96).reshape(72, 96, 1).astype(np.uint8)
    rgba = np.concatenate([to_samples(photo, 8), alpha], 2)
    painted = np.asarray(optimize(rgba, style, **FEW))
    np.testing.assert_array_equal(painted[..., 3:], alpha)


def test_strength_0_keeps_16_bits(photo: Pixels, style: Style, tmp_path: Path) -> None:
    samples, output = to_samples(photo, 16), tmp_path / "out.png"
    optimize_file(samples, output, style, strength=0, **FEW)
    found = open_picture(output)
    assert found.depth == 16
    np.testing.assert_array_equal(found.read(whole(72, 96)), samples)


def test_16_bits_are_painted_in_16_bits(photo: Pixels, style: Style, tmp_path: Path) -> None:
    optimize_file(to_samples(photo, 16), tmp_path / "out.png", style, **FEW)
    found = open_picture(tmp_path / "out.png").read(whole(72, 96))
    assert found.dtype == np.uint16 and len(np.unique(found % 257)) > 100


@pytest.fixture
def left(tmp_path: Path) -> Path:
    """A mask of the left half."""
    half = np.zeros((72, 96), np.uint8)
    half[:, :48] = 255
    Image.fromarray(half).save(tmp_path / "left.png")
    return tmp_path / "left.png"


def test_a_region_may_stay_photo(photo: Pixels, style: Style, left: Path) -> None:
    painted = np.asarray(optimize(photo, style, region=(f"{left}=photo",), feather=0, **FEW))
    own = to_samples(photo, 8)
    np.testing.assert_array_equal(painted[:, :44], own[:, :44])
    assert (painted[:, 52:] != own[:, 52:]).any()


def test_size_is_the_long_side(photo: Pixels, style: Style) -> None:
    assert optimize(photo, style, size=48, **FEW).size == (48, 36)
    assert optimize(photo, style, size=128, **FEW).size == (128, 96)


def test_a_file_is_painted_and_signed(files: tuple[Path, Path], left: Path, tmp_path: Path) -> None:
    photo, painting = files
    optimize_file(
        photo, tmp_path / "out.png", [f"{painting}:2", f"{photo}:1"],
        criterion="moments", strength=70, region=(f"{left}=photo",), run=tmp_path / "run", **FEW,
    )  # fmt: skip
    signed = read_disclosure(tmp_path / "out.png")
    assert signed is not None
    assert signed["source_type"] == "compositeWithTrainedAlgorithmicMedia"
    told = signed["settings"]
    known = {"method": "optimize", "model": "tiny", "encoder_id": "t1", "strength": 70, "seed": 0}
    assert known.items() <= told.items()
    assert told["criterion"] == "moments" and told["steps"] == 3 and told["preset"] == "standard"
    assert told["style"]["mix"][0] == {"name": "painting", "weight": 0.6667}
    assert told["regions"] == [None] and len(told["fingerprint"]) == 32
    assert told["content_sha256"] == open_picture(photo).sha256
    assert "threads" not in told and "palette" not in told


def test_what_a_callback_raises_leaves_a_run_to_go_on_from(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    photo, painting = files
    run, told = tmp_path / "run", list[Progress]()

    def stop(event: Progress) -> None:
        told.append(event)
        if event.step == 2:
            raise Interrupted("enough")

    how: dict[str, Any] = {"run": run, "on_progress": stop, **FEW}
    with pytest.raises(Interrupted):
        optimize_file(photo, tmp_path / "out.png", painting, **how)
    assert not (tmp_path / "out.png").exists()
    optimize_file(photo, tmp_path / "out.png", painting, resume=True, **how)
    optimize_file(photo, tmp_path / "whole.png", painting, **FEW)
    assert [event.step for event in told] == [1, 2, 3]
    one, other = (np.asarray(Image.open(tmp_path / n)) for n in ("out.png", "whole.png"))
    np.testing.assert_array_equal(one, other)


def test_an_output_that_is_there_is_found_before_the_work(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    photo, painting = files

    def refuse(event: Progress) -> None:
        raise AssertionError("work was done for nothing")

    with pytest.raises(OutputExists):
        optimize_file(photo, painting, painting, on_progress=refuse, **FEW)


def test_bad_input_is_explained(files: tuple[Path, Path], tmp_path: Path) -> None:
    photo, painting = files
    with pytest.raises(UnknownStyle, match="starry-night"):
        optimize(photo, "stary-night")
    with pytest.raises(SettingError, match='Did you mean "strength"'):
        optimize(photo, painting, strenght=3)
    with pytest.raises(PictureError, match=r"gone\.png"):
        optimize(tmp_path / "gone.png", painting)
