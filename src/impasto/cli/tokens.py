"""``impasto tokens``: who may use the server."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from impasto.cli.extras import needs_extras

if TYPE_CHECKING:
    from impasto.serving.guards.tokens import Tokens

app = typer.Typer(rich_markup_mode=None, help="Make, list and remove the tokens of the server.")
Folder = Annotated[
    Path | None,
    typer.Option("--folder", metavar="PATH", help="The server's folder.", envvar="IMPASTO_FOLDER"),
]
Name = Annotated[str, typer.Argument(metavar="NAME", help="Whose token it is.")]


@app.command()
def add(
    name: Name,
    queue: Annotated[
        int, typer.Option("--queue", metavar="NUMBER", help="Jobs at once; 0 is no limit.")
    ] = 0,
    a_day: Annotated[
        int, typer.Option("--a-day", metavar="NUMBER", help="Jobs a day; 0 is no limit.")
    ] = 0,
    folder: Folder = None,
) -> None:
    """Make a token and print it; it is shown this once. From then on the server asks for tokens.

    impasto tokens add anna --a-day 500
    """
    token, grant = _tokens(folder).add(name, queue=queue, a_day=a_day)
    typer.echo(token)
    typer.echo(f"Its webhooks are signed with {grant.secret}", err=True)


@app.command(name="list")
def list_tokens(folder: Folder = None) -> None:
    """List names and quotas; the tokens themselves are not kept."""
    for one in _tokens(folder).all():
        made = datetime.fromtimestamp(one.created).strftime("%Y-%m-%d")
        typer.echo(
            f"{one.name:24}{made:12}{_quota(one.queue, 'at once')}{_quota(one.a_day, 'a day')}"
        )


@app.command()
def remove(name: Name, folder: Folder = None) -> None:
    """Make a token worthless; jobs and pictures of its name stay until they expire."""
    _tokens(folder).remove(name)
    typer.echo(f"{name} is removed")


def _tokens(folder: Path | None) -> "Tokens":
    from impasto.serving.guards.tokens import FILE, Tokens
    from impasto.serving.server import folder_of
    from impasto.settings.server import ServerSettings

    with needs_extras("Serving"):
        return Tokens(folder_of(ServerSettings(folder=folder)) / FILE)


def _quota(most: int, words: str) -> str:
    return f"{f'{most} {words}' if most else '':16}"
