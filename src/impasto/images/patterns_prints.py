"""Patterns from the press, the dye bath and the wall: halftone, riso, batik, shibori, fresco."""

import numpy as np
from scipy import ndimage

from impasto.images.patterns_ground import (
    Colors,
    Field,
    Picture,
    Random,
    cells,
    coordinates,
    depth,
    edges,
    grain,
    light,
    mix,
    noise,
    scatter,
    step,
)
from impasto.images.patterns_scenes import bouquet, scene, tint


def _flat(color: Colors, size: int) -> Picture:
    return np.broadcast_to(color, (size, size, 3)).astype(np.float32)


def _screen(size: int, turn: float, pitch: float) -> Field:
    """A turned dot screen: threshold in [0, 1], 0 at the middle of a dot."""
    y, x = coordinates(size)
    u = (x * np.cos(turn) + y * np.sin(turn)) * 512 / pitch
    v = (y * np.cos(turn) - x * np.sin(turn)) * 512 / pitch
    return np.asarray(np.hypot(u % 1 - 0.5, v % 1 - 0.5).astype(np.float32) * 1.25, np.float32)


def halftone_comic(rng: Random, size: int, colors: Colors) -> Picture:
    """Bold outlined flats, shaded by a coarse dot screen, on warm newsprint."""
    unit = size / 512
    subject = scene(rng, size)
    flat = tint(subject, colors[1:], rng, 0.0)
    dots = tint(subject, np.roll(colors[1:], 2, axis=0), rng, 0.0)
    turn, pitch = rng.uniform(0, 1.5), rng.uniform(8, 13)
    first = 1 - step(
        _screen(size, turn, pitch), np.sqrt(np.clip(1.1 - subject.shade, 0, 1)) * 0.72, 0.1
    )
    picture = mix(flat, dots, first)
    picture = mix(
        picture,
        _flat(colors[-1], size),
        (1 - step(_screen(size, turn + 0.8, pitch), 0.55 * subject.shade**2, 0.1)),
    )
    away = depth(subject.regions)
    outline = 1 - step(away, (3.2 + 2.5 * noise(rng, size, 6, 2)) * unit, 1.2 * unit)
    deep = ((subject.regions % 5 == 2) & (subject.shade < 0.3)).astype(np.float32)
    ink = np.maximum(outline, deep)
    picture = mix(picture, _flat(colors[0], size), ink)
    return picture - 0.06 * noise(rng, size, 100, 2)[..., None] + grain(rng, size, 0.015)


