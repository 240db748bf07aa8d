"""FID and ArtFID: how far all paintings of a model are from the paintings of the styles."""

import numpy as np
import numpy.typing as npt

Features = npt.NDArray[np.float64]  # N C, one row a picture


def frechet_distance(painted: Features, styles: Features) -> float:
    """Return the Frechet inception distance between two sets of features (Heusel et al. 2017).

    The squared distance between normal distributions of their means and covariances; 0 for equal
    sets. It grows as the number of pictures falls, so compare only sets of the same size. The trace
    of the root of the covariances' product is the sum of the singular values of the features'
    product, which is exact also for fewer pictures than features.

    Args:
        painted, styles: at least two rows each.
    """
    gap = painted.mean(0) - styles.mean(0)
    here, there = _root(painted), _root(styles)
    together = np.linalg.svd(here @ there.T, compute_uv=False).sum()
    distance = gap @ gap + np.square(here).sum() + np.square(there).sum() - 2 * together
    return max(0.0, float(distance))


def art_fid(lpips: float, fid: float) -> float:
    """Return ArtFID, (1 + LPIPS)(1 + FID) (Wright and Ommer 2022): content and style in one."""
    return (1 + lpips) * (1 + fid)


def _root(features: Features) -> Features:
    """Return R with RᵀR the covariance: no more rows than there are pictures or features."""
    centred = (features - features.mean(0)) / np.sqrt(len(features) - 1)
    return np.asarray(np.linalg.qr(centred, mode="r"))
