"""OpenAI's own client library paints with a real server, and reads its refusals."""

import base64
import io
from collections.abc import Iterator
from pathlib import Path

import httpx
import openai
import pytest
from PIL import Image
from tests.serving.real import started

from impasto.provenance.disclosure import read_disclosure


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where ``impasto serve`` listens, with the token "a-long-secret-token"."""
    folder, share = (
        tmp_path_factory.mktemp("edits") / "server",
        ("--workers", "1", "--threads", "1"),
    )
    with started(folder, *share, IMPASTO_TOKEN="a-long-secret-token") as server:
        yield server.url


@pytest.fixture
def images(address: str) -> Iterator[openai.resources.Images]:
    """OpenAI's client."""
    with openai.OpenAI(
        base_url=f"{address}/v1", api_key="a-long-secret-token", max_retries=0
    ) as client:
        yield client.images


@pytest.fixture
def picture(photo: bytes) -> tuple[str, bytes]:
    """A photo of 96 x 64 pixels, as the client sends it."""
    return "photo.jpg", photo


def opened(encoded: str | None) -> Image.Image:
    assert encoded is not None
    return Image.open(io.BytesIO(base64.b64decode(encoded)))


def test_words_are_a_style_and_the_result_is_signed(
    images: openai.resources.Images, picture: tuple[str, bytes], tmp_path: Path
) -> None:
    told = images.edit(
        image=picture, prompt="Paint it like The Starry Night", model="gpt-image-1", user="ann"
    )
    assert told.data is not None and len(told.data) == 1
    shown = opened(told.data[0].b64_json)
    assert (shown.format, shown.size) == ("PNG", (96, 64))
    (tmp_path / "result.png").write_bytes(base64.b64decode(told.data[0].b64_json or ""))
    disclosed = read_disclosure(tmp_path / "result.png")
    assert disclosed is not None and disclosed["settings"]["style"]["name"] == "starry-night"


def test_size_format_and_number_are_as_asked(
    images: openai.resources.Images, picture: tuple[str, bytes]
) -> None:
    told = images.edit(
        image=picture, prompt="van gogh", n=2, size="256x256", output_format="jpeg",
        output_compression=80,
    )  # fmt: skip
    assert told.data is not None
    shown = [opened(one.b64_json) for one in told.data]
    assert [(one.format, one.size) for one in shown] == [("JPEG", (256, 171))] * 2
    assert shown[0].tobytes() != shown[1].tobytes()


def test_a_mask_keeps_what_is_opaque(
    images: openai.resources.Images, picture: tuple[str, bytes], photo: bytes
) -> None:
    mask, file = Image.new("RGBA", (96, 64), (0, 0, 0, 255)), io.BytesIO()
    mask.paste((0, 0, 0, 0), (64, 0, 96, 64))  # the right third is edited
    mask.save(file, "PNG")
    told = images.edit(image=picture, mask=("mask.png", file.getvalue()), prompt="great-wave")
    assert told.data is not None
    shown, original = opened(told.data[0].b64_json), Image.open(io.BytesIO(photo))
    left, right = (0, 0, 56, 64), (72, 0, 96, 64)
    assert shown.crop(left).tobytes() == original.crop(left).tobytes()
    assert shown.crop(right).tobytes() != original.crop(right).tobytes()


def test_a_second_picture_is_the_style(
    images: openai.resources.Images, picture: tuple[str, bytes], address: str
) -> None:
    file = io.BytesIO()
    Image.linear_gradient("L").save(file, "PNG")
    told = images.edit(
        image=[picture, ("style.png", file.getvalue())], prompt="zzzz", response_format="url"
    )
    assert told.data is not None and told.data[0].url is not None
    headers = {"Authorization": "Bearer a-long-secret-token"}
    assert told.data[0].url.startswith(address)
    fetched = httpx.get(told.data[0].url, headers=headers)
    assert Image.open(io.BytesIO(fetched.content)).size == (96, 64)


def test_a_stream_shows_smaller_paintings_first(
    images: openai.resources.Images, picture: tuple[str, bytes]
) -> None:
    stream = images.edit(
        image=picture, prompt="great-wave:1, starry-night:2", size="600x600", stream=True,
        partial_images=2, output_format="webp",
    )  # fmt: skip
    events = list(stream)
    assert [one.type for one in events] == [
        "image_edit.partial_image", "image_edit.partial_image", "image_edit.completed"
    ]  # fmt: skip
    assert [max(opened(one.b64_json).size) for one in events] == [384, 512, 600]


def test_refusals_are_read_by_the_client(
    images: openai.resources.Images, picture: tuple[str, bytes], address: str
) -> None:
    with pytest.raises(openai.BadRequestError) as refusal:
        images.edit(image=picture, prompt="zzzz qqqq")
    assert (refusal.value.param, refusal.value.code) == ("prompt", "unknown_style")
    assert "No style fits" in refusal.value.message
    with pytest.raises(openai.UnprocessableEntityError) as refusal_of_value:
        images.edit(image=picture, prompt="great-wave", size="huge")
    assert refusal_of_value.value.param == "size"
    with pytest.raises(openai.NotFoundError):
        images.edit(image=picture, prompt="great-wave", model="no-such-model")
    with pytest.raises(openai.APIStatusError) as no_picture:
        images.edit(image=("photo.jpg", b"no picture at all, but long enough"), prompt="x-y")
    assert no_picture.value.status_code == 415
    with (
        openai.OpenAI(base_url=f"{address}/v1", api_key="another", max_retries=0) as stranger,
        pytest.raises(openai.AuthenticationError),
    ):
        stranger.images.edit(image=picture, prompt="great-wave")
