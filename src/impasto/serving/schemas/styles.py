"""What clients send to add a style of their own."""

from pydantic import AliasChoices, Field

from impasto.serving.schemas.fields import Body
from impasto.serving.schemas.words import AssetId
from impasto.serving.styles import NAME


class NewStyle(Body):
    """A style of one's own: a painting, and what is known of it."""

    name: str = Field(pattern=f"^{NAME}$", max_length=60, examples=["my-meadow"])
    asset: AssetId = Field(
        validation_alias=AliasChoices("asset", "file"),
        description="The painting: an uploaded picture; in a form, the file.",
    )
    title: str = Field("", max_length=200)
    artist: str = Field("", max_length=200)
    year: str = Field("", max_length=60)
    licence: str = Field("", max_length=200)
    source: str = Field("", max_length=2000)
