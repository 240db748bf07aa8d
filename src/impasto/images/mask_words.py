"""What a mask means as a person writes it: a picture, alpha, all, a place, or not one of these."""

import os
from pathlib import Path

from impasto.errors import UsageError, did_you_mean
from impasto.images.masks import EVERYWHERE, Mask, mask_from_alpha, mask_from_picture
from impasto.images.select import is_place, parse_place, select
from impasto.images.source import Source

NOT = ("!", "not:")
WORDS = ("all", "alpha")


def mask_of(word: str, source: Source) -> Mask:
    """Return the mask that a word means for a picture.

    - ``sky.png``: a picture, white where the region is, or opaque where it has an alpha;
    - ``alpha``: where the photo itself is opaque; ``all``: everywhere;
    - ``X,Y``: what is seen at this pixel; ``X,Y,WIDTH,HEIGHT``: what this box goes around;
    - ``not:`` or ``!`` before any of them: everything else.

    A file that is called as one of these words is meant by ``./NAME``. Raises UsageError for what
    is none of them, PictureError for a mask that cannot be read or does not fit.
    """
    for sign in NOT:
        if word.startswith(sign):
            return mask_of(word.removeprefix(sign), source).inverted()
    if word == "all":
        return EVERYWHERE
    if word == "alpha":
        return mask_from_alpha(source)
    if is_place(word):
        return select(source, [parse_place(word)])
    path = Path(word)
    if not word.strip() or not os.path.exists(path):
        raise UsageError(
            f'There is no mask "{word}".{did_you_mean(word, _known(path))} '
            "Give a picture, alpha, all, X,Y or X,Y,WIDTH,HEIGHT."
        )
    return mask_from_picture(path, source)


def _known(path: Path) -> list[str]:
    try:
        return [*WORDS, *(str(path.parent / other.name) for other in path.parent.iterdir())]
    except OSError:
        return list(WORDS)
