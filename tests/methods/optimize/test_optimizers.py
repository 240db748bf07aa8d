"""Both optimisers find minima, go on exactly, and move nothing where there is no number."""

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from impasto.methods.optimize.objective import Evaluation
from impasto.methods.optimize.optimizers import OPTIMIZERS, Diverged, Optimizer, State, enlarged
from impasto.methods.optimize.schedule import rate_at

NAMES = pytest.mark.parametrize("name", OPTIMIZERS)
RATES = {"adam": 0.05, "lbfgs": 1.0}


def start(size: tuple[int, int] = (12, 10)) -> Tensor:
    return torch.rand(1, 3, *size, generator=torch.Generator().manual_seed(0))


def goal(size: tuple[int, int] = (12, 10)) -> Tensor:
    return 0.2 + 0.6 * torch.rand(1, 3, *size, generator=torch.Generator().manual_seed(1))


def bowl(picture: Tensor) -> Evaluation:
    """A quadratic, 30 times as steep on one side as on the other, least at `goal`."""
    steep = torch.linspace(1, 30, picture.shape[3]) / picture.numel()
    error = picture - goal((picture.shape[2], picture.shape[3]))
    return Evaluation(float((steep * error.square()).sum()), {}, 2 * steep * error)


def walked(optimizer: Optimizer, steps: int, rate: float) -> list[float]:
    return [optimizer.step(bowl, rate_at(n, steps, rate)).loss for n in range(steps)]


def copied(state: State) -> State:
    return {name: value.clone() for name, value in state.items()}


@NAMES
def test_the_minimum_is_reached(name: str) -> None:
    optimizer = OPTIMIZERS[name](start())
    losses = walked(optimizer, 150, RATES[name])
    assert losses[-1] < 1e-4 * losses[0]
    torch.testing.assert_close(optimizer.result, goal(), atol=5e-3, rtol=0)


@NAMES
def test_the_minimum_beyond_white_is_white(name: str) -> None:
    def beyond(picture: Tensor) -> Evaluation:
        error = picture - 1.5
        return Evaluation(float(error.square().mean()), {}, 2 * error / error.numel())

    optimizer = OPTIMIZERS[name](start())
    for _ in range(100):
        optimizer.step(beyond, RATES[name])
    torch.testing.assert_close(optimizer.result, torch.ones(1, 3, 12, 10), atol=1e-3, rtol=0)


@NAMES
@pytest.mark.parametrize("taken", [0, 1, 2, 7, 30])
def test_a_state_goes_on_bit_for_bit(name: str, taken: int) -> None:
    optimizer, other = OPTIMIZERS[name](start()), OPTIMIZERS[name](torch.zeros(1, 3, 12, 10))
    walked(optimizer, taken, RATES[name])
    other.restore(copied(optimizer.state()))
    assert torch.equal(other.result, optimizer.result)
    assert walked(optimizer, 6, RATES[name]) == walked(other, 6, RATES[name])
    for one in (optimizer, other):
        one.resized((17, 14))
    assert walked(optimizer, 3, RATES[name]) == walked(other, 3, RATES[name])
    assert torch.equal(other.result, optimizer.result)


@NAMES
def test_a_constant_picture_is_constant_at_every_size(name: str) -> None:
    optimizer = OPTIMIZERS[name](torch.full((1, 3, 12, 10), 0.3))
    for size in ((17, 14), (1, 30), (5, 4)):
        optimizer.resized(size)
        torch.testing.assert_close(optimizer.result, torch.full((1, 3, *size), 0.3))


@NAMES
def test_the_same_size_again_changes_nothing(name: str) -> None:
    optimizer = OPTIMIZERS[name](start())
    walked(optimizer, 5, RATES[name])
    optimizer.resized((31, 23))  # which overshoots beyond white
    once = copied(optimizer.state())
    optimizer.resized((31, 23))
    assert all(torch.equal(value, once[key]) for key, value in optimizer.state().items())


NAN = math.nan
BAD: list[Callable[[Tensor], Evaluation]] = [
    lambda x: Evaluation(NAN, {}, torch.ones_like(x)),
    lambda x: Evaluation(math.inf, {}, torch.ones_like(x)),
    lambda x: Evaluation(1.0, {}, torch.where(x > x.median(), NAN, x)),
]


@NAMES
@pytest.mark.parametrize("bad", BAD, ids=["loss", "infinite", "gradient"])
def test_where_there_is_no_number_nothing_moves(
    name: str, bad: Callable[[Tensor], Evaluation]
) -> None:
    optimizer = OPTIMIZERS[name](start())
    walked(optimizer, 3, RATES[name])
    before = copied(optimizer.state())
    with pytest.raises(Diverged):
        optimizer.step(bad, RATES[name])
    after = optimizer.state()
    assert all(torch.equal(after[key], value) for key, value in before.items())
    assert len(after) == len(before)


def test_adam_shows_the_average_of_its_iterates() -> None:
    optimizer = OPTIMIZERS["adam"](start())
    seen = []
    for _ in range(4):
        optimizer.step(bowl, 0.05)
        seen.append(optimizer.state()["picture"].clone())
    weights = torch.tensor([0.9**n for n in (3, 2, 1, 0)])
    wanted = torch.einsum("n,nbchw->bchw", weights / weights.sum(), torch.stack(seen))
    torch.testing.assert_close(optimizer.result, wanted)


def test_adams_first_step_is_the_rate() -> None:
    optimizer = OPTIMIZERS["adam"](torch.full((1, 3, 12, 10), 0.9))
    optimizer.step(bowl, 0.05)
    moved = (optimizer.state()["picture"] - 0.9).abs()
    torch.testing.assert_close(moved, torch.full_like(moved, 0.05))


def test_pictures_are_reduced_without_aliases() -> None:
    stripes = torch.arange(64.0).remainder(2).expand(1, 3, 64, 64)
    assert (enlarged(stripes, (16, 16)) - 0.5).abs().max() < 0.1
    assert enlarged(stripes, (64, 64)).data_ptr() != stripes.data_ptr()
