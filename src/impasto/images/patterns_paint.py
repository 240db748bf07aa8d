"""Patterns made with a brush or a knife: oil, gouache, watercolour, ink, dots, pencil."""

import numpy as np
from scipy import ndimage

from impasto.images.patterns_ground import (
    Colors,
    Field,
    Picture,
    Random,
    coordinates,
    grain,
    lay_marks,
    light,
    mix,
    noise,
    pick,
    scatter,
    step,
    streaks,
)
from impasto.images.patterns_scenes import bouquet, currents, landscape, scene, tint


def flow(rng: Random, size: int, turns: float = 1.0) -> Field:
    """Angles that turn slowly over the canvas, with a few vortices, in radians."""
    y, x = coordinates(size)
    angle = noise(rng, size, 2, 2) * 2 * np.pi * turns
    for _ in range(3):
        row, column = rng.uniform(0.1, 0.9, 2)
        pull = np.exp(-(((y - row) ** 2 + (x - column) ** 2) / 0.02))
        angle += pull * (np.arctan2(y - row, x - column) + np.pi / 2 - angle)
    return np.asarray(angle, np.float32)


def _brush(
    rng: Random, guide: Picture, angle: Field, length: float, width: float, jitter: float
) -> tuple[Picture, Field]:
    """Bristled strokes that take their colour from the guide; the picture and its relief."""
    size = len(guide)
    points = scatter(rng, size, width * 0.62)
    count = len(points)
    turn = pick(angle, points) + rng.normal(0, 0.12, count)
    marks = lay_marks(
        size,
        points,
        turn,
        length * rng.uniform(0.6, 1.3, count),
        width * rng.uniform(0.6, 1.2, count),
    )
    paint = (
        pick(guide, points)
        + rng.normal(0, jitter, (count, 1))
        + rng.normal(0, jitter / 2, (count, 3))
    )
    bristle = rng.random((count, 24))
    lane = np.clip((marks.across + 1) * 11.5, 0, 23).astype(np.int32)
    hair = bristle[marks.top, lane]
    relief = (1 - marks.across**2) * 0.7 + hair * 0.5 + 0.3 * np.clip(marks.along, -1, 1)
    body = paint[marks.top] + (hair[..., None] - 0.5) * jitter * 1.6
    return body.astype(np.float32), relief.astype(np.float32)


def oil_impasto(rng: Random, size: int, colors: Colors) -> Picture:
    """Thick short strokes along a swirling field, lit from the upper left."""
    unit = size / 512
    guide = tint(scene(rng, size), colors, rng, 0.45)
    angle = flow(rng, size)
    body, relief = _brush(rng, guide, angle, 46 * unit, 11 * unit, 0.08)
    shine = light(ndimage.gaussian_filter(relief, 0.7), 1.6)
    return body + 0.16 * shine[..., None]


def palette_knife(rng: Random, size: int, colors: Colors) -> Picture:
    """Broad flat slabs of paint with scraped ridges."""
    unit = size / 512
    guide = tint(scene(rng, size), colors, rng, 0.3)
    angle = np.round(flow(rng, size) / (np.pi / 4)) * (np.pi / 4) + 0.3
    base, low = _brush(rng, guide, angle.astype(np.float32), 90 * unit, 38 * unit, 0.09)
    over, high = _brush(rng, guide, angle.astype(np.float32), 54 * unit, 20 * unit, 0.12)
    cover = step(noise(rng, size, 9), 0.5, 0.08)
    body = mix(base, over, cover)
    relief = ndimage.gaussian_filter(low * (1 - cover) + (high + 0.6) * cover, 0.8)
    scrape = streaks(rng, size, angle.astype(np.float32), 30)
    return np.asarray(
        body + 0.17 * light(relief, 1.5)[..., None] + 0.1 * (scrape[..., None] - 0.5), np.float32
    )


