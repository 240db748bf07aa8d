"""MicroAST (Wang et al., AAAI 2023) in shape, with random weights: the yardstick of speed.

Two encoders, a modulator and a decoder, 471,987 parameters as in the authors' release. No
normalisation layers; reflection padding; ReLU after each convolution except where a residual
block adds.
"""

import torch
from torch import Tensor, nn

PARAMETERS = 471_987


def conv(inputs: int, outputs: int, size: int, stride: int = 1, groups: int = 1) -> nn.Sequential:
    """Return a convolution with reflected borders."""
    return nn.Sequential(
        nn.ReflectionPad2d(size // 2), nn.Conv2d(inputs, outputs, size, stride, groups=groups)
    )


class Residual(nn.Module):
    """A residual block of 64 channels; with a filter and a bias it is modulated by them."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = conv(64, 64, 3), conv(64, 64, 3)

    def forward(self, x: Tensor, by: tuple[Tensor, Tensor] | None = None) -> Tensor:
        if by is None:
            return torch.add(x, self.second(torch.relu(self.first(x))))
        weight, bias = by
        inner = torch.relu(weight * self.first(x) + bias * x)
        return torch.add(x, weight * self.second(inner) + bias * inner)


class Encoder(nn.Module):
    """See a picture at quarter resolution, at two depths."""

    def __init__(self) -> None:
        super().__init__()
        layers = [conv(3, 16, 9), conv(16, 32, 3, 2, 16), conv(32, 32, 1)]
        layers += [conv(32, 64, 3, 2, 32), conv(64, 64, 1)]
        active = [part for layer in layers for part in (layer, nn.ReLU())]
        self.shallow = nn.Sequential(*active, Residual())
        self.deep = Residual()

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        shallow = self.shallow(picture)
        return shallow, self.deep(shallow)


class Decoder(nn.Module):
    """Paint from content features in the moments and filters of a style."""

    def __init__(self) -> None:
        super().__init__()
        self.deep, self.shallow = Residual(), Residual()
        up = [nn.Upsample(scale_factor=2, mode="bilinear"), conv(64, 32, 3, 1, 32), nn.ReLU()]
        up += [conv(32, 32, 1), nn.ReLU(), nn.Upsample(scale_factor=2, mode="bilinear")]
        up += [conv(32, 16, 3, 1, 16), nn.ReLU(), conv(16, 16, 1), nn.ReLU(), conv(16, 3, 9)]
        self.up = nn.Sequential(*up)

    def forward(
        self, content: Tensor, style: tuple[Tensor, Tensor], filters: list[Tensor]
    ) -> Tensor:
        x = renormalise(content, style[1])
        x = self.deep(x, (filters[2], filters[3]))
        x = renormalise(x, style[0])
        x = self.shallow(x, (filters[0], filters[1]))
        return torch.as_tensor(self.up(x))


class MicroAst(nn.Module):
    """A content picture and a style picture (B 3 H W) to a painting."""

    def __init__(self) -> None:
        super().__init__()
        self.content, self.style, self.decoder = Encoder(), Encoder(), Decoder()
        self.modulator = nn.ModuleList(nn.Conv2d(64, 64, 3, groups=64) for _ in range(4))

    def forward(self, content: Tensor, style: Tensor) -> Tensor:
        shallow, deep = self.style(style)
        seen = (shallow, shallow, deep, deep)
        filters = [
            layer(features).mean((2, 3), keepdim=True)
            for layer, features in zip(self.modulator, seen, strict=True)
        ]
        painting: Tensor = self.decoder(self.content(content)[1], (shallow, deep), filters)
        return painting


def renormalise(content: Tensor, style: Tensor) -> Tensor:
    """Give content features the style's mean and deviation (AdaIN, Huang and Belongie 2017)."""
    deviation, mean = torch.std_mean(content, (2, 3), keepdim=True)
    to_deviation, to_mean = torch.std_mean(style, (2, 3), keepdim=True)
    return (content - mean) / (deviation + 1e-5) * to_deviation + to_mean
