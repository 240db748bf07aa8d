"""What every encoder is: a frozen network that sees a picture and says so at named layers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

import torch
from torch import Tensor, nn

from impasto.errors import SettingError, did_you_mean


class Cell(NamedTuple):
    """Where a feature stands: over ``stride`` x ``stride`` pixels, seeing more before and after.

    Feature i covers the pixels from ``i * stride`` on and depends on those from
    ``i * stride - before`` to ``i * stride + after``.

    >>> Cell().through(3).through(2, stride=2)  # a convolution, then pooling
    Cell(stride=2, before=1, after=2)
    """

    stride: int = 1
    before: int = 0
    after: int = 0

    def through(self, kernel: int, stride: int = 1, padding: int | None = None) -> "Cell":
        """Return the cell after one more operation; its padding keeps the size unless given."""
        padding = (kernel - 1) // 2 if padding is None else padding
        return Cell(
            self.stride * stride,
            self.before + padding * self.stride,
            self.after + (kernel - 1 - padding) * self.stride,
        )

    @property
    def reach(self) -> int:
        """How many pixels beyond its own the feature depends on, on the side where it is most."""
        return max(self.before, self.after - (self.stride - 1))


class Encoder(nn.Module):
    """A frozen network that owns its normalisation and returns features by name.

    A subclass gives the cell of every layer, from shallow to deep, and `walk`.

    Args:
        name: ``vgg19``, ``vgg16``, ``resnet50`` or ``embedded``.
        family: who trained it and so what its features measure: ``caffe``, ``torchvision``, ...
        id: SHA-256 of the weights file.
        cells: every layer that can be asked for, from shallow to deep.
        mean, std: of red, green and blue in [0, 1]; removed from the picture first.
        dtype: of the convolutions and of the features; the normalisation is exact.
    """

    mean: Tensor
    std: Tensor

    def __init__(
        self,
        name: str,
        family: str,
        id: str,
        cells: Mapping[str, Cell],
        *,
        mean: Sequence[float] = (0.0, 0.0, 0.0),
        std: Sequence[float] = (1.0, 1.0, 1.0),
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__()
        self.name, self.family, self.id, self.dtype = name, family, id, dtype
        self.cells = dict(cells)
        self.layers = tuple(cells)
        exact = torch.promote_types(dtype, torch.float32)
        for key, value in {"mean": mean, "std": std}.items():
            tensor = torch.tensor(value, dtype=exact).view(1, 3, 1, 1)
            self.register_buffer(key, tensor, persistent=False)

    def walk(self, x: Tensor, wanted: AbstractSet[str]) -> Iterator[tuple[str, Tensor]]:
        """Give name and features of layers, from shallow to deep, each computed when asked for.

        `x` is the normalised picture in the encoder's dtype, channels last. Layers that are not
        wanted may be left out; no tensor that was given may be written to afterwards.
        """
        raise NotImplementedError

    def forward(self, picture: Tensor, layers: Sequence[str]) -> dict[str, Tensor]:
        """Return the features (B C h w) of the named layers; no deeper layer is computed.

        Args:
            picture: B 3 H W, RGB in [0, 1]; gradients flow back to it.
            layers: names among `self.layers`.

        Raises:
            SettingError: a layer is unknown, or the picture is smaller than one of its cells.
        """
        self.check_layers(layers)
        self._check_size(picture, layers)
        wanted = set(layers)
        x = ((picture.to(self.mean.dtype) - self.mean) / self.std).to(self.dtype)
        x = x.contiguous(memory_format=torch.channels_last)
        found: dict[str, Tensor] = {}
        for name, features in self.walk(x, wanted) if wanted else ():
            if name in wanted:
                found[name] = features
            if len(found) == len(wanted):
                break
        return found

    def stride(self, layer: str) -> int:
        """Return how many pixels apart two neighbouring features of the layer are."""
        self.check_layers([layer])
        return self.cells[layer].stride

    def reach(self, layer: str) -> int:
        """Return how many pixels beyond its own cell a feature depends on at most, to each side."""
        self.check_layers([layer])
        return self.cells[layer].reach

    def check_layers(self, names: Iterable[str]) -> None:
        """Raise SettingError where a name is none of `self.layers`."""
        for name in names:
            if name not in self.cells:
                raise SettingError(
                    f'The encoder {self.name} has no layer "{name}".'
                    f"{did_you_mean(name, self.layers)} It has: {', '.join(self.layers)}."
                )

    def _check_size(self, picture: Tensor, layers: Sequence[str]) -> None:
        height, width = picture.shape[2:]
        for layer in layers:
            if min(height, width) < self.cells[layer].stride:
                raise SettingError(
                    f"A picture of {width} x {height} pixels is too small for the layer {layer}, "
                    f"which needs {self.cells[layer].stride} a side. Use a larger picture or a "
                    "shallower layer."
                )
