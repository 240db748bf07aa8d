"""``impasto rate``: people compare paintings on a local page, and the report shows it."""

import signal
from pathlib import Path
from typing import Annotated, Any

import typer

from impasto.errors import UsageError

HOST, PORT = "127.0.0.1", 8642


def rate(
    report: Annotated[
        Path, typer.Argument(metavar="REPORT", help="A folder that impasto evaluate made.")
    ],
    port: Annotated[
        int, typer.Option("--port", metavar="NUMBER", help="Where to listen; 0 is any free one.")
    ] = PORT,
    host: Annotated[
        str,
        typer.Option("--host", metavar="ADDRESS", help="Another than this machine needs --token."),
    ] = HOST,
    token: Annotated[
        str | None,
        typer.Option(
            "--token", metavar="TEXT", envvar="IMPASTO_RATE_TOKEN",
            help="A secret that the page's link holds; at least 12 characters.",
        ),
    ] = None,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page.")
    ] = True,
    seed: Annotated[
        int, typer.Option("--seed", metavar="NUMBER", help="Decides sides and order.")
    ] = 0,
    summary: Annotated[
        bool, typer.Option("--summary", help="Print what people said, and end.")
    ] = False,
    export: Annotated[
        Path | None,
        typer.Option("--export", metavar="FILE", help="Write every answer as CSV, and end."),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace that file.")] = False,
) -> None:  # fmt: skip
    """Let people judge the paintings of a report on a local page, without knowing the models.

    impasto rate report/
    """
    from impasto.evaluation.ratings.store import NAME

    if export is not None:
        _export(report / NAME, export, overwrite)
    if summary:
        _print_summary(report / NAME)
    if export is None and not summary:
        _serve(report, host, port, token, browser, seed)


def _serve(report: Path, host: str, port: int, token: str | None, browser: bool, seed: int) -> None:
    import webbrowser

    from impasto.evaluation.ratings.exhibition import open_exhibition
    from impasto.evaluation.ratings.store import NAME, Ratings
    from impasto.serving.local import OPEN_TO_ALL, LocalServer
    from impasto.serving.rating import RatingRoutes
    from impasto.web.pages import rating_page

    if not 0 <= port <= 65535:
        raise UsageError(f"--port must be a whole number from 0 to 65535, got {port}")
    exhibition = open_exhibition(report)
    if not exhibition.duels:
        typer.echo("Only one model painted: there is nothing to compare, only to give stars.")
    store = Ratings(report / NAME)
    with LocalServer(RatingRoutes(exhibition, store, rating_page(), seed), host, port, token) as on:
        typer.echo(f"Judge the paintings here: {on.url}\nCtrl-C ends it and updates the report.")
        if host in OPEN_TO_ALL:
            typer.echo("On other machines, write this one's address in place of 127.0.0.1.")
        if browser:
            webbrowser.open(on.url)
        _until_stopped(on)
    _update(report)


def _until_stopped(server: Any) -> None:
    """Serve until Ctrl-C or a polite kill, which are the usual end here and no error."""

    def stop(number: int, frame: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        typer.echo("", err=True)
    finally:
        signal.signal(signal.SIGTERM, before)


def _update(report: Path) -> None:
    from impasto.evaluation.ratings.store import NAME, Ratings
    from impasto.evaluation.report import render

    store = Ratings(report / NAME)
    kept = len(store.comparisons()) + len(store.ratings())
    render(report)
    typer.echo(f"{report / 'index.html'} holds {kept} {'answer' if kept == 1 else 'answers'}")


def _export(ratings: Path, place: Path, overwrite: bool) -> None:
    from impasto.evaluation.ratings.summary import as_csv
    from impasto.images.places import check_place
    from impasto.weights.files import write_atomically

    table = as_csv(ratings)
    check_place(place, overwrite)
    write_atomically(place, table.encode())
    typer.echo(str(place))


def _print_summary(ratings: Path) -> None:
    from impasto.evaluation.ratings.summary import summary

    told = summary(ratings)
    typer.echo(
        f"{told['comparisons']} comparisons, {told['skips']} skipped, {told['ratings']} ratings, "
        f"{told['raters']} people"
    )
    if told["scores"]:
        typer.echo(f"\n{'model':24}{'score':>7}{'95 %':>17}{'won':>6}{'tied':>6}{'lost':>6}")
    for one in told["scores"]:
        between = f"{one['low']:+.2f} to {one['high']:+.2f}"
        counts = f"{one['wins']:>6}{one['ties']:>6}{one['losses']:>6}"
        typer.echo(f"{one['model']:24}{one['score']:>+7.2f}{between:>17}{counts}")
    if told["stars"]:
        typer.echo(f"\n{'model':24}{'stars':>7}{'95 %':>17}{'given':>6}")
    for one in told["stars"]:
        between = f"{one['low']:.1f} to {one['high']:.1f}"
        typer.echo(f"{one['model']:24}{one['mean']:>7.2f}{between:>17}{one['count']:>6}")
    agreed = told["agreement"]
    facts = {
        "Krippendorff's alpha": (agreed["alpha"], "{:.2f}"),
        f"the same answer of two people ({agreed['pairs']} pairs)": (agreed["same"], "{:.0%}"),
        f"the same when asked again ({agreed['repeats']})": (agreed["self_same"], "{:.0%}"),
        "the left preferred": (agreed["left"], "{:.0%}"),
    }
    for words, (value, form) in facts.items():
        typer.echo(
            f"\n{words}: {'not known yet' if value is None else form.format(value)}", nl=False
        )
    typer.echo("")
