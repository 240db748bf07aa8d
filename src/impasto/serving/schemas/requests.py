"""What clients ask for: the bodies of requests, made from the settings that they are about."""

from typing import Annotated, Any, Literal

from pydantic import Field

from impasto.serving.schemas.fields import Body, model_of
from impasto.serving.schemas.words import (
    PALETTE,
    AssetId,
    Common,
    ModelName,
    OutputFile,
    Region,
    StyleOrStyles,
    Styles,
    StyleWord,
)
from impasto.settings.optimize import OptimizeSettings
from impasto.settings.recipes import RECIPES
from impasto.settings.stylize import StylizeSettings

PHOTO = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
PLACE = r"^\s*-?\d{1,6}\s*,\s*-?\d{1,6}\s*(,\s*\d{1,6}\s*,\s*\d{1,6}\s*)?$"
LAYER = r"^[a-z0-9_.]+(:[0-9.]+)?$"
PICTURE_PATTERNS = {
    "palette": PALETTE,
    "select": PLACE,
    "strokes": r"^(relative|native|[0-9.]{1,8})$",
    "style_layers": LAYER,
    "content_layers": LAYER,
    "time": r"^\d{1,6}(\.\d{1,3})?\s*[smh]?$",
}


class _Content(Common):
    """What all that paints a picture has."""

    content: AssetId
    regions: list[Region] = Field(
        [], max_length=16, description="Parts of the picture with styles of their own."
    )
    output: OutputFile = Field(default_factory=OutputFile, description="The file that is made.")


class _Styled(_Content):
    style: StyleOrStyles | None = Field(
        None, description="The style; a model of one style of its own needs none."
    )
    model: ModelName | None = Field(None, description="A model; without it the painter.")


class _Optimized(_Content):
    style: StyleOrStyles
    fine: Styles | None = Field(
        None, description="Another painting for the fine brushwork; large shapes are of style."
    )


class _Batch(Common):
    contents: list[AssetId] = Field(min_length=1, max_length=1000, description="The photos.")
    style: StyleOrStyles | None = _Styled.model_fields["style"]
    model: ModelName | None = _Styled.model_fields["model"]
    regions: list[Region] = _Content.model_fields["regions"]
    output: OutputFile = _Content.model_fields["output"]


class _Sheet(Common):
    content: AssetId
    styles: list[StyleWord] = Field(
        min_length=1, max_length=12, description="The columns: one style each."
    )
    strengths: list[Annotated[float, Field(ge=0, le=2, allow_inf_nan=False)]] = Field(
        [0.5, 1.0, 1.5], min_length=1, max_length=12, description="The rows: one strength each."
    )
    model: ModelName | None = _Styled.model_fields["model"]
    output: OutputFile = _Content.model_fields["output"]


class _Trained(Common):
    name: ModelName = Field(description="What the model is to be called.")
    paintings: list[StyleWord] = Field(
        min_length=1,
        max_length=64,
        description="Names of styles, or uploaded pictures asset:SHA256.",
    )
    photos: list[AssetId] = Field(
        [], max_length=2000, description="Photos to learn on; without them the server's own."
    )


def _painted(name: str, cls: type, doc: str, base: type[Body]) -> type[Body]:
    choices = {"init": ("content", "noise", "style", "painter")}
    return model_of(name, cls, doc, base, PICTURE_PATTERNS, choices)


Stylization = _painted("Stylization", StylizeSettings, "A photo painted in a style.", _Styled)
Optimization = _painted(
    "Optimization", OptimizeSettings, "A painting that is optimised step by step.", _Optimized
)
Batch = _painted("Batch", StylizeSettings, "Many photos painted alike, a job each.", _Batch)
Sheet = _painted(
    "Sheet", StylizeSettings, "One photo in several styles and strengths, as one picture.", _Sheet
)
RECIPES_OFFERED = ("style", "styles", "personal")


def _recipe(recipe: str) -> type[Body]:
    base = type(
        f"_{recipe.title()}",
        (_Trained,),
        {
            "__annotations__": {"recipe": Literal[recipe]},  # type: ignore[valid-type]
            "__module__": __name__,
            "recipe": Field(description="What is learned."),
        },
    )
    patterns = {"style_layers": LAYER, "content_layers": LAYER}
    return model_of(
        f"{recipe.title()}Training",
        RECIPES[recipe],
        f"A training: recipe {recipe}.",
        base,
        patterns,
    )


TRAININGS = {recipe: _recipe(recipe) for recipe in RECIPES_OFFERED}
BODIES: dict[str, type[Body]] = {
    "stylization": Stylization,
    "optimization": Optimization,
    "batch": Batch,
    "sheet": Sheet,
}
EXAMPLES: dict[str, dict[str, Any]] = {
    "stylization": {
        "content": PHOTO,
        "style": ["starry-night:0.7", "great-wave:0.3"],
        "strength": 0.9,
    },
    "optimization": {"content": PHOTO, "style": "starry-night", "preset": "draft", "strength": 60},
    "batch": {"contents": [PHOTO], "style": "great-wave"},
    "sheet": {"content": PHOTO, "styles": ["starry-night", "great-wave"], "strengths": [0.5, 1]},
    "training": {
        "recipe": "style",
        "name": "my-style",
        "paintings": ["starry-night"],
        "steps": 500,
    },
}