def pointillist_dots(rng: Random, size: int, colors: Colors) -> Picture:
    """Pure dots beside each other that mix in the eye."""
    unit = size / 512
    guide = tint(landscape(rng, size) if rng.random() < 0.5 else scene(rng, size), colors, rng, 0.5)
    picture = guide * 0.6 + colors[-1] * 0.4
    circle = np.linspace(0, 2 * np.pi, 9)[:-1]
    corners = np.stack((np.cos(circle), np.sin(circle)), -1)
    for spacing, breadth in ((8.0, 10.0), (6.5, 7.0)):
        points = scatter(rng, size, spacing * unit)
        count = len(points)
        width = breadth * unit * rng.uniform(0.7, 1.15, count)
        marks = lay_marks(size, points, rng.uniform(0, 6, count), width * 1.2, width, corners)
        # Almost every third dot is a pure colour of the palette, so that neighbours vibrate.
        strays = (rng.random(count) < 0.3)[:, None]
        pure = colors[rng.integers(len(colors), size=count)]
        paint = np.where(strays, pure, pick(guide, points)) + rng.normal(0, 0.05, (count, 3))
        picture = np.where((marks.top >= 0)[..., None], paint[marks.top], picture)
        bump = 1 - marks.along**2 - marks.across**2
        picture = picture + 0.05 * light(np.asarray(bump, np.float32), 1.0)[..., None]
    return np.asarray(picture, np.float32)


def gouache_flat(rng: Random, size: int, colors: Colors) -> Picture:
    """Flat opaque shapes with dry edges and brushed lights."""
    subject = landscape(rng, size)
    flat = tint(subject, colors, rng, 0.0)
    angle = np.full((size, size), rng.uniform(-0.5, 0.5), np.float32)
    dry = streaks(rng, size, angle, 60)
    lights = mix(
        flat, np.broadcast_to(colors[-1], flat.shape), step(dry * subject.shade, 0.42, 0.06) * 0.45
    )
    shadows = mix(
        lights,
        np.broadcast_to(colors[0], flat.shape),
        step(dry * (1 - subject.shade), 0.5, 0.06) * 0.4,
    )
    return shadows + 0.08 * (noise(rng, size, 60, 3)[..., None] - 0.5) + grain(rng, size, 0.012)


