"""A photo's EXIF, with everything in it that must not be passed on."""

import pytest
from PIL import Image


@pytest.fixture
def full_exif() -> Image.Exif:
    """EXIF of a camera with a place, a thumbnail, serial numbers and a turned picture."""
    exif = Image.Exif()
    exif[271], exif[272], exif[274] = "Canon", "EOS R5", 6
    exif[306], exif[315], exif[33432] = "2026:07:14 10:20:30", "Jane Doe", "(c) Jane Doe"
    details = exif.get_ifd(34665)
    details |= {36867: "2026:07:14 10:20:30", 33434: 0.008, 33437: 2.8, 34855: 400}
    details |= {37386: 85.0, 42034: (24.0, 105.0, 4.0, 4.0), 42036: "RF24-105mm"}
    details |= {42033: "SERIAL-4711", 37500: b"MAKERNOTE" * 9, 37510: b"COMMENT-OF-USER"}
    place = exif.get_ifd(34853)
    place |= {1: "N", 2: (47.0, 22.0, 33.0), 3: "E", 4: (8.0, 32.0, 17.0), 29: "2026:07:14-GPS"}
    exif[34853], exif[34665] = place, details
    exif[42033] = "SERIAL-4711"
    exif[37510] = b"THUMBNAIL" * 20
    return exif
