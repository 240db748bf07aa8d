"""One painting: the target is the whole of it, and a gallery name does as well."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from impasto.networks.transform import TransformNetwork, TransformShape
from impasto.settings.recipes import StyleSettings
from impasto.training.machine import Machine
from impasto.training.recipes import starts
from impasto.training.recipes.style import StyleRecipe
from impasto.training.schedule import stage_at

CPU = Machine(torch.device("cpu"))


@pytest.fixture
def settings(data: Path, painting: Path) -> StyleSettings:
    return StyleSettings(data=data / "content", painting=str(painting), width=0.125, last_size=32)


class Showing(nn.Module):
    """Paints one picture, whatever the photo."""

    def __init__(self, picture: Tensor) -> None:
        super().__init__()
        self.picture = picture

    def forward(self, content: Tensor, vector: Tensor) -> Tensor:
        return self.picture.expand(len(content), -1, -1, -1)


def test_the_painting_itself_has_no_style_loss(settings: StyleSettings) -> None:
    recipe = StyleRecipe(settings, CPU)
    showing = Showing(recipe.painting.tensor()[:, :40, :48])
    content = recipe.draw(0, range(2), 40)["content"].repeat(1, 1, 2, 1)[:, :, :48]
    terms = recipe.terms(showing, {"content": content})
    assert terms["style"] < 1e-6 and terms["coarse"] < 1e-6 and terms["content"] > 0.1
    assert terms.keys() <= recipe.weights.keys()


def test_crops_are_of_the_size_asked_for(settings: StyleSettings) -> None:
    recipe = StyleRecipe(settings, CPU)
    assert recipe.draw(0, [5, 7], 32)["content"].shape == (2, 32, 32, 3)
    assert torch.equal(
        recipe.draw_held_out(2, 32)["content"], recipe.draw_held_out(2, 32)["content"]
    )


def test_photos_held_out_are_as_large_as_the_last_crops(settings: StyleSettings) -> None:
    recipe = StyleRecipe(replace(settings, last_size=47), CPU)
    assert recipe.photos().shape[-1] == stage_at(recipe.settings, 0.9, recipe.multiple).size == 48


def test_samples_are_photos_and_their_paintings(settings: StyleSettings) -> None:
    recipe = StyleRecipe(settings, CPU)
    made = recipe.samples(recipe.network)
    assert made.painted[0].shape == made.content.shape and len(made.styles) == 1


def test_a_gallery_style_needs_no_painting(settings: StyleSettings) -> None:
    recipe = StyleRecipe(replace(settings, painting="great-wave"), CPU)
    assert recipe.card()["styles"][0]["name"] == "great-wave"
    batch = recipe.draw(0, range(1), 32)
    assert all(value.isfinite() for value in recipe.terms(recipe.network, batch).values())


def test_it_may_begin_with_the_body_of_a_model(
    settings: StyleSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.manual_seed(1)
    body = TransformNetwork(TransformShape(width=0.125, blocks=2, styles=3))
    torch.nn.init.normal_(body.scale)
    monkeypatch.setattr(starts, "body", lambda word: body)
    network = StyleRecipe(replace(settings, fine_tune="model"), CPU).network
    assert isinstance(network, TransformNetwork) and network.shape.styles == 1
    assert torch.equal(network.enter.weight, body.enter.weight)
    torch.testing.assert_close(network.scale[0], body.scale.mean(0))
