"""What a photo tells beside its pixels stays behind; a painting tells only how it was made."""

import io
from typing import Any

import pytest
from PIL import Image, ImageCms
from PIL.Image import Exif
from starlette.testclient import TestClient
from tests.serving.promises.bombs import noise, saved

GPS, MAKE, AUTHOR, TURN = 0x8825, 0x010F, 0x013B, 0x0112
FORMATS = ("jpeg", "png", "webp", "avif", "tiff")


def photo_with_everything() -> bytes:
    exif = Exif()
    exif[MAKE], exif[AUTHOR], exif[TURN] = "Secret-Camera", "Secret-Author", 6
    place = exif.get_ifd(GPS)
    place[1], place[2], place[29] = "N", (48.0, 51.0, 29.9), "2026:01:01"
    words = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>Secret-Words</a></x:xmpmeta>'
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return saved(
        noise(), "JPEG", exif=exif, comment=b"Secret-Comment", xmp=words, icc_profile=profile
    )


@pytest.mark.parametrize("kind", FORMATS)
def test_only_how_it_was_made_is_told(shared: TestClient, kind: str) -> None:
    data = photo_with_everything()
    assert b"Secret-Camera" in data and b"Secret-Words" in data and b"Secret-Comment" in data
    response: Any = shared.post(
        "/v1/stylizations", headers={"Prefer": "wait"},
        files={"content": ("Secret-Name.jpg", data)},
        data={"style": "great-wave", "output": f'{{"format": "{kind}"}}'},
    )  # fmt: skip
    assert response.status_code == 200, response.text
    assert b"Secret" not in response.content
    with Image.open(io.BytesIO(response.content)) as image:
        assert image.size == (48, 64), "the orientation is applied"
        exif = image.getexif()
        assert not exif.get_ifd(GPS) and MAKE not in exif and exif.get(TURN, 1) == 1
        xmp = str(image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or image.getxmp())
    assert (
        "compositeWithTrainedAlgorithmicMedia" in xmp or b"compositeWithTrained" in response.content
    )
    assert b"great-wave" in response.content
    assert b"arriving" not in response.content and b"/tmp" not in response.content
