"""What clients ask for: the bodies of requests, made from the settings that they are about."""

from typing import Annotated, Any, Literal

from pydantic import Field, create_model

from impasto.serving.offered import RECIPE_NAMES, STARTS
from impasto.serving.schemas.fields import Body, model_of
from impasto.serving.schemas.words import (
    PALETTE,
    AssetId,
    Common,
    Model,
    ModelName,
    Output,
    OutputFile,
    Regions,
    Style,
    StyleOrStyles,
    Styles,
    StyleWord,
)
from impasto.settings.optimize import OptimizeSettings
from impasto.settings.recipes import RECIPES
from impasto.settings.stylize import StylizeSettings

PHOTO = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
PLACE = r"^\s*-?\d{1,6}\s*,\s*-?\d{1,6}\s*(,\s*\d{1,6}\s*,\s*\d{1,6}\s*)?$"
TIME = r"^\d{1,6}(\.\d{1,3})?\s*[smh]?$"
LAYER = r"^[a-z0-9_.]+(:[0-9.]+)?$"
PICTURE_PATTERNS = {
    "palette": PALETTE,
    "select": PLACE,
    "strokes": r"^(relative|native|[0-9.]{1,8})$",
    "style_layers": LAYER,
    "content_layers": LAYER,
    "time": TIME,
    "encoder": r"^[a-z0-9-]+$",
}
TRAINING_PATTERNS = {"style_layers": LAYER, "content_layers": LAYER, "budget": TIME}


class _Content(Common):
    """What all that paints a picture has."""

    content: AssetId
    regions: Regions = []
    output: Output = OutputFile()


class _Styled(_Content):
    style: Style = None
    model: Model = None


class _Optimized(_Content):
    style: StyleOrStyles
    fine: Annotated[
        Styles | None,
        Field(description="Another painting for the fine brushwork; large shapes are of style."),
    ] = None


class _Batch(Common):
    contents: Annotated[
        list[AssetId], Field(min_length=1, max_length=1000, description="The photos.")
    ]
    style: Style = None
    model: Model = None
    regions: Regions = []
    output: Output = OutputFile()


class _Sheet(Common):
    content: AssetId
    styles: Annotated[
        list[StyleWord],
        Field(min_length=1, max_length=12, description="The columns: one style each."),
    ]
    strengths: Annotated[
        list[Annotated[float, Field(ge=0, le=2, allow_inf_nan=False)]],
        Field(min_length=1, max_length=12, description="The rows: one strength each."),
    ] = [0.5, 1.0, 1.5]
    model: Model = None
    output: Output = OutputFile()


class _Trained(Common):
    name: Annotated[ModelName, Field(description="What the model is to be called.")]
    paintings: Annotated[
        list[StyleWord],
        Field(
            min_length=1,
            max_length=64,
            description="Names of styles, or uploaded pictures as asset:SHA256.",
        ),
    ]
    photos: Annotated[
        list[AssetId],
        Field(
            max_length=2000,
            description="Photos to learn on; without them the server's own.",
        ),
    ] = []


def _painted(name: str, cls: type, doc: str, base: type[Body]) -> type[Body]:
    return model_of(name, cls, doc, base, PICTURE_PATTERNS, {"init": STARTS})


Stylization = _painted("Stylization", StylizeSettings, "A photo painted in a style.", _Styled)
Optimization = _painted(
    "Optimization", OptimizeSettings, "A painting that is optimised step by step.", _Optimized
)
Batch = _painted("Batch", StylizeSettings, "Many photos painted alike, a job each.", _Batch)
Sheet = _painted(
    "Sheet", StylizeSettings, "One photo in several styles and strengths, as one picture.", _Sheet
)


def _recipe(recipe: str) -> type[Body]:
    name, doc = f"{recipe.title()}Training", f"A training: recipe {recipe}."
    told: Any = (Literal[recipe], Field(description="What is learned."))
    base = create_model(f"_{name}", __base__=_Trained, recipe=told)
    return model_of(name, RECIPES[recipe], doc, base, TRAINING_PATTERNS)


TRAININGS = {recipe: _recipe(recipe) for recipe in RECIPE_NAMES}
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
