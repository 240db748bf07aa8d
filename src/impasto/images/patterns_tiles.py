"""Patterns laid from pieces: mosaics, glass, stone, tiles, weaves, pixels, leaf."""

import numpy as np
from scipy import ndimage
from skimage import measure

from impasto.images.patterns_ground import (
    Colors,
    Labels,
    Picture,
    Random,
    cells,
    coordinates,
    depth,
    edges,
    enlarge,
    grain,
    lay_marks,
    light,
    mix,
    noise,
    pick,
    scatter,
    step,
)
from impasto.images.patterns_scenes import bouquet, scene, tint

_SQUARE = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])


def _rows_of_tesserae(regions: Labels, width: float) -> np.ndarray:
    """Centres and angles of stones set in rows along the borders of regions (N 3)."""
    away = ndimage.gaussian_filter(depth(regions), 1.5)
    stones = []
    for level in np.arange(0.55 * width, float(away.max()), width):
        found = measure.find_contours(away[::2, ::2], level)  # type: ignore[no-untyped-call]
        for line in (2 * half for half in found):
            steps = np.hypot(*np.diff(line, axis=0).T)
            along = np.concatenate(([0], np.cumsum(steps)))
            places = np.arange(0, along[-1], width * 1.06)
            if len(places) < 2:
                continue
            row, column = (np.interp(places, along, line[:, axis]) for axis in (0, 1))
            angle = np.arctan2(np.gradient(row), np.gradient(column))
            stones.append(np.stack((row, column, angle), -1))
    return np.concatenate(stones)


