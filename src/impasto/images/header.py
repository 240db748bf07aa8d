"""What the header of a picture file says, without decoding the picture."""

from pathlib import Path

from PIL import Image

from impasto.errors import NotAPicture, PictureError
from impasto.images.quiet import quiet_pillow

SIDEWAYS = (5, 6, 7, 8)  # EXIF orientations that swap height and width
_ORIENTATION = 0x0112


def size_of(path: Path, max_pixels: int) -> tuple[int, int]:
    """Return height and width of a picture file, upright by its EXIF orientation.

    Raises NotAPicture where the file has no header that is known, PictureError where it cannot be
    read.
    """
    try:
        with quiet_pillow(max_pixels), Image.open(path) as image:
            width, height = image.size
            sideways = image.getexif().get(_ORIENTATION) in SIDEWAYS
    except FileNotFoundError as error:
        raise PictureError(f'There is no file "{path}".') from error
    except Exception as error:  # Pillow raises nearly anything on hostile bytes
        raise NotAPicture(f'The header of "{path}" cannot be read. Copy it again.') from error
    return (width, height) if sideways else (height, width)
