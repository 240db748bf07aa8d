"""What several tests need: random loss weights, a small picture, the shipped painter, models."""

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import numpy as np
import numpy.typing as npt
import pytest

if TYPE_CHECKING:
    from impasto.methods.fast import FastStylizer

# The same examples in every run, which take as long as a busy machine needs for them.
hypothesis.settings.register_profile(
    "impasto",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("impasto")


@pytest.fixture(scope="session", autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep caches and styles of tests apart from the user's."""
    os.environ["IMPASTO_HOME"] = str(tmp_path_factory.mktemp("home"))
    os.environ["IMPASTO_CACHE"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session", autouse=True)
def hear_interrupts() -> None:
    """Hear Ctrl-C also where a shell started the tests in its background, which ignores it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def teacher(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Weights with the shapes of VGG-19 conv1_1 to conv3_4, random."""
    from safetensors.numpy import save_file

    random = np.random.default_rng(0)
    path = tmp_path_factory.mktemp("teacher") / "teacher.safetensors"
    widths = {
        "1_1": (3, 64),
        "1_2": (64, 64),
        "2_1": (64, 128),
        "2_2": (128, 128),
        "3_1": (128, 256),
    }
    widths |= {name: (256, 256) for name in ("3_2", "3_3", "3_4")}
    weights = {}
    for name, (inputs, outputs) in widths.items():
        kernel = random.normal(size=(outputs, inputs, 3, 3)) * (2 / 9 / inputs) ** 0.5
        weights[f"conv{name}.weight"] = kernel.astype(np.float32)
        weights[f"conv{name}.bias"] = np.zeros(outputs, np.float32)
    save_file(weights, path)
    return path


@pytest.fixture(scope="session")
def photo() -> npt.NDArray[np.float32]:
    """A picture with shapes and texture, float32, 72 x 96 x 3 in [0, 1]."""
    rows, columns = np.mgrid[:72, :96].astype(np.float32)
    noise = np.random.default_rng(1).random((72, 96, 3), np.float32)
    waves = np.stack([np.sin(rows / 9), np.cos(columns / 7), np.sin((rows + columns) / 11)], -1)
    return (0.5 + 0.35 * waves + 0.15 * (noise - 0.5)).clip(0, 1).astype(np.float32)


@pytest.fixture(scope="session")
def stylizer(own_folders: None) -> "FastStylizer":
    """The shipped painter in full precision, so that equal means equal."""
    from impasto.methods.fast import FastStylizer

    return FastStylizer.open(precision="f32")


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of three styles of its own: "dusk-blue", "tall-grass" and "old-wall"; untrained."""
    return _untrained(tmp_path_factory, "pack", ("dusk-blue", "tall-grass", "old-wall"))


@pytest.fixture(scope="session")
def lone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of one style, "dusk-blue"; untrained."""
    return _untrained(tmp_path_factory, "lone", ("dusk-blue",))


def _untrained(factory: pytest.TempPathFactory, name: str, styles: tuple[str, ...]) -> Path:
    import torch

    from impasto.compress.export import export_network
    from impasto.networks.transform import TransformNetwork, TransformShape

    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = TransformNetwork(TransformShape(0.125, blocks=1, styles=len(styles)))
        torch.nn.init.normal_(network.scale, 1, 0.3)
        torch.nn.init.normal_(network.shift, 0, 0.3)
    cards = [
        {"schema": "style-card/1", "name": one, "artist": "Nobody", "licence": "CC0"}
        for one in styles
    ]
    card = {"styles": cards, "licence": "Apache-2.0", "title": "A test"}
    return export_network(network, factory.mktemp("models") / name, card)
