"""Procedural style pictures that look like art materials, drawn from a seed."""

import zlib
from collections.abc import Callable

import numpy as np

from impasto.errors import UnknownStyle, did_you_mean
from impasto.images import patterns_lines as lines
from impasto.images import patterns_paint as paint
from impasto.images import patterns_prints as prints
from impasto.images import patterns_tiles as tiles
from impasto.images.patterns_ground import Colors, Picture, Random, parse_colors, vary_colors

Pattern = Callable[[Random, int, Colors], Picture]

PATTERNS: dict[str, Pattern] = {
    "azulejo-tile": tiles.azulejo_tile,
    "batik-wax": prints.batik_wax,
    "charcoal-sketch": paint.charcoal_sketch,
    "colored-pencil": paint.colored_pencil,
    "cross-hatching": lines.cross_hatching,
    "engraving-lines": lines.engraving_lines,
    "fresco-crackle": prints.fresco_crackle,
    "gold-leaf": tiles.gold_leaf,
    "gouache-flat": paint.gouache_flat,
    "halftone-comic": prints.halftone_comic,
    "ink-wash": paint.ink_wash,
    "kilim-weave": tiles.kilim_weave,
    "linocut-print": lines.linocut_print,
    "marbled-paper": paint.marbled_paper,
    "neon-lines": lines.neon_lines,
    "oil-impasto": paint.oil_impasto,
    "palette-knife": paint.palette_knife,
    "paper-cut": tiles.paper_cut,
    "pixel-art": tiles.pixel_art,
    "pointillist-dots": paint.pointillist_dots,
    "risograph-grain": prints.risograph_grain,
    "roman-mosaic": tiles.roman_mosaic,
    "shibori-indigo": prints.shibori_indigo,
    "stained-glass": tiles.stained_glass,
    "terrazzo-chips": tiles.terrazzo_chips,
    "topographic-contours": lines.topographic_contours,
    "watercolor-bloom": paint.watercolor_bloom,
    "wave-seigaiha": lines.wave_seigaiha,
    "woodcut-lines": lines.woodcut_lines,
    "zellige-rosette": tiles.zellige_rosette,
}

# Darkest first, lightest last: ink, grout or lead is the first colour, paper the last.
PALETTES: dict[str, str] = {
    "azulejo-tile": "14285a 2a5cae 6fa0d8 e0a93a f4f3ea",
    "batik-wax": "2a1410 5b2312 8f3d16 1f3a5a c8781e f2deb0",
    "charcoal-sketch": "1d1b1c b4532a 4f6f86 a79c8e efe6d6",
    "colored-pencil": "22356b b8324a 2f8f6b e08a2c 7cb6dc f6d34a f8f4ea",
    "cross-hatching": "17171f 6a4a3a 3f6a86 c98a4a d8c8a8 f5efdf",
    "engraving-lines": "1c2230 7a2e22 b98a54 d9c7a0 f2e8d0",
    "fresco-crackle": "3a2a22 8c3b26 2f6f78 c47b3a d9b26a 8fae9a efe3c9",
    "gold-leaf": "221a14 8c2f1c e0b040 20614f 2c3f8c f6e6b0",
    "gouache-flat": "1f2f4a c4452f 2f7f7a e58e3c 8fc0b4 f4cf7a f7efdc",
    "halftone-comic": "111118 e5252c 1a4fc0 18a7c9 ffd31c f7f1de",
    "ink-wash": "15181c 3d4a52 a8362a d8cdb4 efe6d0",
    "kilim-weave": "231a1c 8f1f22 1f3a5f c8571e 3d6b4f d9a441 efe0c0",
    "linocut-print": "14161b c23b22 1f6f78 e2a52c f2ead8",
    "marbled-paper": "14263f 8f1d2c 1f6f73 d98a2b 7fb0c0 f3e9d2",
    "neon-lines": "120a24 ff2d95 19e3ff ffb000 8a4dff 4dff88",
    "oil-impasto": "14204a 1f4fa0 2f8f8a d8582a 8fb0d8 f0b92c f7efc8",
    "palette-knife": "1b2433 7f2230 2a6a9a d9632a 86b3a8 f0c04a f6efe2",
    "paper-cut": "1f2a52 7b2d6b d43d51 f2784b 2fa39a f9c74f faf3e3",
    "pixel-art": "1a1c2c 5d275d b13e53 ef7d57 38b764 41a6f6 ffcd75 f4f4f4",
    "pointillist-dots": "27306b 7a2f7c 1f7f6a e0662c 5aa0d8 a8c83c f6d04a f7f0dc",
    "risograph-grain": "1c1c28 ff4c6a 0078bf ffc800 f6f1e4",
    "roman-mosaic": "4a3f36 7a2c22 b8452c 23567c d9962f 5f9a8c e8c88c f7efdc",
    "shibori-indigo": "0e1638 1d2f6f 35559f 7f9fcf dfe6ee f6f3ea",
    "stained-glass": "0c0c10 b3122a 1238b0 0f8f5a 6a1f9a f08a12 f7d21e bfe6f2",
    "terrazzo-chips": "27303a 9c4a38 3f6f6a d98a5a e8b8a8 8fa8b8 f1ece2",
    "topographic-contours": "4a2f1c 1f5f8c 4f9fae 7fb069 d9c65a d98a3c b5532a f4efe6",
    "watercolor-bloom": "1f3f8c 8a2a6f 1f8f8f e0552f 6fae3c f2b01e fbf7ec",
    "wave-seigaiha": "10204a 1f4a8c 3f86b8 c8a24a c0392b f3efe0",
    "woodcut-lines": "16130f 1f4a6a a8321f 5f8a6a d9963a e8d2a0",
    "zellige-rosette": "1c1a18 0f3f8c 0f8f7f e0a820 a02818 3f7fc0 f4f0e4",
}


def render(name: str, seed: int, size: int = 512, *, palette_seed: int | None = None) -> Picture:
    """A square style picture, size x size x 3, RGB float32 in [0, 1].

    The seed decides the composition; the colours are the pattern's own, or, with a
    `palette_seed`, others of the same order of light and dark.

    >>> render("roman-mosaic", 7, 64).shape
    (64, 64, 3)
    """
    if name not in PATTERNS:
        hint = did_you_mean(name, PATTERNS)
        known = ", ".join(PATTERNS)
        raise UnknownStyle(f'There is no pattern "{name}".{hint} Patterns: {known}.')
    colors = parse_colors(PALETTES[name])
    if palette_seed is not None:
        colors = vary_colors(colors, np.random.default_rng(palette_seed))
    # The name enters the seed, or all patterns of one seed would share their scene.
    rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
    picture = PATTERNS[name](rng, size, colors)
    return np.ascontiguousarray(np.clip(picture, 0, 1), np.float32)