def roman_mosaic(rng: Random, size: int, colors: Colors) -> Picture:
    """Tesserae in rows along the contours of a scene, set in grout."""
    width = 11 * size / 512
    subject = scene(rng, size)
    guide = tint(subject, colors[1:], rng, 0.35)
    stones = _rows_of_tesserae(subject.regions, width)
    points = scatter(rng, size, width)
    loose = np.column_stack((points, rng.uniform(0, 3, len(points))))
    stones = np.concatenate((loose, rng.permutation(stones)))
    count = len(stones)
    wide = width * rng.uniform(0.78, 0.94, count)
    marks = lay_marks(
        size, stones[:, :2], stones[:, 2] + rng.normal(0, 0.06, count), wide, wide, _SQUARE
    )
    # Two neighbours of equal index distance would merge, so grout is drawn where marks meet.
    rim = np.maximum(np.abs(marks.along), np.abs(marks.across))
    seam = ndimage.gaussian_filter(
        (edges(marks.top) | (marks.top < 0)).astype(np.float32), 0.8 * size / 512
    )
    stone = pick(guide, stones) + rng.normal(0, 0.06, (count, 1)) + rng.normal(0, 0.02, (count, 3))
    veins = noise(rng, size, size // 8, 3)[..., None] - 0.5
    picture = stone[marks.top] + 0.1 * veins + 0.07 * light(1 - rim**4, 0.6)[..., None]
    grout = colors[0] + 0.12 * veins
    return mix(picture.astype(np.float32), grout.astype(np.float32), step(seam, 0.42, 0.4))


def stained_glass(rng: Random, size: int, colors: Colors) -> Picture:
    """Luminous panes between lead lines, streaked and brightest at the heart."""
    unit = size / 512
    subject = scene(rng, size)
    points = scatter(rng, size, 58 * unit)
    pane, border = cells(size, points)
    regions = subject.regions * 4096 + pane
    away = np.minimum(depth(subject.regions), border)
    paint = colors[1:][rng.integers(len(colors) - 1, size=len(points))]
    guide = tint(subject, colors[1:], rng, 0.1)
    odd = rng.random(len(points)) < 0.35
    glass = np.where(odd[pane][..., None], paint[pane], guide)
    streak = enlarge(rng.random((size // 4, size // 40 + 4)), size)
    glow = (
        0.62
        + 0.5 * noise(rng, size, 3, 2)
        + 0.28 * (noise(rng, size, 24, 4) - 0.5)
        + 0.2 * (streak - 0.5)
    )
    glass = np.clip(glass * glow[..., None], 0, 1) ** 0.85
    glass = glass + 0.1 * step(away, 12 * unit, 14 * unit)[..., None]
    lead = 1 - step(away, 3.6 * unit, 2 * unit)
    ridge = light(ndimage.gaussian_filter(lead, 1.2 * unit), 4)
    metal = colors[0] + 0.16 * np.clip(ridge, 0, 1)[..., None]
    return mix(np.where((regions >= 0)[..., None], glass, 0), metal, lead)


def terrazzo_chips(rng: Random, size: int, colors: Colors) -> Picture:
    """Stone chips of many sizes in polished cement."""
    unit = size / 512
    picture = colors[-1] + 0.1 * (noise(rng, size, 40, 4)[..., None] - 0.5)
    for spacing, share in ((13, 0.5), (30, 0.5), (62, 0.62)):
        points = scatter(rng, size, spacing * unit)
        chip, border = cells(size, points)
        ragged = border + 0.16 * spacing * unit * (noise(rng, size, 30, 3) - 0.5)
        kept = rng.random(len(points)) < share
        limit = spacing * unit * rng.uniform(0.03, 0.18, len(points))
        cover = step(ragged, limit[chip], 1.5 * unit) * kept[chip]
        stone = colors[rng.integers(len(colors) - 1, size=len(points))] + rng.normal(
            0, 0.03, (len(points), 3)
        )
        speckle = 0.24 * (noise(rng, size, 70, 3) - 0.5) + 0.12 * (noise(rng, size, 9, 4) - 0.5)
        picture = mix(picture, (stone[chip] + speckle[..., None]).astype(np.float32), cover)
    return np.asarray(picture, np.float32)


def azulejo_tile(rng: Random, size: int, colors: Colors) -> Picture:
    """Brushed tin-glazed tiles: mirrored arabesques, worn glaze, joints."""
    per_side = int(rng.integers(2, 4))
    tile = size // per_side + 1
    half = tile // 2 + 1
    draft = noise(rng, half, 3, 3) + 0.35 * noise(rng, half, 6, 2)
    y, x = coordinates(half)
    draft = (
        draft
        + draft.T
        + 0.5 * np.sin(np.hypot(y, x) * rng.integers(9, 16))
        + 0.3 * np.cos((x + y) * 14)
    )
    draft = np.pad(draft, ((0, half), (0, half)), "symmetric")[:tile, :tile]
    whole = np.tile(draft, (per_side + 1, per_side + 1))[:size, :size].astype(np.float32)
    whole = whole + 0.1 * (noise(rng, size, 30, 3) - 0.5)
    place = (whole - whole.min()) / np.ptp(whole) * 8
    bands = place.astype(np.int32)
    order = np.array(
        [len(colors) - 1, 1, len(colors) - 1, 2, len(colors) - 1, 3, 1, len(colors) - 1, 2]
    )
    brushed = 0.75 + 0.5 * noise(rng, size, 50, 3)
    picture = colors[order[bands % 9] % len(colors)]
    pigment = (1 - picture) * brushed[..., None]
    picture = 1 - np.clip(pigment, 0, 1)
    outline = np.exp(-(np.minimum(place % 1, 1 - place % 1) ** 2) / 0.006)
    picture = mix(
        picture, np.broadcast_to(colors[0], picture.shape), outline.astype(np.float32) * 0.9
    )
    rows, columns = np.mgrid[0:size, 0:size] % tile
    joint = (np.minimum(rows, columns) < max(2, size // 200)).astype(np.float32)
    gloss = 0.1 * (noise(rng, size, 5, 2) - 0.5) + grain(rng, size, 0.01)[..., 0]
    return mix(
        picture + gloss[..., None],
        np.broadcast_to(colors[0] * 0.5 + 0.3, picture.shape),
        joint * 0.8,
    )


def zellige_rosette(rng: Random, size: int, colors: Colors) -> Picture:
    """Cut glazed pieces in rosettes of a wave lattice, each piece with its own fire."""
    folds, scale = int(rng.choice([5, 6, 8, 12])), rng.uniform(2.6, 4.2)
    y, x = coordinates(size)
    y, x = ((axis + rng.uniform(0, 3)) * scale * np.pi * 2 for axis in (y, x))
    turns = np.arange(folds) * np.pi / folds
    total = sum(np.cos(x * np.cos(turn) + y * np.sin(turn)) for turn in turns)
    levels = np.quantile(total[::4, ::4], np.sort(rng.uniform(0.06, 0.97, 7)))
    bands = np.searchsorted(levels, total).astype(np.int32)
    away = depth(bands)
    pieces, border = cells(size, scatter(rng, size, 19 * size / 512))
    paint = colors[1:][np.resize(rng.permutation(len(colors) - 1), 8)][bands]
    fire = rng.normal(0, 0.08, int(pieces.max()) + 1)[pieces]
    fire = fire + 0.16 * (noise(rng, size, 20, 4) - 0.5)
    joint = np.minimum(away / 1.6, border) * 512 / size
    bevel = light(np.minimum(joint, 5).astype(np.float32), 0.5) * 0.1
    cover = 1 - step(joint, 1.2, 1.2)
    return mix((paint + (fire + bevel)[..., None]).astype(np.float32), colors[:1][None], cover)


def kilim_weave(rng: Random, size: int, colors: Colors) -> Picture:
    """Stepped diamonds and bands in a slit-woven wool, thread by thread."""
    knots = 96
    rows, columns = np.mgrid[0:knots, 0:knots]
    design = np.zeros((knots, knots), np.int32)
    top = 0
    while top < knots:
        tall = int(rng.choice([4, 8, 12, 20, 28]))
        wide = int(rng.choice([8, 12, 16, 24]))
        band = (rows >= top) & (rows < top + tall)
        middle = np.abs(rows - top - tall / 2 + 0.5) * wide / tall
        shape = np.abs(columns % wide - wide / 2 + 0.5) + middle
        picks = rng.integers(0, len(colors), 8)
        design[band] = picks[(shape // max(wide // 6, 2)).astype(np.int32) % 8][band]
        top += tall
    place = np.arange(size) * knots // size
    threads = 3 * knots
    y, x = np.mgrid[0:size, 0:size] * threads / size
    weft = np.abs(np.sin(np.pi * y)) * (
        0.7 + 0.3 * np.abs(np.sin(np.pi * (x / 2 + (y.astype(np.int32) % 2) / 2)))
    )
    abrash = enlarge(rng.random((threads // 2, 6)), size)
    wool = 0.5 * (weft - 0.6) + 0.2 * (abrash - 0.5) + 0.14 * (noise(rng, size, size // 3, 1) - 0.5)
    return np.asarray(colors[design[np.ix_(place, place)]] + 0.5 * wool[..., None], np.float32)


def pixel_art(rng: Random, size: int, colors: Colors) -> Picture:
    """A scene in a few colours on a coarse grid, with ordered dithering."""
    count = int(rng.choice([64, 72, 96]))
    subject = scene(rng, count)
    guide = tint(subject, colors, rng, 0.55)
    bayer = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]) / 16 - 0.47
    dither = np.tile(bayer, (count // 4, count // 4))[..., None] * 0.34
    gap = ((guide + dither)[:, :, None] - colors) ** 2
    design = colors[gap.sum(-1).argmin(-1)]
    place = np.arange(size) * count // size
    picture = design[np.ix_(place, place)]
    inside = (np.arange(size) * count / size) % 1
    lattice = np.minimum.outer(inside, inside) < 0.12
    return np.asarray(np.where(lattice[..., None], picture * 0.86, picture), np.float32)


def gold_leaf(rng: Random, size: int, colors: Colors) -> Picture:
    """Burnished squares of leaf over bole, with spirals, eyes and little tiles of colour."""
    unit = size / 512
    y, x = coordinates(size)
    leaf = size // int(rng.integers(6, 9)) + 1
    rows, columns = np.mgrid[0:size, 0:size] // leaf
    sheen = rng.uniform(-0.1, 0.1, (12, 12))[rows, columns] + 0.3 * (noise(rng, size, 60, 4) - 0.5)
    gold = colors[2] * (1 - 0.35 * noise(rng, size, 4, 4)[..., None]) + sheen[..., None]
    ornament, border = cells(size, scatter(rng, size, 62 * unit))
    centers = np.bincount(ornament.ravel(), minlength=int(ornament.max()) + 1).clip(1)
    row = np.bincount(ornament.ravel(), y.ravel()) / centers
    column = np.bincount(ornament.ravel(), x.ravel()) / centers
    radius = np.hypot(y - row[ornament], x - column[ornament]) * 512
    turn = np.arctan2(y - row[ornament], x - column[ornament])
    hand = np.where(ornament % 2, 1, -1)
    spiral = np.abs((radius / 11 + hand * turn / (2 * np.pi)) % 1 - 0.5) * 2
    kind = rng.integers(0, 4, len(row))[ornament]
    paint = colors[rng.integers(0, len(colors), len(row))][ornament]
    line = step(spiral, 0.62, 0.25) * (kind < 2) * step(border, 2 * unit, 2)
    rings = step(np.sin(radius / 3.2), 0.1, 0.5) * (kind == 2)
    tiles = ((x * 40 + ornament).astype(np.int32) + (y * 40).astype(np.int32)) % 3 == 0
    picture = mix(
        gold, np.broadcast_to(colors[0] + sheen[..., None], gold.shape), line.astype(np.float32)
    )
    picture = mix(picture, paint, rings.astype(np.float32))
    picture = mix(picture, paint, (tiles & (kind == 3)).astype(np.float32) * 0.9)
    worn = step(noise(rng, size, 12, 5), 0.84, 0.05)
    picture = mix(picture, np.broadcast_to(colors[1], gold.shape), worn)
    relief = light(ndimage.gaussian_filter(line + rings, 1.0).astype(np.float32), 2.5)
    return picture + 0.14 * relief[..., None]


def paper_cut(rng: Random, size: int, colors: Colors) -> Picture:
    """Sheets of coloured paper with cut holes, one above another, casting soft shadows."""
    unit = size / 512
    picture = np.broadcast_to(colors[0], (size, size, 3)).astype(np.float32)
    flowers = bouquet(rng, size)
    for layer in range(1, 7):
        field = noise(rng, size, 3, 2) + 0.16 * np.sin(flowers.shade * 9)
        sheet = step(field, 0.2 + 0.11 * layer, 0.006)
        if layer == 3:
            sheet = (flowers.regions >= 10).astype(np.float32)
        shadow = ndimage.shift(
            ndimage.gaussian_filter(sheet, 5 * unit), 5 * unit, order=1, mode="nearest"
        )
        picture = picture * (1 - 0.6 * (shadow * (1 - sheet)))[..., None]
        fiber = noise(rng, size, size // 4, 2) - 0.5
        paper = colors[layer % len(colors)] + 0.07 * fiber[..., None]
        rim = light(ndimage.gaussian_filter(sheet, 0.8), 2) * 0.1
        picture = mix(picture, paper.astype(np.float32), sheet) - rim[..., None]
    return picture
