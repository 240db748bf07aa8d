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
STYLE_MEMBERS = ("style", "styles", "fine", "paintings")  # of requests: they hold style words

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

    mask: Annotated[
        AssetId, Field(description="A picture, stretched over the photo: white is the region.")
    ]
    style: Annotated[
        StyleWord | Styles | None, Field(description="Its style; null keeps the photo.")
    ] = None
    weight: Annotated[
        float, Field(ge=0, le=1, allow_inf_nan=False, description="How far it counts.")
    ] = 1.0


class OutputFile(Body):
    """The file that the painting is written to."""

    format: Annotated[
        Literal["jpeg", "png", "webp", "avif", "tiff"], Field(description="The kind of file.")
    ] = "jpeg"
    quality: Annotated[int, Field(ge=1, le=100, description="Of JPEG, WebP and AVIF.")] = 95


class Webhook(Body):
    """An address that is told of the job's events, signed as Standard Webhooks are."""

    url: Annotated[str, Field(max_length=2000, pattern=r"^https://", description="https only.")]
    events: Annotated[
        list[Literal["started", "succeeded", "failed", "canceled"]],
        Field(min_length=1, max_length=4, description="Which events are told."),
    ] = ["succeeded", "failed", "canceled"]


Regions = Annotated[
    list[Region], Field(max_length=16, description="Parts with styles of their own.")
]
Output = Annotated[OutputFile, Field(description="The file that is made.")]
Model = Annotated[ModelName | None, Field(description="A model; without it the painter.")]
Style = Annotated[
    StyleWord | Styles | None,
    Field(
        description="A style, or several that are mixed by their weights; a model of one style of "
        "its own needs none."
    ),
]


class Common(Body):
    """What every job may say."""

    webhook: Annotated[
        Webhook | None, Field(description="Who is told; the server must allow it.")
    ] = None
    priority: Annotated[
        Literal["interactive", "normal", "batch"] | None,
        Field(description="Without it normal, and interactive where the client waits."),
    ] = None
