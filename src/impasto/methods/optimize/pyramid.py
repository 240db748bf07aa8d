"""A picture at several sizes: what a loss network with few layers needs to see large strokes.

Each level is half the one before. Plain averaging of four pixels left a faint grid in what was
optimised through it; the wider filter does not.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

KERNEL = (0.125, 0.375, 0.375, 0.125)  # binomial, centred between two pixels


def halved(picture: Tensor) -> Tensor:
    """Return a picture (B C H W) at half size, rounded up, without aliases."""
    height, width = picture.shape[-2:]
    kernel = picture.new_tensor(KERNEL)
    channels = picture.shape[1]
    padded = F.pad(picture, (1, 1 + width % 2, 1, 1 + height % 2), mode="replicate")
    rows = F.conv2d(
        padded, kernel.view(1, 1, 4, 1).expand(channels, 1, 4, 1), stride=(2, 1), groups=channels
    )
    return F.conv2d(
        rows, kernel.view(1, 1, 1, 4).expand(channels, 1, 1, 4), stride=(1, 2), groups=channels
    )


def pyramid(picture: Tensor, levels: int) -> list[Tensor]:
    """Return a picture (B C H W) and its halves, from fine to coarse."""
    result = [picture]
    for _ in range(levels - 1):
        result.append(halved(result[-1]))
    return result


def gathered(pictures: list[Tensor], gradients: list[Tensor]) -> Tensor:
    """Return the gradient of the finest picture, given those of every level of its pyramid.

    The levels' own gradients are taken one at a time, so nothing of the pyramid is kept for it.
    """
    gradient = gradients[-1]
    for fine, own in zip(reversed(pictures[:-1]), reversed(gradients[:-1]), strict=True):
        leaf = fine.detach().requires_grad_()
        with torch.enable_grad():
            coarse = halved(leaf)
        (below,) = torch.autograd.grad(coarse, leaf, gradient)
        gradient = own.add_(below)
    return gradient
