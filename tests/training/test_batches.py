"""Batches in parts, and the sum of their losses."""

import torch

from impasto.training.batches import rows, split, total


def test_parts_are_the_batch_and_none_is_empty() -> None:
    batch = {"content": torch.arange(10).view(5, 2), "which": torch.arange(5)}
    for parts in (1, 2, 3, 5, 9):
        pieces = list(split(batch, parts))
        assert len(pieces) == min(parts, 5) and all(rows(piece) for piece in pieces)
        assert max(map(rows, pieces)) - min(map(rows, pieces)) <= 1
        for name, tensor in batch.items():
            assert torch.equal(torch.cat([piece[name] for piece in pieces]), tensor)


def test_the_total_weighs_every_term() -> None:
    terms = {"style": torch.tensor(2.0), "content": torch.tensor(3.0)}
    assert total(terms, {"style": 10, "content": 1, "other": 5}) == 23