def risograph_grain(rng: Random, size: int, colors: Colors) -> Picture:
    """Three translucent inks, out of register, with stochastic grain."""
    subject = scene(rng, size)
    picture = _flat(colors[-1], size) * (0.97 + 0.03 * noise(rng, size, 60, 2)[..., None])
    order = np.resize(rng.permutation(64), int(subject.regions.max()) + 1)[subject.regions]
    for index in range(3):
        # Each region takes one or two of the three inks, full or shaded.
        used = np.array([5, 3, 6, 1, 2, 4, 0])[order % 7] >> index & 1
        shaded = np.where(order % 2, 1.15 - 1.1 * subject.shade, 0.3 + 0.9 * subject.shade)
        load = np.roll(used * shaded, rng.integers(-4, 5, 2) * max(size // 512, 1), (0, 1))
        speck = ndimage.gaussian_filter(rng.random((size, size)), 0.6 * size / 512 + 0.1)
        speck = (speck - speck.mean()) / speck.std() * 0.22 + 0.5
        cover = step(load * (0.85 + 0.3 * noise(rng, size, 4, 3)), speck, 0.2)
        ink = _flat(colors[index + 1], size)
        picture = picture * mix(np.ones_like(picture), ink, cover * 0.93)
    return picture


def batik_wax(rng: Random, size: int, colors: Colors) -> Picture:
    """Dotted ornaments reserved in wax, dye that crept through its cracks."""
    unit = size / 512
    subject = bouquet(rng, size)
    away = depth(subject.regions)
    cloth = tint(subject, colors[:-1], rng, 0.25) * (0.8 + 0.3 * noise(rng, size, 10, 5)[..., None])
    contour = 1 - step(np.abs(away - 5 * unit), 2.2 * unit, 1.5 * unit)
    points = scatter(rng, size, 11 * unit)
    _, border = cells(size, points)
    beads = step(border, 3.2 * unit, 1.5 * unit) * (subject.regions % 3 == 1) * (away > 10 * unit)
    rings = (np.abs((away / (13 * unit)) % 1 - 0.5) < 0.1) * (subject.regions % 3 == 2)
    wax = np.clip(contour + beads + rings, 0, 1).astype(np.float32)
    picture = mix(
        cloth, _flat(colors[-1], size) * (0.93 + 0.07 * noise(rng, size, 30, 3)[..., None]), wax
    )
    crack = _cracks(rng, size, 46 * unit, 1.1 * unit) * step(noise(rng, size, 4, 3), 0.4, 0.3)
    picture = mix(picture, _flat(colors[0], size), crack * 0.75)
    rows, columns = np.mgrid[0:size, 0:size]
    weave = ((rows + columns) % 2) * 0.03 + grain(rng, size, 0.015)[..., 0]
    return np.asarray(picture + weave[..., None], np.float32)


def _cracks(rng: Random, size: int, spacing: float, wide: float) -> Field:
    """Fine wandering cracks: borders of warped cells (H W in [0, 1])."""
    _, border = cells(size, scatter(rng, size, spacing))
    bend = (noise(rng, size, 12, 4) - 0.5) * spacing * 0.5
    rows, columns = np.mgrid[0:size, 0:size]
    rows = np.clip(rows + bend, 0, size - 1).astype(np.int32)
    columns = np.clip(columns - bend, 0, size - 1).astype(np.int32)
    return 1 - step(border[rows, columns], wide, wide)


def shibori_indigo(rng: Random, size: int, colors: Colors) -> Picture:
    """Folded and bound cloth: mirrored pale rings and bars in many depths of indigo."""
    y, x = coordinates(size)
    count = int(rng.integers(3, 6))
    bleed = noise(rng, size, 6, 5)
    v = np.abs((y * count + 0.06 * (bleed - 0.5)) % 1 - 0.5) * 2
    u = np.abs((x * count + 0.06 * (noise(rng, size, 6, 5) - 0.5)) % 1 - 0.5) * 2
    bound = np.abs(np.sin((np.hypot(u, v) * rng.integers(2, 5) + 0.25 * np.abs(u - v)) * np.pi))
    diamond = np.abs(np.sin((u + v) * np.pi * rng.integers(1, 4)))
    dye = 0.5 * bound + 0.3 * diamond + 0.5 * (bleed - 0.5) + 0.12 * (noise(rng, size, 60, 3) - 0.5)
    stitch = step(np.sin(x * 220), 0.2, 0.8) * np.exp(-((v - 0.5) ** 2) / 0.002)
    dye = np.clip(dye * 1.35 - 0.6 * stitch, 0, 1)
    place = dye * (len(colors) - 1)
    low = np.minimum(place.astype(np.int32), len(colors) - 2)
    picture = mix(colors[::-1][low], colors[::-1][low + 1], (place - low).astype(np.float32))
    rows, columns = np.mgrid[0:size, 0:size]
    return np.asarray(
        picture + ((rows % 3 == 0) * 0.025 - (columns % 3 == 0) * 0.025)[..., None], np.float32
    )


def fresco_crackle(rng: Random, size: int, colors: Colors) -> Picture:
    """Chalky wall painting with craquelure, stains and lost plaster."""
    unit = size / 512
    subject = scene(rng, size)
    guide = tint(subject, colors[:-1], rng, 0.4)
    brushed = noise(rng, size, 30, 5)
    picture = guide * 0.8 + 0.2 * colors[-1] + 0.2 * (brushed[..., None] - 0.5)
    outline = ndimage.gaussian_filter(edges(subject.regions).astype(np.float32), 1.2 * unit)
    picture = mix(
        picture, _flat(colors[0], size), np.clip(outline * 2.5 * brushed, 0, 0.8).astype(np.float32)
    )
    loss = noise(rng, size, 5, 6, 0.6)
    gone = step(loss, 0.74, 0.015)
    plaster = colors[-1] * (0.8 + 0.25 * noise(rng, size, 40, 4)[..., None])
    picture = mix(picture.astype(np.float32), plaster.astype(np.float32), gone)
    fine = _cracks(rng, size, 22 * unit, 0.8 * unit) * 0.5
    wide = _cracks(rng, size, 90 * unit, 1.8 * unit) * 0.85
    picture = mix(picture, _flat(colors[0], size), np.maximum(fine, wide) * (1 - 0.5 * gone))
    relief = light(ndimage.gaussian_filter(-gone * 2 + loss * 2, 1.0).astype(np.float32), 2.0)
    return picture + 0.1 * relief[..., None] + grain(rng, size, 0.02)
