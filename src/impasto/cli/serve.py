"""``impasto serve`` and ``impasto studio``: the API, and the page that uses it."""

import os
import socket
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from impasto.cli.extras import needs_extras
from impasto.cli.options import options_of
from impasto.errors import UsageError
from impasto.settings.schema import from_environment
from impasto.settings.server import ServerSettings

Logs = Annotated[
    bool, typer.Option("--log/--no-log", help="Print a line of JSON for each request.")
]


@options_of(ServerSettings)
def serve(typed: Mapping[str, Any], log: Logs = False) -> None:
    """Serve painting over HTTP, with a page to paint on; each option is also IMPASTO_NAME.

    impasto serve --port 8000
    """
    _serve(from_environment(ServerSettings, typed), log, opens=False)


@options_of(ServerSettings)
def studio(typed: Mapping[str, Any], log: Logs = False) -> None:
    """Serve the studio, a page to paint on, and open it.

    impasto studio
    """
    _serve(from_environment(ServerSettings, typed), log, opens=True)


def _serve(settings: ServerSettings, log: bool, *, opens: bool) -> None:
    with needs_extras("Serving"):
        from impasto.serving.app import create_app
        from impasto.serving.guards.tokens import from_environment as open_tokens
        from impasto.serving.local import is_loopback
        from impasto.serving.running import listening, run
        from impasto.serving.server import folder_of
        from impasto.web.pages import docs_pages, rating_pages, studio_pages

    tokens = open_tokens(folder_of(settings))
    if not is_loopback(settings.host) and not tokens.exist:
        raise UsageError(
            f"On {settings.host} other machines can reach the server. Make a token that they need: "
            "impasto tokens add NAME; or leave out --host."
        )
    with listening(settings.host, settings.port) as door:
        judged = rating_pages() if settings.report else {}
        app = create_app(settings, pages={**studio_pages(), **docs_pages(), **judged})
        run(
            app,
            settings,
            door,
            log=log,
            on_ready=lambda: _greet(settings, door, opens, tokens.exist),
        )
    tokens.close()


def _greet(settings: ServerSettings, door: socket.socket, opens: bool, guarded: bool) -> None:
    import webbrowser
    from threading import Thread

    from impasto.serving.running import address

    url = address(settings.host, door.getsockname()[1])
    token = " -H 'Authorization: Bearer TOKEN'" if guarded else ""
    typer.echo(
        f"Studio    {url}/{'#token=TOKEN' if guarded else ''}\n"
        f"API       {url}/docs\n"
        f"Try it    curl -F content=@photo.jpg -F style=starry-night -H 'Prefer: wait'{token} "
        f"{url}/v1/stylizations -o painting.jpg\n"
        "Ctrl-C ends it."
    )
    if opens:
        secret = os.environ.get("IMPASTO_TOKEN", "")
        page = f"{url}/" + (f"#token={secret}" if secret else "")
        Thread(target=webbrowser.open, args=(page,), daemon=True).start()  # it may wait for us
