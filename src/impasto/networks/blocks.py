"""Small parts that networks are built of; pictures and features are B C H W."""

from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def conv(inputs: int, outputs: int, size: int = 3, stride: int = 1) -> nn.Conv2d:
    """Return a convolution that repeats the border, so that no frame shows in the painting."""
    return nn.Conv2d(inputs, outputs, size, stride, size // 2, padding_mode="replicate")


class Residual(nn.Module):
    """Two convolutions beside a skip; the second starts small, so a new block changes little."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = conv(width, width)
        self.second = conv(width, width)
        nn.init.normal_(self.second.weight, std=0.1 / (3 * width**0.5))
        nn.init.zeros_(self.second.bias)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.second(F.relu(self.first(x)))
        return x + y


class Blur(nn.Module):
    """[1 2 1] in both directions: zero at the frequency of the grid that shuffling leaves."""

    kernel: Tensor

    def __init__(
        self, channels: int = 3, beyond: Literal["reflect", "replicate"] = "reflect"
    ) -> None:
        super().__init__()
        self.beyond = beyond  # the border
        line = torch.tensor([1.0, 2.0, 1.0]) / 4
        kernel = torch.outer(line, line).expand(channels, 1, 3, 3).clone()
        self.register_buffer("kernel", kernel, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        # Reflection continues the two by two grid beyond the border, so it is blurred there too.
        x = F.pad(x, (1, 1, 1, 1), mode=self.beyond)
        return F.conv2d(x, self.kernel.to(x.dtype), groups=len(self.kernel))


def doubled(x: Tensor) -> Tensor:
    """Return features at twice the size, bilinear: repeated pixels would leave steps of 4 and 8."""
    return F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)
