"""Settings are checked by kind, range and choice, and errors name the option as it is typed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest

from impasto.errors import SettingError
from impasto.settings.fields import check, setting, settings_of


@dataclass(frozen=True)
class Drawing:
    """Settings of an invented drawing."""

    line_width: float = setting(1.0, "Width of a line.", minimum=0.5, maximum=9, unit="px")
    copies: int = setting(1, "How many.", minimum=1)
    ink: Literal["black", "sepia"] = setting("black", "Color of the ink.")
    paper: str | None = setting(None, "Kind of paper.", flag="--on")
    words: tuple[str, ...] = setting((), "What to write.")
    folder: Path = setting(Path("here"), "Where.")
    signed: bool = setting(False, "Sign it.")
    bits: Literal["8", "16"] = setting("8", "Of a sample.")
    note: str = "not a setting"

    def __post_init__(self) -> None:
        check(self)


def test_a_setting_is_described_from_its_field() -> None:
    width, _, ink, paper, words, folder, signed, _ = settings_of(Drawing)
    assert (width.flag, width.kind, width.minimum, width.unit) == ("--line-width", float, 0.5, "px")
    assert (ink.kind, ink.choices) == (str, ("black", "sepia"))
    assert (paper.flag, paper.optional) == ("--on", True)
    assert words.many and not width.many
    assert (folder.kind, signed.kind) == (Path, bool)


def test_values_take_their_declared_kind() -> None:
    drawing = Drawing(line_width=2, words=["a", "b"], folder="there")  # type: ignore[arg-type]
    assert isinstance(drawing.line_width, float)
    assert drawing.words == ("a", "b")
    assert drawing.folder == Path("there")
    assert Drawing(words="one").words == ("one",)  # type: ignore[arg-type]
    assert Drawing(bits=16).bits == "16"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"line_width": 12}, "--line-width must be between 0.5 and 9 px, got 12"),
        ({"line_width": float("nan")}, "--line-width must be between 0.5 and 9 px, got nan"),
        ({"line_width": True}, "--line-width must be between 0.5 and 9 px, got True"),
        ({"copies": 0}, "--copies must be a whole number of at least 1, got 0"),
        ({"copies": 1.5}, "--copies must be a whole number of at least 1, got 1.5"),
        ({"copies": None}, "--copies needs a value: a whole number of at least 1"),
        ({"ink": "sepa"}, '--ink must be one of black, sepia, got "sepa". Did you mean "sepia"?'),
        ({"paper": 3}, "--on must be a text, got 3"),
        ({"words": ("a", 1)}, "--words must be a text, got 1"),
        ({"signed": 1}, "--signed must be true or false, got 1"),
        ({"folder": 1}, "--folder must be a path, got 1"),
    ],
)
def test_a_bad_value_is_named_as_the_user_types_it(values: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingError) as caught:
        Drawing(**values)
    assert str(caught.value) == message


def test_a_kind_that_nobody_can_type_is_refused() -> None:
    @dataclass(frozen=True)
    class Odd:
        either: int | str = setting(1, "Either.")

    with pytest.raises(TypeError, match=r"int \| str"):
        settings_of(Odd)
