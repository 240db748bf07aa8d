"""What a file says beside its pixels: resolution, profile, EXIF."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Metadata:
    """What a picture file says beside its pixels; None where it says nothing."""

    dpi: tuple[float, float] | None = None  # dots an inch, across and down
    profile: bytes | None = None  # the ICC profile that the pixels are in; None is sRGB
    exif: bytes | None = None  # as Pillow's ``exif=`` takes it; without GPS and thumbnail


NOTHING = Metadata()
