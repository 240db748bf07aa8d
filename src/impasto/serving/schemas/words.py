"""Words that requests are made of: assets, styles, regions, outputs; no word is ever a path."""

from typing import Annotated, Literal

from pydantic import Field

from impasto.serving.schemas.fields import Body

HASH = "[0-9a-f]{64}"
NAME = r"[a-z0-9]+(?:-[a-z0-9]+)*"
WEIGHT = r"(?::(?:\d+\.?\d*|\.\d+))?"
STYLE = rf"^(?:{NAME}|asset:{HASH}){WEIGHT}$"
ID = r"^[A-Za-z0-9][A-Za-z0-9._~-]{0,63}$"
# Colors as CSS spells them, or gallery names, between commas: no dot or slash of a file's name,
# but for the numbers within rgb(...).
PALETTE = r"^(?:[#a-zA-Z0-9, -]|rgba?\([0-9., %]+\)|hsla?\([0-9., %]+\))+$"
MOST_STYLES = 8

AssetId = Annotated[
    str,
    Field(
        pattern=f"^{HASH}$",
        description="The id of an asset: the SHA-256 of its bytes, as POST /v1/assets answers.",
    ),
]
StyleWord = Annotated[
    str,
    Field(
        pattern=STYLE,
        max_length=200,
        description="NAME or NAME:WEIGHT of a style, or asset:SHA256 or asset:SHA256:WEIGHT of a "
        "painting that was uploaded.",
    ),
]
Styles = Annotated[list[StyleWord], Field(min_length=1, max_length=MOST_STYLES)]
StyleOrStyles = Annotated[
    StyleWord | Styles,
    Field(description="A style, or several that are mixed by their weights."),
]
ModelName = Annotated[
    str, Field(pattern=f"^{NAME}$", max_length=100, description="A model of GET /v1/models.")
]


class Region(Body):
    """A part of the picture with a style of its own."""

    mask: AssetId = Field(description="A picture as large as wished: white is the region.")
    style: StyleOrStyles | None = Field(None, description="Its style; null keeps the photo.")
    weight: float = Field(1.0, ge=0, le=1, allow_inf_nan=False, description="How far it counts.")


class OutputFile(Body):
    """The file that the painting is written to."""

    format: Literal["jpeg", "png", "webp", "avif", "tiff"] = Field(
        "jpeg", description="The kind of file."
    )
    quality: int = Field(95, ge=1, le=100, description="Of JPEG, WebP and AVIF.")


class Webhook(Body):
    """An address that is told of the job's events, signed as Standard Webhooks are."""

    url: Annotated[str, Field(max_length=2000, pattern=r"^https://", description="https only.")]
    events: Annotated[
        list[Literal["started", "succeeded", "failed", "canceled"]],
        Field(min_length=1, max_length=4),
    ] = Field(["succeeded", "failed", "canceled"], description="Which events are told.")


Priority = Annotated[
    Literal["interactive", "normal", "batch"],
    Field(description="What waits goes in this order."),
]


class Common(Body):
    """What every job may say."""

    webhook: Webhook | None = Field(None, description="Who is told; the server must allow it.")
    priority: Priority | None = Field(
        None, description="Without it normal, and interactive where the client waits."
    )
