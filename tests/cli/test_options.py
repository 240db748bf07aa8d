"""Options are made from settings: same names, same ranges, same words of error."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import typer
from typer.testing import CliRunner

from impasto.cli.options import options_of
from impasto.settings.fields import check, setting, settings_of
from impasto.settings.schema import from_texts
from impasto.settings.stylize import StylizeSettings


@dataclass(frozen=True)
class Print:
    """Settings of an invented print."""

    line_width: float = setting(1.0, "Width of a line.", minimum=0, maximum=9, unit="px")
    ink: Literal["black", "sepia"] = setting("black", "Color of the ink.")
    words: tuple[str, ...] = setting((), "What to write.", flag="--word")
    signed: bool = setting(False, "Sign it.")

    def __post_init__(self) -> None:
        check(self)


def command() -> typer.Typer:
    """Return a command that prints its settings."""
    app = typer.Typer(rich_markup_mode=None, add_completion=False)

    @app.command()
    @options_of(Print)
    def draw(name: str, typed: Mapping[str, Any], loud: bool = False) -> None:
        """Draw a print."""
        typer.echo(f"{name} {loud} {from_texts(Print, typed)}")

    return app


def test_options_arrive_as_settings_beside_other_parameters() -> None:
    words = ["x", "--line-width", "2", "--word", "a", "--word", "b", "--signed", "--loud"]
    result = CliRunner().invoke(command(), words)
    assert result.output == f"x True {Print(2.0, 'black', ('a', 'b'), True)}\n"


def test_what_is_not_typed_has_its_default() -> None:
    assert CliRunner().invoke(command(), ["x"]).output == f"x False {Print()}\n"


def test_help_shows_text_range_choices_and_default() -> None:
    shown = " ".join(CliRunner().invoke(command(), ["--help"]).output.split())
    assert "--line-width NUMBER Width of a line. [0 to 9 px; default: 1.0]" in shown
    assert "--ink black|sepia Color of the ink. [default: black]" in shown
    assert "--signed / --no-signed" in shown


def test_every_setting_of_stylize_is_an_option() -> None:
    from impasto.cli.app import app

    shown = CliRunner().invoke(app, ["stylize", "--help"]).output
    assert all(f"{one.flag} " in shown for one in settings_of(StylizeSettings))


def test_a_command_may_have_only_some_settings() -> None:
    app = typer.Typer(rich_markup_mode=None, add_completion=False)

    @app.command()
    @options_of(Print, only=("ink",))
    def draw(typed: Mapping[str, Any]) -> None:
        """Draw a print."""
        typer.echo(f"{typed}")

    shown = CliRunner().invoke(app, ["--ink", "sepia"]).stdout
    assert shown == "{'ink': 'sepia'}\n"
    assert "--line-width" not in CliRunner().invoke(app, ["--help"]).stdout
