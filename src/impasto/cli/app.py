"""The command ``impasto``: its commands, and the one place where errors become exit codes."""

import errno
import io
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.main import get_command

from impasto.cli import (
    augment,
    dataset,
    doctor,
    evaluate,
    export,
    lut,
    mask,
    models,
    optimize,
    rate,
    runs,
    serve,
    steer,
    styles,
    stylize,
    tokens,
    train,
)
from impasto.cli.bugs import bug_report
from impasto.cli.show import error_line
from impasto.errors import ImpastoError, Interrupted, OutputError, UsageError
from impasto.version import __version__

STOPPED = Interrupted.exit_code

# Plain help and plain errors: rich would cost a tenth of a second at every start.
app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)
app.command(name="stylize")(stylize.stylize)
app.command(name="optimize")(optimize.optimize)
app.command(name="steer")(steer.steer)
app.command(name="augment")(augment.augment)
app.add_typer(styles.app, name="styles")
app.add_typer(models.app, name="models")
app.command(name="doctor")(doctor.doctor)
app.add_typer(dataset.app, name="dataset")
app.add_typer(train.app, name="train")
app.command(name="runs")(runs.runs)
app.command(name="export")(export.export)
app.add_typer(evaluate.app, name="evaluate")
app.command(name="rate")(rate.rate)
app.command(name="serve")(serve.serve)
app.command(name="studio")(serve.studio)
app.add_typer(tokens.app, name="tokens")
app.command(name="lut")(lut.lut)
app.command(name="mask")(mask.mask)


@app.callback(invoke_without_command=True)
def impasto(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Paint any photo in any style, offline, in a second.

    impasto stylize photo.jpg --style starry-night
    """
    if version:
        typer.echo(f"impasto {__version__}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code; every error becomes one line on stderr."""
    words = list(sys.argv[1:] if argv is None else argv)
    _print_any_name()
    try:
        code = get_command(app).main(words, prog_name="impasto", standalone_mode=False)
        if sys.stdout is not None:  # it is None where the caller closed it
            sys.stdout.flush()
        return _stopped() if code == STOPPED else int(code or 0)
    except Interrupted as error:
        return _stopped(str(error))
    except ImpastoError as error:
        error_line(error)
        return error.exit_code
    except typer.TyperException as error:  # an option or command that does not exist
        error_line(f"{error.format_message()} See: {_help_command(error)}")
        return UsageError.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return _stopped()
    except SystemExit as error:  # typer leaves so when the reader of a pipe goes away
        return int(error.code or 0) if isinstance(error.code, int | None) else 1
    except BrokenPipeError:
        # As with `impasto styles | head`: nothing to say, and nobody to say it to.
        _drop_stdout()
        return 1
    except Exception as error:
        # Only printing: those who write files have errors of their own.
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            _drop_stdout()
            error_line(f"What is done cannot be printed: {error.strerror}.")
            return OutputError.exit_code
        if os.environ.get("IMPASTO_DEBUG") == "1":
            traceback.print_exc()
        error_line(bug_report(error, words))
        return 1


def _print_any_name() -> None:
    """Let names of files be printed that are no text, or not of the terminal's letters."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")


def _drop_stdout() -> None:
    """Let what is left to print go nowhere, or Python would complain of it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _stopped(words: str = "stopped") -> int:
    typer.echo(f"impasto: {words}", err=True)
    return STOPPED


def _help_command(error: typer.TyperException) -> str:
    context: typer.Context | None = getattr(error, "ctx", None)
    return f"{context.command_path if context else 'impasto'} --help"