def watercolor_bloom(rng: Random, size: int, colors: Colors) -> Picture:
    """Transparent washes with dark rims, blooms and granulation on rough paper."""
    unit = size / 512
    y, x = coordinates(size)
    paper = noise(rng, size, size // 3, 2)
    picture = np.broadcast_to(colors[-1], (size, size, 3)).astype(np.float32)
    wander = noise(rng, 2 * size, 8, 6, 0.6)
    for _ in range(16):
        row, column = rng.uniform(0, 1, 2)
        reach = rng.uniform(0.1, 0.32)
        top, left = rng.integers(0, size, 2)
        local = wander[top : top + size, left : left + size]
        edge = (
            reach - np.hypot(y - row, (x - column) * rng.uniform(0.6, 1.4)) + 0.28 * (local - 0.5)
        )
        inside = step(edge, 0, 0.008)
        rim = np.exp(-np.abs(edge) / 0.008) * 0.45 + np.exp(-np.abs(edge - 0.07) / 0.012) * 0.18
        load = inside * (0.3 + 0.55 * local * (0.7 + 0.5 * paper) + rim)
        pigment = 1 - colors[int(rng.integers(len(colors) - 1))]
        picture = picture * (1 - np.clip(load, 0, 1)[..., None] * pigment * 0.85)
    relief = light(ndimage.gaussian_filter(paper, 0.6 * unit), 0.8)
    return np.asarray(picture + 0.035 * relief[..., None], np.float32)


def ink_wash(rng: Random, size: int, colors: Colors) -> Picture:
    """Misty mountains in layers of diluted ink on old paper, with a few dry strokes."""
    y, _ = coordinates(size)
    paper = noise(rng, size, 8, 5)
    picture = colors[-1] * (0.93 + 0.07 * paper[..., None])
    for layer in range(6):
        ridge = noise(rng, size, 2 + layer, 6, 0.55)[size // 3]
        line = 0.18 + 0.13 * layer + 0.3 * (ridge - 0.5)
        below = y - line[None]
        body = step(below, 0, 0.006) * np.exp(-np.maximum(below, 0) / (0.08 + 0.02 * layer))
        wet = noise(rng, size, 5, 5) ** 1.5
        load = np.clip(body * (0.25 + 0.16 * layer) * (0.45 + wet), 0, 1)
        ink = colors[0] * (0.75 if layer % 2 else 1) + colors[1] * (0.25 if layer % 2 else 0)
        picture = mix(picture, np.broadcast_to(ink, picture.shape), np.asarray(load, np.float32))
    dry = streaks(rng, size, flow(rng, size, 0.5), 50)
    sweep = step(noise(rng, size, 3, 2), 0.8, 0.1) * step(dry, 0.55, 0.2)
    picture = mix(picture, np.broadcast_to(colors[0], picture.shape), sweep * 0.85)
    accent = step(noise(rng, size, 14, 3), 0.86, 0.04) * step(paper, 0.5, 0.1)
    return mix(picture, np.broadcast_to(colors[2], picture.shape), accent * 0.8)


def colored_pencil(rng: Random, size: int, colors: Colors) -> Picture:
    """Layers of slanted pencil lines that break on the tooth of the paper."""
    guide = tint(bouquet(rng, size), colors, rng, 0.5)
    tooth = noise(rng, size, size // 2, 2)
    picture = np.broadcast_to(colors[-1], guide.shape)
    for slant, weight in ((0.8, 0.85), (2.2, 0.7), (1.2, 0.6)):
        angle = (slant + 0.5 * (noise(rng, size, 3, 2) - 0.5)).astype(np.float32)
        line = streaks(rng, size, angle, 44, 1.4)
        cover = step(0.75 * line + 0.35 * tooth, 0.5, 0.3) * weight
        shift = guide + rng.normal(0, 0.06, 3).astype(np.float32)
        picture = mix(picture, shift, cover)
    return picture


def charcoal_sketch(rng: Random, size: int, colors: Colors) -> Picture:
    """Smudged tone, rough strokes and erased lights, with one or two coloured chalks."""
    subject = scene(rng, size)
    tone = ndimage.gaussian_filter(tint(subject, colors, rng, 0.6).mean(-1), size / 200)
    tooth = noise(rng, size, size // 2, 3)
    angle = (2.2 + 1.2 * (noise(rng, size, 2, 2) - 0.5)).astype(np.float32)
    line = streaks(rng, size, angle, 70, 2.0)
    paper = np.broadcast_to(colors[-1], (size, size, 3)) * (0.94 + 0.06 * tooth[..., None])
    smudge = np.clip(1.05 - 1.3 * tone, 0, 0.8) * (0.5 + 0.5 * tooth)
    picture = mix(paper, np.broadcast_to(colors[0], paper.shape), smudge.astype(np.float32) * 0.7)
    strokes = step(line * 0.8 + tooth * 0.4, 0.35 + 0.75 * tone, 0.12)
    picture = mix(picture, np.broadcast_to(colors[0], paper.shape), strokes * 0.85)
    for chalk in (1, 2):
        patch = step(noise(rng, size, 4, 2), 0.68, 0.15) * step(line + 0.5 * tooth, 0.75, 0.2)
        picture = mix(picture, np.broadcast_to(colors[chalk], paper.shape), patch * 0.8)
    contour = ndimage.gaussian_filter(np.abs(ndimage.laplace(tone)), 1.5)
    drawn = step(contour / max(float(contour.max()), 1e-6), 0.12, 0.1) * (0.4 + 0.6 * tooth)
    return mix(picture, np.broadcast_to(colors[0], paper.shape), drawn)


def marbled_paper(rng: Random, size: int, colors: Colors) -> Picture:
    """Floating colours combed into feathers, with bright veins."""
    y, x = coordinates(size)
    wave = 0.04 * np.sin(x * np.pi * rng.integers(10, 18)) * np.sign(np.sin(y * 40))
    comb = np.abs((x * rng.integers(9, 14)) % 2 - 1)
    warp = currents(rng, size)
    place = y * 3 + 0.5 * comb**2 + wave * 2 + 0.18 * noise(rng, size, 4, 4) + 0.05 * warp.shade
    band = place * 9
    index = band.astype(np.int32)
    order = rng.integers(0, len(colors), 64)
    picture = colors[order[index % 64]]
    vein = np.exp(-(((band % 1) - 0.5) ** 2) / 0.008)
    picture = mix(picture, colors[order[(index + 1) % 64]], vein.astype(np.float32))
    drops = step(noise(rng, size, 50, 2), 0.82, 0.05)
    return mix(picture, np.broadcast_to(colors[-1], picture.shape), drops * 0.7)
