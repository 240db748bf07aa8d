"""A picture as a graph of superpixels, and the cheapest cut that parts a region from the ground."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from impasto.images.color import rgb_to_lab
from impasto.images.resize import FloatPicture

SEGMENTS = 900
LIKE = 7.0  # Lab units: colors this close count as alike
SMOOTH = 5.0  # what a pixel of border within one color costs, against a pixel on the wrong side

Chosen = npt.NDArray[np.bool_]  # one for each superpixel
Indices = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Superpixels:
    """Small parts of about one color (SLIC, Achanta et al. 2012), and their common borders."""

    labels: Indices  # H W
    colors: Values  # n 3, Lab
    areas: Values  # n, pixels
    pairs: Indices  # m 2, neighbours
    borders: Values  # m, pixels of common border

    @classmethod
    def of(cls, picture: FloatPicture) -> "Superpixels":
        """Cut a picture (float32 H W 3, RGB in [0, 1]) into superpixels."""
        from skimage.segmentation import slic

        cut = slic(picture, SEGMENTS, compactness=10, sigma=0.5, start_label=0)
        labels = np.unique(cut, return_inverse=True)[1].reshape(cut.shape)
        areas = np.bincount(labels.ravel()).astype(np.float64)
        lab = rgb_to_lab(picture)
        sums = [np.bincount(labels.ravel(), lab[..., c].ravel()) for c in range(3)]
        beside = [(labels[:, :-1], labels[:, 1:]), (labels[:-1], labels[1:])]
        touching = np.concatenate([np.stack([a.ravel(), b.ravel()], 1) for a, b in beside])
        touching = np.sort(touching[touching[:, 0] != touching[:, 1]], 1)
        pairs, borders = np.unique(touching, axis=0, return_counts=True)
        return cls(labels, np.stack(sums, 1) / areas[:, None], areas, pairs, borders.astype(float))

    @cached_property
    def alike(self) -> Values:
        """How alike each two superpixels are in color, n n, in [0, 1]."""
        away = ((self.colors[:, None] - self.colors[None]) ** 2).sum(-1)
        return np.asarray(np.exp(-away / (2 * LIKE**2)))

    @cached_property
    def steps(self) -> Values:
        """The difference in color over each border, m, in Lab units."""
        first, second = self.pairs.T
        return np.asarray(np.sqrt(((self.colors[first] - self.colors[second]) ** 2).sum(1)))

    def distance(self, seeds: Indices) -> Values:
        """Return how far in color each superpixel is from the seeds, n, in Lab units.

        Steps on the way count squared: a gradual sky is near, what lies behind an edge is far.
        """
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import dijkstra

        count = len(self.areas)
        # A step of nothing would be no connection to scipy.
        graph = coo_array((self.steps**2 + 1e-9, tuple(self.pairs.T)), shape=(count, count))
        way = dijkstra(graph.tocsr(), directed=False, indices=seeds, min_only=True)
        own = np.sqrt(((self.colors[:, None] - self.colors[seeds]) ** 2).sum(-1)).min(1)
        return np.asarray(np.sqrt(way) + own) / 2

    def preference(self, chosen: Chosen) -> Values:
        """Return how much likelier each color is in the region than in the ground, as a log."""
        likely = []
        for side in (chosen, ~chosen):
            weights = np.where(side, self.areas, 0)
            likely.append(self.alike @ weights / weights.sum() + 1e-4)
        return np.asarray(np.log(likely[0] / likely[1]))

    def cut(self, preference: Values, sure: Indices) -> Chosen:
        """Return the region that costs least: colors on the wrong side, borders without an edge.

        Args:
            preference: n, above 0 for the region.
            sure: n, 1 for the region, 0 for the ground, -1 for what the cut decides.
        """
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import breadth_first_order, maximum_flow

        count, every = len(self.areas), np.arange(len(self.areas))
        pull = preference * self.areas
        most = 10 * (abs(pull).sum() + self.borders.sum())
        pull = np.where(sure == 1, most, np.where(sure == 0, -most, pull))
        held = SMOOTH * self.borders * np.exp(-((self.steps / LIKE) ** 2) / 2)
        first, second = self.pairs.T
        rows = np.concatenate([first, second, np.full(count, count), every])
        columns = np.concatenate([second, first, every, np.full(count, count + 1)])
        costs = np.concatenate([held, held, pull.clip(0), (-pull).clip(0)])
        costs = np.rint(costs * (1e8 / most)).astype(np.int32)
        graph = coo_array((costs, (rows, columns)), shape=(count + 2, count + 2)).tocsr()
        room = graph - maximum_flow(graph, count, count + 1).flow
        room.data = np.where(room.data > 0, 1, 0).astype(np.int32)
        room.eliminate_zeros()
        reached = breadth_first_order(room, count, return_predecessors=False)
        return np.isin(every, reached)

    def connected(self, chosen: Chosen, seeds: Indices) -> Chosen:
        """Return the parts of a choice that hang together with the seeds."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        count, inner = len(self.areas), self.pairs[chosen[self.pairs].all(1)]
        graph = coo_array((np.ones(len(inner)), tuple(inner.T)), shape=(count, count))
        island = connected_components(graph.tocsr(), directed=False)[1]
        return np.isin(island, island[seeds])
