"""Batches and loss terms, by name."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

Batch = dict[str, Tensor]  # every tensor has a row for each place of the batch
Terms = dict[str, Tensor]


def stacked(crops: Sequence[npt.NDArray[np.uint8]]) -> Tensor:
    """Return crops as B H W 3, uint8."""
    return torch.from_numpy(np.stack(crops))


def rows(batch: Batch) -> int:
    """Return how many places a batch has."""
    return len(next(iter(batch.values())))


def split(batch: Batch, parts: int) -> Iterator[Batch]:
    """Give the parts of a batch, of sizes as equal as can be, none of them empty."""
    count = rows(batch)
    parts = max(1, min(parts, count))
    sizes = [count // parts + (i < count % parts) for i in range(parts)]
    columns = {name: torch.split(tensor, sizes) for name, tensor in batch.items()}
    for i in range(parts):
        yield {name: pieces[i] for name, pieces in columns.items()}


def total(terms: Terms, weights: Mapping[str, float]) -> Tensor:
    """Return the weighted sum of the terms."""
    return torch.stack([value * weights[name] for name, value in terms.items()]).sum()
