"""The role that looks at uploads: format, frames and sides, by the header alone."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from PIL import Image, UnidentifiedImageError

from impasto.errors import NotAPicture, PictureError, PictureTooLarge
from impasto.images.decode import FORMATS, orientation
from impasto.images.guard import READABLE, guarded, kind_of
from impasto.serving.workers.limits import Limits
from impasto.serving.workers.roles import Answer, Call, Handler

LIMITS = Limits(memory=1024)
LIMIT_S = 5.0  # for one upload
NAME = "upload"  # in messages: a client's name for a file is not kept

LEAST_SIDE = 8  # pixels
MOST_SIDE = 16_384
LONGEST = 64  # times the short side
FRAMES = 512  # of a file, of which the first is painted: more is no picture but an attack
SCANS = 100  # of a progressive JPEG, each of which goes over the whole picture; usual are ten
SCAN = b"\xff\xda"  # what begins one; within the data of pixels it does not occur

ORIENTATION = 274  # the tag
SIDEWAYS = (5, 6, 7, 8)  # of its values, those that swap height and width


def open_role(settings: Mapping[str, Any]) -> Mapping[str, Handler]:
    """Return what this role answers: ``inspect`` with a ``path`` and the most pixels."""
    most = int(settings["max_pixels"])
    Image.init()

    def answer(call: Call) -> Answer:
        return inspect(Path(call.payload["path"]), most), b""

    return {"inspect": answer}


def inspect(path: Path, max_pixels: int) -> dict[str, Any]:
    """Return media type, width and height of a picture file, upright; nothing is decoded.

    Raises PictureError, and its kinds NotAPicture, TruncatedPicture and PictureTooLarge.
    """
    with path.open("rb") as file:
        head = file.read(32)
        kind = kind_of(head)
        if kind is None:
            raise NotAPicture(f"The file is no picture that is read here. Send {READABLE}.")
        with guarded(NAME, head, 2 * max_pixels, tiff=kind == "TIFF"):
            height, width = _looked_at(file, kind, max_pixels)
    return {"media_type": f"image/{kind.lower()}", "width": width, "height": height}


def _looked_at(file: BinaryIO, kind: str, max_pixels: int) -> tuple[int, int]:
    try:
        with Image.open(file, formats=FORMATS) as image:
            check_sides(image.height, image.width, max_pixels)
            if getattr(image, "n_frames", 1) > FRAMES:
                raise PictureError(f"The file holds more than {FRAMES} pictures. Send one.")
            sideways = orientation(image) in SIDEWAYS
            size = image.size if sideways else image.size[::-1]
    except UnidentifiedImageError:
        if kind != "TIFF":
            raise
        return _rare_tiff(file, max_pixels)
    if kind == "JPEG":
        _check_scans(file)
    return size


def _rare_tiff(file: BinaryIO, max_pixels: int) -> tuple[int, int]:
    """Return height and width of a TIFF that Pillow does not know, as of floats."""
    from tifffile import TiffFile  # it takes a tenth of a second

    file.seek(0)
    with TiffFile(file) as tiff:
        page: Any = tiff.pages[0]
        check_sides(page.imagelength, page.imagewidth, max_pixels)
        turn = page.tags.get(ORIENTATION)
        sideways = turn is not None and turn.value in SIDEWAYS
        size = page.imagelength, page.imagewidth
        return size[::-1] if sideways else size


def check_sides(height: int, width: int, max_pixels: int) -> None:
    """Raise PictureError or PictureTooLarge for sides that are not painted."""
    short, long = sorted((height, width))
    if short < LEAST_SIDE:
        raise PictureError(
            f"The picture has {width} x {height} pixels, {LEAST_SIDE} a side are needed. "
            "Send a larger one."
        )
    if long > MOST_SIDE or height * width > max_pixels:
        raise PictureTooLarge(
            f"The picture has {width} x {height} pixels; {MOST_SIDE:,} a side and {max_pixels:,} "
            "in all are allowed. Send a smaller one."
        )
    if long > LONGEST * short:
        raise PictureError(
            f"The picture has {width} x {height} pixels: one side may be {LONGEST} times the other "
            "at most. Cut it."
        )


def _check_scans(file: BinaryIO) -> None:
    """Refuse a JPEG that is gone over so often that it takes minutes."""
    file.seek(0)
    if file.read().count(SCAN) > SCANS:
        raise PictureError(f"The JPEG has more than {SCANS} scans. Save it again.")
