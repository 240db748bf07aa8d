"""Patterns made of lines: hatching, engraving, woodcut, linocut, contours, waves, neon."""

import numpy as np
from scipy import ndimage

from impasto.images.patterns_ground import (
    Colors,
    Field,
    Picture,
    Random,
    coordinates,
    depth,
    edges,
    light,
    mix,
    noise,
    ramp,
    step,
    streaks,
)
from impasto.images.patterns_scenes import bouquet, landscape, scene, tint


def _tone(rng: Random, size: int, colors: Colors) -> tuple[Field, Field, Picture]:
    """Tone of a scene (0 dark, 1 light), the line of its contours, its colours."""
    subject = scene(rng, size)
    guide = tint(subject, colors, rng, 0.6)
    tone = guide.mean(-1) * 0.6 + 0.4 * subject.shade
    low, high = np.percentile(tone, (2, 98))
    outline = ndimage.gaussian_filter(edges(subject.regions).astype(np.float32), 0.8 * size / 512)
    return np.clip((tone - low) / (high - low + 1e-6), 0, 1), np.clip(outline * 2.2, 0, 1), guide


def _flat(color: Colors, size: int) -> Picture:
    return np.broadcast_to(color, (size, size, 3)).astype(np.float32)


def _lines(rng: Random, size: int, turn: float, gap: float, sway: float) -> Field:
    """Distance from the nearest of many parallel, slightly swaying lines: 0 on it, 1 between."""
    y, x = coordinates(size)
    bend = noise(rng, size, 3, 3) * sway
    place = (x * np.cos(turn) + y * np.sin(turn) + bend) * 512 / gap
    return np.asarray(np.abs(place % 1 - 0.5).astype(np.float32) * 2, np.float32)


def cross_hatching(rng: Random, size: int, colors: Colors) -> Picture:
    """Pen lines in up to four directions, closer where it is darker, over a thin wash."""
    tone, outline, guide = _tone(rng, size, colors)
    paper = colors[-1] * (0.95 + 0.05 * noise(rng, size, 90, 3)[..., None])
    wash = mix(paper, guide, (0.3 + 0.25 * noise(rng, size, 5, 4)).astype(np.float32))
    ink = outline * 0.9
    for index, limit in enumerate((0.86, 0.64, 0.44, 0.26)):
        line = _lines(rng, size, 0.7 + index * 0.8, 6.5, 0.05)
        press = noise(rng, size, 40, 3)
        thick = np.clip((limit - tone) * 1.1, 0, 0.4) * (0.5 + press)
        ink = np.maximum(ink, (1 - step(line, thick, 0.3)) * (tone < limit))
    return mix(
        wash,
        _flat(colors[0], size),
        (ink * (0.75 + 0.25 * noise(rng, size, 60, 2))).astype(np.float32),
    )


def engraving_lines(rng: Random, size: int, colors: Colors) -> Picture:
    """Swelling burin lines that follow the form, in a warm and a cold ink."""
    tone, outline, guide = _tone(rng, size, colors)
    y, x = coordinates(size)
    form = ndimage.gaussian_filter(tone, size / 40)
    first = np.abs(((y + 0.12 * form + 0.02 * np.sin(x * 9)) * 86) % 1 - 0.5) * 2
    second = np.abs(((x * 0.7 + y * 0.7 - 0.1 * form) * 80) % 1 - 0.5) * 2
    paper = colors[-1] * (0.93 + 0.07 * noise(rng, size, 8, 5)[..., None])
    picture = mix(paper, guide, np.full((size, size), 0.22, np.float32))
    dark = 1 - tone
    picture = mix(
        picture, _flat(colors[1], size), 1 - step(second, np.clip(dark * 1.3 - 0.55, 0, 1), 0.35)
    )
    lines = 1 - step(first, np.clip(dark * 0.95, 0.04, 0.92), 0.35)
    return mix(picture, _flat(colors[0], size), np.maximum(lines, outline))


def woodcut_lines(rng: Random, size: int, colors: Colors) -> Picture:
    """Gouged tapering lines around bold forms, wood grain in the flat colours."""
    unit = size / 512
    subject = landscape(rng, size) if rng.random() < 0.6 else scene(rng, size)
    guide = tint(subject, colors[1:], rng, 0.0)
    away = depth(subject.regions)
    knots = noise(rng, size, 2, 2)
    y, _ = coordinates(size)
    rings = 0.5 + 0.5 * np.sin((y * 14 + knots * 5) * 2 * np.pi)
    picture = guide * (
        0.86 + 0.14 * step(rings + 0.4 * noise(rng, size, 60, 2), 0.6, 0.4)[..., None]
    )
    contour = np.abs((away / (8.5 * unit)) % 1 - 0.5) * 2
    taper = 0.95 * (1 - subject.shade) + 0.35 * (noise(rng, size, 16, 3) - 0.5)
    lines = 1 - step(contour, np.clip(taper, 0.02, 0.8), 0.2)
    ink = np.maximum(lines, 1 - step(away, 2.6 * unit, 1.5 * unit))
    return mix(
        picture.astype(np.float32), _flat(colors[0], size), np.asarray(ink * 0.96, np.float32)
    )


