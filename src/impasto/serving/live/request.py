"""What a client asks for on the live line."""

from typing import Annotated, Literal

from pydantic import Field

from impasto.serving.schemas.fields import Body, model_of
from impasto.serving.schemas.requests import PICTURE_PATTERNS
from impasto.serving.schemas.words import AssetId, ModelName, Region, StyleOrStyles
from impasto.settings.stylize import StylizeSettings

FRAME = "frame"  # the content that comes as the next message, a JPEG


class _Live(Body):
    seq: Annotated[int, Field(ge=0, le=2**53)] = Field(0, description="Comes back with the answer.")
    content: AssetId | Literal["frame"]
    style: StyleOrStyles | None = None
    model: ModelName | None = None
    regions: list[Region] = Field([], max_length=16)


LiveRequest: type[_Live] = model_of(  # type: ignore[assignment]
    "LiveRequest", StylizeSettings, "A preview to paint.", _Live, PICTURE_PATTERNS
)
