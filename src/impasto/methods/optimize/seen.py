"""What an encoder sees of pictures, with the same margin everywhere, however large they are."""

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from impasto.features.encoder import Encoder
from impasto.features.statistics import Moments, Sums, sums
from impasto.images.source import Source
from impasto.methods.optimize.blocks import Block, blocks, margin_for, with_margin
from impasto.methods.optimize.pyramid import pyramid


class ContentFeatures:
    """The content's features by block; kept where one block is all, else computed each time."""

    def __init__(
        self, encoder: Encoder, picture: Tensor, layer: str, *, side: int, multiple: int
    ) -> None:
        self.encoder, self.layer = encoder, layer
        self.stride = encoder.stride(layer)
        self.whole: Tensor | None = None
        picture = picture.half()  # 11 bits: more than a file's 8
        if picture.shape[2] * picture.shape[3] <= side * side:
            self.whole = features_of(encoder, picture.float(), layer, multiple)
        else:
            self.padded = with_margin(picture, margin_for(multiple))

    def __call__(self, block: Block) -> Tensor:
        """Return the features that a block owns."""
        if self.whole is not None:
            return block.part(self.whole, self.stride)
        with torch.no_grad():
            seen = self.encoder(block.cut(self.padded).float(), [self.layer])[self.layer]
        return block.owned(seen, self.stride)


def features_of(encoder: Encoder, picture: Tensor, layer: str, multiple: int) -> Tensor:
    """Return all features of a picture (1 3 H W) at a layer, without those of its margin.

    The margin is as wide as the objective's, whose largest stride is `multiple`: features near the
    edge depend on how wide it is.
    """
    (block,) = blocks(*_size(picture), side=max(_size(picture)), reach=0, multiple=multiple)
    with torch.no_grad():
        seen = encoder(with_margin(picture, block.margin), [layer])[layer]
    return block.owned(seen, encoder.stride(layer))


def painted_levels(
    painting: Source,
    size: tuple[int, int],
    levels: int,
    strokes: float,
    device: torch.device,
) -> list[Tensor]:
    """Return a painting for each level of a canvas, 1 3 h w, of the canvas' area times strokes.

    A painting is never enlarged: it would teach blur. Levels finer than it are given the painting
    at its own size, whose finest strokes are then finer than they should be.
    """
    height, width = painting.height, painting.width
    own = max(height, width)
    wanted = own * strokes * float(np.sqrt(size[0] * size[1] / (height * width)))
    finer = 0
    while finer < levels - 1 and wanted / 2**finer > own:
        finer += 1
    first = _tensor(painting, min(own, max(8, round(wanted / 2**finer))), device)
    result = pyramid(first, levels - finer)
    return [_tensor(painting, own, device)] * finer + result


def moments_in_blocks(
    encoder: Encoder,
    picture: Tensor,
    layer: str,
    *,
    side: int,
    multiple: int,
    diagonal: bool,
    precise: bool,
) -> Moments:
    """Return the moments of a picture's features, however large it is; `features_of` has more."""
    stride, total = encoder.stride(layer), None
    padded = with_margin(picture, margin_for(multiple))
    with torch.no_grad():
        for block in blocks(
            *_size(picture), side=side, reach=encoder.reach(layer), multiple=multiple
        ):
            seen = block.owned(encoder(block.cut(padded), [layer])[layer], stride)
            found = sums(seen, diagonal=diagonal, precise=precise)
            total = (
                found
                if total is None
                else Sums(*(a + b for a, b in zip(total, found, strict=True)))
            )
    assert total is not None  # a picture has a block
    return total.moments()


def _size(x: Tensor) -> tuple[int, int]:
    return x.shape[2], x.shape[3]


def _tensor(source: Source, long_side: int, device: torch.device) -> Tensor:
    return to_tensor(source.thumbnail(long_side)).to(device)


def to_tensor(picture: npt.NDArray[np.float32]) -> Tensor:
    """Return a picture H W 3 as 1 3 H W."""
    return torch.from_numpy(np.ascontiguousarray(picture.transpose(2, 0, 1)[None]))
