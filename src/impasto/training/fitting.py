"""A student's first weights by least squares: layer by layer, on what the teacher answers."""

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from impasto.features.embedded import LAYERS, POOL, TRUNK, Embedded
from impasto.features.encoder import Encoder
from impasto.training.whitened import WhitenedAdam, patches

Random = np.random.Generator

# What the convolutions of the trunk after the first are fitted to.
FIT_TO = ("conv1_2", "conv2_1", "conv2_2", "conv3_1", "conv3_2", "conv3_3", "conv3_4")
ROWS = 24_000  # positions that a convolution is fitted on
ROUNDS = 5  # of asking again what silent neurons may answer
DIM = 0.1  # of the size of all features: pictures with less are not lifted further
RIDGE = 1e-7  # of the mean diagonal


@torch.no_grad()
def fit(
    student: Embedded, teacher: Encoder, pictures: Tensor, units: dict[str, float], random: Random
) -> None:
    """Fit a student's convolutions one after the other, each on the answers of those before it.

    The first is the teacher's own. Those of the trunk become the most telling channels of the
    teacher's layers, in units of their size; the heads guess all channels from these.

    Args:
        student: its weights are replaced.
        teacher: VGG-19.
        pictures: B 3 H W in [0, 1].
        units: what the teacher's features are divided by at each of the student's layers.
        random: which positions are looked at.
    """
    network, first = student.network, student.network.convolutions("relu1_1")[0]
    kernel = teacher.get_buffer("kernel1_1").float() * student.std / teacher.std
    _set(first, kernel / units["relu1_1"], teacher.get_buffer("bias1_1") / units["relu1_1"])
    answers = {name: x.float() for name, x in teacher(pictures, FIT_TO).items()}
    x = student(pictures, ("relu1_1",))["relu1_1"]
    targets = iter(answers.values())
    for name, widths in list(TRUNK.items())[1:]:
        convolutions = iter(network.convolutions(name))
        for width in widths:
            if width == POOL:
                x = F.max_pool2d(x, 2)
                continue
            convolution, target = next(convolutions), next(targets)
            if convolution is network.last(name):
                target = target / units[name]
            else:
                target = target / target.relu().square().mean().sqrt()
                target = target[:, telling_channels(target.relu(), width)]
            x = fit_convolution(convolution, x, target, random)
        if name in network.heads:
            answer = answers[name.replace("relu", "conv")]
            fit_convolution(network.last(name), x, answer / units[name], random)


def telling_channels(features: Tensor, count: int) -> Tensor:
    """Return the channels (indices) from which the others are best guessed, in ascending order.

    Pivoted Cholesky decomposition of the second moments: each time the channel with the largest
    part that the chosen ones leave unexplained.
    """
    rows = features.transpose(0, 1).flatten(1).double()
    rest = rows @ rows.T / rows.shape[1]
    chosen: list[int] = []
    for _ in range(count):
        left = rest.diagonal().clone()
        left[chosen] = -1
        best = int(left.argmax())
        chosen.append(best)
        column = rest[:, best] / rest[best, best].clamp_min(1e-12).sqrt()
        rest = rest - torch.outer(column, column)
    return torch.tensor(sorted(chosen))


@torch.no_grad()
def fit_convolution(convolution: nn.Conv2d, x: Tensor, target: Tensor, random: Random) -> Tensor:
    """Set a convolution so that its rectified answer to `x` is close to `target`; return it.

    Args:
        convolution: with zeros beyond the border; its weights are replaced.
        x: B C H W.
        target: B O h w, before it is rectified. Where it is below 0 any answer below 0 is right, so
            the least squares are solved again with the student's own answers there.
        random: which positions are looked at.
    """
    places = places_in(target, random)
    rows = patches(convolution, x, places).double()
    wanted = torch.cat([t.flatten(1).T[p] for t, p in zip(target, places, strict=True)]).double()
    # Each picture counts by its own size of features, or the glaring ones would be all that counts.
    sizes = target.relu().square().mean((1, 2, 3)).sqrt()
    size = sizes.repeat_interleave(len(places[0]))
    weights = 1 / (size.double()[:, None] + DIM)
    moment = rows.T @ (rows * weights.square())
    moment.diagonal().add_(RIDGE * moment.diagonal().mean())
    factor = torch.linalg.cholesky(moment)
    asked = wanted
    for _ in range(ROUNDS):
        solution = torch.cholesky_solve(rows.T @ (asked * weights.square()), factor)
        asked = torch.where(wanted > 0, wanted, (rows @ solution).clamp_max(0))
    _set(convolution, solution[:-1].T.reshape(convolution.weight.shape), solution[-1])
    return torch.cat([F.relu_(convolution(one[None])) for one in x])


@torch.no_grad()
def show_inputs(
    optimizer: WhitenedAdam, student: Embedded, pictures: Tensor, random: Random
) -> None:
    """Show an optimiser what each of its convolutions sees of pictures (B 3 H W in [0, 1])."""
    for i, convolution in enumerate(optimizer.convolutions):

        def look(module: nn.Module, inputs: tuple[Tensor], output: Tensor, index: int = i) -> None:
            assert isinstance(module, nn.Conv2d)
            optimizer.see(index, patches(module, inputs[0], places_in(output, random)))

        handle = convolution.register_forward_hook(look)
        student(pictures, LAYERS)
        handle.remove()


def places_in(features: Tensor, random: Random) -> Sequence[Tensor]:
    """Return random positions for each picture of features (B C h w), as indices of h * w."""
    each = -(-ROWS // len(features))
    count = features.shape[2:].numel()
    return [torch.from_numpy(random.permutation(count)[:each]) for _ in features]


def _set(convolution: nn.Conv2d, weight: Tensor, bias: Tensor) -> None:
    assert convolution.bias is not None
    convolution.weight.copy_(weight)
    convolution.bias.copy_(bias)
