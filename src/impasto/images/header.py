"""What the header of a picture file says, without decoding the picture."""

from pathlib import Path

from PIL import Image

from impasto.errors import PictureError
from impasto.images.decode import FORMATS
from impasto.images.guard import guarded

SIDEWAYS = (5, 6, 7, 8)  # EXIF orientations that swap height and width
_ORIENTATION = 0x0112


def size_of(path: Path, max_pixels: int) -> tuple[int, int]:
    """Return height and width of a picture file, upright by its EXIF orientation.

    Raises PictureError, and its kinds NotAPicture, TruncatedPicture and PictureTooLarge.
    """
    try:
        with path.open("rb") as file:
            head = file.read(32)
            with (
                guarded(str(path), head, max_pixels, tiff=False),
                Image.open(file, formats=FORMATS) as image,
            ):
                width, height = image.size
                sideways = image.getexif().get(_ORIENTATION) in SIDEWAYS
    except OSError as error:
        raise PictureError(f'"{path}" cannot be read: {error.strerror}.') from error
    return (width, height) if sideways else (height, width)
