"""What a client of OpenAI's library sends to have a picture edited."""

from typing import Annotated, Literal

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field

from impasto.serving.schemas.words import AssetId

SIZE = r"^(auto|[1-9][0-9]{1,4}x[1-9][0-9]{1,4})$"
MOST = 8  # pictures that come or go


class ImageEdit(BaseModel):
    """A photo, and in words how to paint it. Members that mean nothing here are ignored."""

    model_config = ConfigDict(extra="ignore")

    image: Annotated[
        list[AssetId],
        BeforeValidator(lambda one: [one] if isinstance(one, str) else one),
        Field(
            validation_alias=AliasChoices("image", "image[]"),
            min_length=1,
            max_length=MOST,
            description="The photo; a second picture is the style, several are mixed.",
        ),
    ]
    prompt: str = Field(
        min_length=1,
        max_length=32_000,
        description="The style: names as `starry-night:0.7, great-wave:0.3`, or words that fit "
        "one: a title, an artist, a school, a color.",
        examples=["Paint it like The Starry Night"],
    )
    mask: AssetId | None = Field(None, description="Where it is transparent, it is painted.")
    model: str | None = Field(
        None, max_length=100, description="A model of `/v1/models`; others' names mean the painter."
    )
    n: int = Field(1, ge=1, le=MOST, description="Results: each in the next best style that fits.")
    size: str = Field(
        "auto",
        pattern=SIZE,
        description="WIDTHxHEIGHT that the result fits into; it keeps the photo's proportions.",
    )
    quality: Literal["low", "medium", "high", "xhigh", "max", "standard", "auto"] = Field(
        "auto", description="Where the size is auto: low is 512 pixels, medium 1024."
    )
    response_format: Literal["b64_json", "url"] = "b64_json"
    output_format: Literal["png", "jpeg", "webp"] = "png"
    output_compression: int = Field(95, ge=0, le=100, description="Quality of JPEG and WebP.")
    stream: bool = Field(False, description="Answer with events.")
    partial_images: int = Field(
        0, ge=0, le=3, description="Smaller paintings that are sent before, in a stream."
    )
