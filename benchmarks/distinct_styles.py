"""How different the gallery's styles look: the closest pairs by mean CIEDE2000 over six photos."""

import argparse
import itertools
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
from skimage import color, data

from benchmarks.machine import PAINTER
from impasto.images.resize import resize
from impasto.images.source import open_picture
from impasto.methods.fast import FastStylizer
from impasto.methods.stylize import stylize
from impasto.styles.gallery import built_in, find

PHOTOS = (
    "astronaut.png", "camera.png", "chelsea.png", "coffee.png", "motorcycle_left.png", "rocket.jpg",
)  # fmt: skip
PAINTED = 256  # long side of the paintings
COMPARED = 48  # height and width they are compared at: color and texture, not single pixels

Lab = npt.NDArray[np.float64]


def mean_color_difference(one: Lab, other: Lab) -> float:
    """Return the mean CIEDE2000 difference of two pictures in Lab, pixel by pixel."""
    compare: Callable[..., Lab] = color.deltaE_ciede2000
    return float(compare(one, other).mean())


def closest_pairs(paintings: Mapping[str, Lab], count: int) -> list[tuple[float, str, str]]:
    """Return the pairs that look most alike: difference, and both names."""
    pairs = [
        (mean_color_difference(paintings[one], paintings[other]), one, other)
        for one, other in itertools.combinations(sorted(paintings), 2)
    ]
    return sorted(pairs)[:count]


def paint(stylizer: FastStylizer, name: str) -> Lab:
    """Return the six photos in a style, one below the other, small, in Lab."""
    rows = []
    for photo in PHOTOS:
        thumbnail = open_picture(Path(data.__file__).parent / photo).thumbnail(PAINTED)
        painted = np.asarray(stylize(thumbnail, find(name), stylizer=stylizer), np.float32)
        rows.append(resize(painted / np.float32(255), COMPARED, COMPARED))
    return np.asarray(color.rgb2lab(np.concatenate(rows)), np.float64)


def main() -> None:
    """Print the closest pairs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=PAINTER, help="model folder")
    parser.add_argument("--count", type=int, default=10, help="how many pairs to print")
    chosen = parser.parse_args()
    stylizer = FastStylizer.open(chosen.model)
    paintings = {name: paint(stylizer, name) for name in built_in()}
    print(f"Mean CIEDE2000 of {len(paintings)} styles over {len(PHOTOS)} photos, closest pairs:")
    for difference, one, other in closest_pairs(paintings, chosen.count):
        print(f"{difference:6.2f}  {one}  {other}")


if __name__ == "__main__":
    main()