def linocut_print(rng: Random, size: int, colors: Colors) -> Picture:
    """Carved white marks out of black, two flat colours beneath, salty ink."""
    subject = bouquet(rng, size) if rng.random() < 0.6 else scene(rng, size)
    guide = tint(subject, colors[1:], rng, 0.0)
    unit = size / 512
    angle = (np.pi * subject.regions * 0.37 + 1.5 * noise(rng, size, 3, 2)).astype(np.float32)
    gouge = streaks(rng, size, angle, 26, 3.0)
    away = depth(subject.regions)
    cut = step(gouge, 0.72 - 0.42 * subject.shade, 0.06) * step(away, 3.5 * unit, 1.5)
    salt = step(noise(rng, size, size // 3, 2), 0.9, 0.1)
    bright = (subject.regions % 3 == 0) & (away > 4 * unit)
    cut = np.maximum(cut, np.maximum(salt * 0.7, bright * step(gouge, 0.22, 0.08)))
    return mix(_flat(colors[0], size), guide, cut.astype(np.float32))


def topographic_contours(rng: Random, size: int, colors: Colors) -> Picture:
    """Layer-tinted relief with contour lines, hill shading and a grid."""
    height = noise(rng, size, 3, 6, 0.48)
    tinted = ramp(colors[1:], np.asarray(np.floor(height * 12) / 11, np.float32))
    shade = light(ndimage.gaussian_filter(height, 1.2) * size / 512, 90)
    picture = tinted + 0.14 * shade[..., None]
    slope = np.hypot(*np.gradient(height)) + 1e-4
    for count, wide in ((36, 0.7), (12, 1.5)):
        place = height * count
        near = np.abs((place + 0.5) % 1 - 0.5) / (slope * count)
        line = 1 - step(near, wide * size / 512, 1.0)
        picture = mix(picture.astype(np.float32), _flat(colors[0], size), line * 0.85)
    return picture


def wave_seigaiha(rng: Random, size: int, colors: Colors) -> Picture:
    """Overlapping fans of concentric rings, each fan in its own indigo, gold or white."""
    y, x = coordinates(size)
    count = int(rng.integers(4, 7))
    bend = 0.05 * (noise(rng, size, 2, 2) - 0.5)
    across, down = (x + bend) * count, (y + bend) * count * 4
    radius = np.ones((size, size), np.float32)
    name = np.zeros((size, size), np.int32)
    # From the back to the front: each fan hides the lower half of those behind it.
    for behind in range(-2, 3):
        row = np.floor(down) + behind
        column = np.round(across - row % 2 / 2) + row % 2 / 2
        reach = np.hypot(across - column, (down - row) / 4)
        inside = reach < 0.5
        radius = np.where(inside, reach, radius)
        name = np.where(inside, (column * 14 + row * 31).astype(np.int32), name)
    paint = rng.integers(0, len(colors) - 1, 97)
    band = (radius * 12).astype(np.int32)
    fan = colors[paint[(name + 1000 + (band % 3 == 2) * 5) % 97]]
    fan = fan * (0.85 + 0.3 * noise(rng, size, 70, 3)[..., None]) * (0.6 + 0.8 * radius[..., None])
    gap = step(np.abs((radius * 12) % 1 - 0.5) * 2, 0.6, 0.3)
    picture = mix(fan, _flat(colors[-1], size), gap)
    return picture - 0.1 * (noise(rng, size, 5, 5)[..., None] - 0.5)


def neon_lines(rng: Random, size: int, colors: Colors) -> Picture:
    """Glowing tubes over a dark wet wall."""
    unit = size / 512
    regions = scene(rng, size).regions
    y, x = coordinates(size)
    brick = (
        ((y * 24) % 1 < 0.1) | ((x * 12 + ((y * 24).astype(np.int32) % 2) / 2) % 1 < 0.05)
    ).astype(np.float32)
    wall = (
        colors[0] * (0.7 + 0.6 * noise(rng, size, 20, 4)[..., None]) * (1 - 0.35 * brick[..., None])
    )
    found = edges(regions)
    away, nearest = ndimage.distance_transform_edt(~found, return_indices=True)
    away = (away / unit).astype(np.float32)
    # The glow of a tube has the colour of the region it borders, softened where tubes meet.
    hue = colors[1:][np.resize(rng.permutation(len(colors) - 1), int(regions.max()) + 1)[regions]]
    hue = ndimage.gaussian_filter(hue[nearest[0], nearest[1]], (4 * unit, 4 * unit, 0))
    tube = np.exp(-((away / 2.6) ** 2))[..., None]
    halo = (0.75 * np.exp(-away / 7) + 0.3 * np.exp(-away / 30))[..., None]
    inner = np.exp(-(((away - 11) / 1.4) ** 2))[..., None] * 0.5
    glow = halo * hue + inner * np.roll(hue, 1, axis=-1) + tube * (0.55 + 0.45 * hue)
    return np.asarray(wall + (wall * 1.4 + 0.75) * glow, np.float32)
