"""Little subjects for the patterns: landscapes, bouquets, abstractions, as regions and shade."""

from dataclasses import dataclass

import numpy as np

from impasto.images.patterns_ground import (
    Colors,
    Field,
    Labels,
    Picture,
    Random,
    coordinates,
    mix,
    noise,
)


@dataclass(frozen=True)
class Scene:
    """Regions (H W, numbered from 0) and shade (H W in [0, 1], dark to light within a region)."""

    regions: Labels
    shade: Field


def landscape(rng: Random, size: int) -> Scene:
    """Banded sky, a sun with rings, hills one before another, round trees."""
    y, x = coordinates(size)
    wander = noise(rng, size, 3)
    regions = ((y + 0.25 * wander) * 6).astype(np.int32)
    shade = wander.copy()
    row, column = rng.uniform(0.12, 0.35), rng.uniform(0.2, 0.8)
    radius = np.hypot(y - row, x - column) + 0.02 * wander
    for ring in (0.26, 0.19, 0.12):
        inside = radius < ring
        regions[inside] = 7 + int(ring * 50)
        shade[inside] = 1 - radius[inside] / 0.3
    for hill in range(5):
        line = 0.42 + 0.13 * hill + 0.22 * (noise(rng, size, 2 + hill, 3)[size // 2] - 0.5)
        below = y > line[None]
        regions[below] = 20 + hill + 5 * ((y * 17 + wander * 3).astype(np.int32) % 2)[below]
        shade[below] = np.clip(1 - (y - line[None])[below] * 3, 0, 1)
    for _ in range(rng.integers(5, 11)):
        _disc(
            regions, shade, rng.uniform(0.5, 0.95), rng.uniform(0, 1), rng.uniform(0.03, 0.1), rng
        )
    return Scene(regions, shade)


def _disc(
    regions: Labels, shade: Field, row: float, column: float, radius: float, rng: Random
) -> None:
    y, x = coordinates(len(regions))
    inside = np.hypot(y - row, (x - column) * rng.uniform(0.9, 1.5)) < radius
    regions[inside] = rng.integers(40, 60)
    shade[inside] = np.clip(0.5 - ((y - row) + (x - column)) / (2.5 * radius), 0, 1)[inside]


def bouquet(rng: Random, size: int) -> Scene:
    """Petalled flowers and leaves over a wandering ground."""
    y, x = coordinates(size)
    wander = noise(rng, size, 3)
    regions = (wander * 4).astype(np.int32)
    shade = noise(rng, size, 5)
    for flower in range(rng.integers(14, 22)):
        row, column = rng.uniform(0, 1, 2)
        turn = np.arctan2(y - row, x - column) + rng.uniform(0, 6)
        radius = np.hypot(y - row, x - column) / rng.uniform(0.07, 0.2)
        petals = int(rng.integers(2, 9))
        shape = radius / (0.62 + 0.38 * np.abs(np.cos(turn * petals / 2)))
        for ring, number in ((1.0, 10), (0.62, 30), (0.28, 50)):
            inside = shape < ring
            regions[inside] = number + (flower * 7) % 20
            shade[inside] = np.clip(shape[inside] / ring, 0, 1)
    return Scene(regions, shade)


def abstraction(rng: Random, size: int) -> Scene:
    """Circles, wedges and bars that cut each other into new regions."""
    y, x = coordinates(size)
    regions = np.zeros((size, size), np.int32)
    shade = np.zeros((size, size), np.float32)
    for cut in range(9):
        row, column = rng.uniform(0, 1, 2)
        angle, reach = rng.uniform(0, 2 * np.pi), rng.uniform(0.12, 0.35)
        across = (y - row) * np.cos(angle) - (x - column) * np.sin(angle)
        radius = np.hypot(y - row, x - column)
        kind = cut % 3
        inside = (radius < reach) if kind == 0 else (across > 0)
        if kind == 2:
            inside = (np.abs(across) < 0.05) | (np.abs(radius - reach) < 0.03)
        regions[inside] += int(rng.integers(1, 9)) * (1 + 10 * (cut % 2))
        shade += np.abs(across)
    return Scene(regions, np.asarray(shade / shade.max(), np.float32))


def currents(rng: Random, size: int) -> Scene:
    """Bands of a twice warped noise, like agate or water."""
    y, x = coordinates(size)
    first, second = noise(rng, size, 3, 3), noise(rng, size, 3, 3)
    rows = ((y + 0.35 * first) * size).astype(np.int32) % size
    columns = ((x + 0.35 * second) * size).astype(np.int32) % size
    field = noise(rng, size, 2, 2)[rows, columns]
    return Scene((field * 9).astype(np.int32), np.asarray(field * 9 % 1, np.float32))


def scene(rng: Random, size: int) -> Scene:
    """One of the subjects, by lot."""
    subjects = (landscape, bouquet, abstraction, currents)
    return subjects[int(rng.integers(len(subjects)))](rng, size)


def tint(subject: Scene, colors: Colors, rng: Random, depth: float = 0.35) -> Picture:
    """The scene in flat colours of the palette, shaded towards dark and light by `depth`."""
    count = int(subject.regions.max()) + 1
    order = np.resize(rng.permutation(len(colors)), count)
    base = colors[order[subject.regions]]
    dark, pale = colors[0] * 0.5 + base * 0.5, colors[-1] * 0.5 + base * 0.5
    low = mix(base, dark, np.clip(1 - 2 * subject.shade, 0, 1) * depth * 2)
    return mix(low, pale, np.clip(2 * subject.shade - 1, 0, 1) * depth * 2)
