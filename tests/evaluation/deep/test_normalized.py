"""AdaIN's VGG-19: its file is known by its first layer, and is the network that it describes."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from impasto.errors import ModelError
from impasto.evaluation.deep.judge import open_eye
from impasto.evaluation.deep.losses import PaperLosses
from impasto.evaluation.deep.normalized import PLACES, NormalizedVGG
from impasto.settings.evaluate import EvaluateSettings

WIDTHS = {"1": 64, "2": 128, "3": 256, "4": 512, "5": 512}


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of the right shapes, random."""
    random = torch.Generator().manual_seed(0)
    tensors, inputs = {"0.weight": torch.eye(3).flip(0)[..., None, None] * 255.0}, 3
    tensors["0.bias"] = torch.tensor([-103.9, -116.8, -123.7])
    for key, place in PLACES.items():
        outputs = WIDTHS[key[0]]
        kernel = torch.randn(outputs, inputs, 3, 3, generator=random) * (2 / 9 / inputs) ** 0.5
        tensors |= {f"{place}.weight": kernel, f"{place}.bias": torch.zeros(outputs)}
        inputs = outputs
    path = tmp_path_factory.mktemp("adain") / "vgg.safetensors"
    save_file({name: t.contiguous() for name, t in tensors.items()}, path)
    return path


def test_it_is_the_sequence_of_layers_that_the_file_numbers(weights: Path) -> None:
    network, picture = NormalizedVGG(weights), torch.rand(1, 3, 37, 42)

    def convolution(place: int, padding: int) -> nn.Conv2d:
        kernel = network.get_buffer(f"kernel{place}")
        made = nn.Conv2d(
            kernel.shape[1], len(kernel), kernel.shape[2], padding=padding, padding_mode="reflect"
        )
        made.load_state_dict({"weight": kernel, "bias": network.get_buffer(f"bias{place}")})
        return made.requires_grad_(False)

    x: Tensor = convolution(0, 0)(picture)
    for key, place in PLACES.items():
        if key in ("2_1", "3_1", "4_1", "5_1"):
            x = nn.functional.max_pool2d(x, 2, ceil_mode=True)
        x = convolution(place, 1)(x).relu()
    torch.testing.assert_close(network(picture, ["relu5_1"])["relu5_1"], x, rtol=1e-4, atol=1e-3)
    assert x.shape[2:] == (3, 3)


def test_given_as_the_teacher_it_has_all_layers_of_published_tables(weights: Path) -> None:
    eye = open_eye(EvaluateSettings(encoder="vgg19", teacher=weights))
    losses = PaperLosses(eye)
    assert eye.name == "vgg19-normalized" and len(losses.layers) == 5
    assert losses.content_layers == ("relu4_1", "relu5_1")


def test_another_file_is_refused(teacher: Path) -> None:
    with pytest.raises(ModelError, match=r"it has no '0\.weight'"):
        NormalizedVGG(teacher)
    assert open_eye(EvaluateSettings(encoder="vgg19", teacher=teacher)).name == "vgg19"
