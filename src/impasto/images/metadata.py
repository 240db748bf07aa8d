"""What a file says beside its pixels: resolution, profile, EXIF."""

import struct
from dataclasses import dataclass

from PIL import Image

from impasto.images.tags import DETAILS, SHORT, Tag, directories, numbers, rational, read_tags

_HEAD = b"Exif\0\0"
_ORIENTATION, _ACROSS, _DOWN, _UNIT = 274, 282, 283, 296

# What is kept is named, so that no place, serial number or thumbnail can slip through.
_PLAIN = (
    270,  # description
    271,  # make of the camera
    272,  # model
    306,  # date
    315,  # artist
    33432,  # copyright
)
_DETAILS = (
    33434,  # exposure time
    33437,  # f-number
    34850,  # exposure program
    34855,  # sensitivity
    34864,  # kind of sensitivity
    36864,  # version of EXIF
    36867,  # date taken
    36868,  # date digitized
    *range(36880, 36883),  # time zones
    *range(37377, 37387),  # shutter speed, aperture, ..., metering, flash, focal length
    *range(37520, 37523),  # fractions of a second
    41986,  # exposure mode
    41987,  # white balance
    41989,  # focal length as of 35 mm film
    *range(42034, 42037),  # lens: range, make, model
)


@dataclass(frozen=True)
class Metadata:
    """What a picture file says beside its pixels; None where it says nothing."""

    dpi: tuple[float, float] | None = None  # dots an inch, across and down
    profile: bytes | None = None  # the ICC profile that the pixels are in; None is sRGB
    exif: bytes | None = None  # as Pillow's ``exif=`` takes it; without GPS and thumbnail


NOTHING = Metadata()


def kept_exif(image: Image.Image) -> bytes | None:
    """Return the part of a picture's EXIF that a painting may keep, or None without any.

    Camera, lens, exposure, date, artist, copyright and description stay. Nothing else does: no
    GPS, maker notes, serial numbers or thumbnail; the orientation becomes 1, upright.
    """
    try:
        exif = image.info.get("exif") or image.getexif().tobytes()  # TIFF has tags of its own
    except Exception:  # Pillow's EXIF reader raises nearly anything on hostile bytes
        return None
    return exif_of(Metadata(exif=exif))


def exif_of(kept: Metadata, *, dpi: bool = False) -> bytes | None:
    """Return the EXIF to write, which holds only what may be kept, or None without any.

    Args:
        dpi: write the resolution too, for formats that have no other place for it.
    """
    plain, details = exif_tags(kept.exif)
    plain += resolution_tags(kept.dpi) if dpi and kept.dpi else []
    if not plain and not details:
        return None
    head = struct.pack("<2sHL", b"II", 42, 8)
    upright = numbers(_ORIENTATION, SHORT, 1)
    return _HEAD + head + directories([upright, *plain], details, len(head))


def exif_tags(exif: bytes | None) -> tuple[list[Tag], list[Tag]]:
    """Return what may be kept of EXIF: tags of the picture, and of the shot; none where broken."""
    try:
        plain, order, data = _read(exif, (*_PLAIN, DETAILS))
        pointer = plain.pop(DETAILS, None)
        if pointer is None:
            return list(plain.values()), []
        (start,) = struct.unpack("<L", pointer.data)
        details = {tag.number: tag for tag in read_tags(data, start, order, _DETAILS)}
    except struct.error:
        return [], []
    return list(plain.values()), list(details.values())


def exif_dpi(exif: bytes | None) -> tuple[float, float] | None:
    """Return the dots an inch that EXIF states, across and down; None where it does not."""
    try:
        tags, _, _ = _read(exif, (_ACROSS, _DOWN, _UNIT))
        across, down = (struct.unpack("<LL", tags[number].data) for number in (_ACROSS, _DOWN))
        inches = {2: 1.0, 3: 2.54}[int.from_bytes(tags[_UNIT].data, "little")]
        return across[0] / across[1] * inches, down[0] / down[1] * inches
    except (struct.error, KeyError, ZeroDivisionError):
        return None


def _read(exif: bytes | None, wanted: tuple[int, ...]) -> tuple[dict[int, Tag], str, bytes]:
    """Return the first directory's wanted tags, the order of bytes, and the data of all."""
    data = (exif or b"").removeprefix(_HEAD)
    order = {b"II": "<", b"MM": ">"}.get(data[:2], "<")
    (start,) = struct.unpack_from(order + "L", data, 4)
    return {tag.number: tag for tag in read_tags(data, start, order, wanted)}, order, data


def resolution_tags(dpi: tuple[float, float] | None) -> list[Tag]:
    """Return the tags of TIFF and EXIF that hold dots an inch, or say that there is no unit."""
    across, down = dpi or (1, 1)
    unit = 2 if dpi else 1
    return [rational(_ACROSS, across), rational(_DOWN, down), numbers(_UNIT, SHORT, unit)]
