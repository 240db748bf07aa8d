"""Every form of the settings says the same: texts, mappings, TOML and JSON schema."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impasto.errors import SettingError
from impasto.settings.fields import check, setting
from impasto.settings.schema import (
    from_environment,
    from_mapping,
    from_texts,
    from_toml,
    json_schema,
    to_mapping,
    to_toml,
)


@dataclass(frozen=True)
class Print:
    """Settings of an invented print."""

    width: float = setting(1.0, "Width.", minimum=0, unit="cm")
    copies: int | None = setting(None, "How many.", maximum=9)
    ink: Literal["black", "sepia"] = setting("black", "Color of the ink.")
    words: tuple[str, ...] = setting((), "What to write.")
    folder: Path = setting(Path("here"), "Where.")
    signed: bool = setting(False, "Sign it.")

    def __post_init__(self) -> None:
        check(self)


prints = st.builds(
    Print,
    width=st.floats(0, 1e300),
    copies=st.none() | st.integers(-(2**62), 9),
    words=st.lists(st.text(st.characters(exclude_categories=["Cs"]))).map(tuple),
    signed=st.booleans(),
)


@given(prints)
def test_toml_and_mapping_bring_back_the_same_settings(settings: Print) -> None:
    assert from_toml(Print, to_toml(settings)) == settings
    assert from_mapping(Print, to_mapping(settings)) == settings


def test_what_was_typed_becomes_settings() -> None:
    typed = {"width": "2.5", "copies": "3", "words": ["a"], "signed": "Yes", "ink": None}
    assert from_texts(Print, typed) == Print(width=2.5, copies=3, words=("a",), signed=True)


def test_what_was_not_typed_stays_as_it_was() -> None:
    base = Print(width=2.5, ink="sepia")
    assert from_texts(Print, {"copies": "3", "width": None}, base) == Print(2.5, 3, "sepia")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"width": "wide"}, '--width must be a number of at least 0 cm, got "wide"'),
        ({"copies": "2.5"}, '--copies must be a whole number of at most 9, got "2.5"'),
        ({"signed": "maybe"}, '--signed must be true or false, got "maybe"'),
        ({"widht": "1"}, 'There is no setting "widht". Did you mean "width"?'),
    ],
)
def test_what_cannot_be_read_is_named(typed: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingError) as caught:
        from_texts(Print, typed)
    assert str(caught.value) == message


def test_an_unknown_key_lists_what_is_known() -> None:
    with pytest.raises(SettingError, match="Known are: width, copies"):
        from_mapping(Print, {"zzz": 1})


def test_text_that_is_not_toml_is_refused() -> None:
    with pytest.raises(SettingError, match="not valid TOML"):
        from_toml(Print, "width = = 1")


def test_json_schema_holds_kind_range_choices_and_help() -> None:
    schema = json_schema(Print)
    assert not schema["additionalProperties"]
    width, copies, ink = (schema["properties"][name] for name in ("width", "copies", "ink"))
    assert width == {
        "type": "number", "minimum": 0, "description": "Width.", "default": 1.0, "x-unit": "cm",
    }  # fmt: skip
    assert copies["anyOf"] == [{"type": "integer", "maximum": 9}, {"type": "null"}]
    assert ink["enum"] == ["black", "sepia"]
    assert schema["properties"]["words"]["items"] == {"type": "string"}


def test_variables_become_settings_and_what_was_typed_goes_first() -> None:
    told = {"PRINT_WIDTH": "2.5", "PRINT_WORDS": "one, two", "PRINT_COPIES": "3", "PRINT_INK": " "}
    settings = from_environment(Print, {"copies": "4"}, prefix="PRINT_", environment=told)
    assert settings == Print(width=2.5, words=("one", "two"), copies=4)
    with pytest.raises(SettingError, match="width must be"):
        from_environment(Print, prefix="PRINT_", environment={"PRINT_WIDTH": "wide"})
