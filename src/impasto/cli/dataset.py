"""``impasto dataset``: check pictures before training, and prepare them."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from impasto.cli.options import options_of
from impasto.cli.show import shown
from impasto.errors import PictureError
from impasto.settings.dataset import CheckSettings, PrepareSettings
from impasto.settings.schema import from_texts

if TYPE_CHECKING:
    from impasto.training.data.check import Checked
    from impasto.training.data.diversity import Facet
    from impasto.training.data.inspection import Problem

app = typer.Typer(rich_markup_mode=None, no_args_is_help=False)

TITLES = {"look": "Looking at pictures", "write": "Writing shards"}
NAMED = 5  # pictures of each problem that are named without --json
WORDS = 4  # of each facet
PROBLEMS = {
    "broken": "broken",
    "truncated": "truncated",
    "tiny": "tiny",
    "uniform": "nearly one color",
    "duplicate": "exact duplicates",
    "near": "near-duplicates",
    "mislabelled": "mislabelled",
    "other kind": "of another kind",
}

Folders = Annotated[list[Path], typer.Argument(metavar="FOLDER", help="Folders of pictures.")]
Json = Annotated[bool, typer.Option("--json", help="Print all that was found as JSON.")]


@app.callback(invoke_without_command=True)
def dataset(context: typer.Context) -> None:
    """Check and prepare pictures to train on."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
@options_of(CheckSettings)
def check(
    folders: Folders,
    typed: Mapping[str, Any],
    sheet: Annotated[
        Path | None,
        typer.Option("--sheet", metavar="PATH", help="Write a contact sheet: bad ones, then some."),
    ] = None,
    manifest: Annotated[
        Path | None,
        typer.Option(
            "--manifest", metavar="PATH", help="Write what is known of each picture, as JSON lines."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Say what is in folders, what is broken, small or doubled, and how varied it is.

    Ends with 0 where nothing must be done, else with 3.

    impasto dataset check photos paintings --sheet sheet.jpg
    """
    settings = from_texts(CheckSettings, typed)
    from impasto.training.data.check import check as look
    from impasto.training.data.manifest import lines_of
    from impasto.training.data.sheet import check_sheet, write_sheet
    from impasto.weights.files import write_atomically

    if sheet is not None:
        check_sheet(sheet)  # before the long look
    with shown(TITLES, lambda event: "pictures") as on_progress:
        checked = look(folders, settings, on_progress=on_progress)
    if manifest is not None:
        records = (checked.record(picture) for picture in checked.pictures)
        write_atomically(manifest, lines_of(records))
    if sheet is not None:
        write_sheet(checked, sheet)
    if as_json:
        typer.echo(json.dumps(_facts(checked), indent=2, ensure_ascii=False))
    else:
        typer.echo("\n".join(_lines(checked)))
    if checked.problems:
        raise typer.Exit(PictureError.exit_code)


@app.command()
@options_of(PrepareSettings)
def prepare(
    folders: Folders,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where the data set goes.")
    ],
    typed: Mapping[str, Any],
    as_json: Json = False,
) -> None:
    """Reduce, split and pack good pictures into shards; after any stop the same command goes on.

    impasto dataset prepare photos -o data.content
    """
    settings = from_texts(PrepareSettings, typed)
    from impasto.training.data.prepare import prepare as make

    with shown(TITLES, lambda event: "pictures") as on_progress:
        made = make(folders, output, settings, on_progress=on_progress)
    counts = dict(made.counts)
    if as_json:
        facts = {"folder": str(output), "pictures": counts, "shards": made.shards}
        typer.echo(json.dumps(facts | {"checked": _facts(made.checked)}, indent=2))
        return
    left_out = [p for p in made.checked.problems if p.kind != "mislabelled"]
    if left_out:
        typer.echo("left out (all of them: skipped.jsonl)")
        typer.echo("\n".join(_problems(left_out)))
    there = f", {made.shards - made.written} of them there already"
    typer.echo(
        f"{output}: {counts['train']:,} pictures to train on, {counts['held-out']:,} held out, "
        f"in {_many(made.shards, 'shard')}{there if made.written < made.shards else ''}"
    )


def _facts(checked: "Checked") -> dict[str, Any]:
    """Return all that was found, for other programs."""
    return {
        "pictures": len(checked.pictures),
        "problems": [vars(problem) for problem in checked.problems],
        "other_files": dict(checked.files.others),
        "licences": checked.licences(),
        "diversity": [
            {"facet": f.name, "known": f.known, "effective": f.effective, "counts": dict(f.counts)}
            for f in checked.facets()
        ],
    }


def _lines(checked: "Checked") -> Iterator[str]:
    """Give the report that a person reads."""
    yield _size(checked)
    for suffix, count in checked.files.others.items():
        yield f"  {_many(count, 'other file')} left out: {suffix}"
    yield ""
    if checked.problems:
        yield "must be done: replace or remove these; prepare leaves out all but the mislabelled"
        yield from _problems(checked.problems)
    else:
        yield "nothing must be done"
    if not checked.pictures:
        return
    yield ""
    yield "licences"
    yield from _shares(checked.licences(), 10)
    *facets, together = checked.facets()
    yield ""
    yield "diversity: how many kinds, of equal share, these would be"
    total = len(checked.pictures)
    yield from (_facet(facet, total) for facet in facets)
    yield f"  measured together, as varied as {_many(round(together.effective), 'kind')} of picture"
    yield from (f"  note: {facet.remark}" for facet in facets if facet.remark)


def _size(checked: "Checked") -> str:
    found = f"{_many(len(checked.files.places), 'picture')}, {len(checked.pictures):,} readable"
    sides = sorted(min(one.width, one.height) for one in checked.pictures)
    if not sides:
        return found
    size = sum(one.bytes for one in checked.pictures) / 1e6
    middle = sides[len(sides) // 2]
    return f"{found}, {size:,.1f} MB, short sides {sides[0]} to {sides[-1]} px, the middle {middle}"


def _problems(problems: "Sequence[Problem]") -> Iterator[str]:
    counts = Counter(problem.kind for problem in problems)
    for kind, words in PROBLEMS.items():
        of_kind = [problem for problem in problems if problem.kind == kind]
        if of_kind:
            yield f"  {counts[of_kind[0].kind]:6,} {words}"
        for one in of_kind[:NAMED]:
            yield " " * 11 + " ".join(f"{one.file}: {one.text}".split())  # names may hold anything
        if len(of_kind) > NAMED:
            yield f"           and {len(of_kind) - NAMED:,} more; see all with --json"


def _facet(facet: "Facet", total: int) -> str:
    words = list(facet.counts.items())
    named = ", ".join(f"{word} {_percent(count, facet.known)}" for word, count in words[:WORDS])
    more = f", {len(words) - WORDS} more" if len(words) > WORDS else ""
    known = f" ({facet.known:,} told of)" if facet.known < total else ""
    return f"  {facet.name:8} {facet.effective:5.1f}  {named}{more}{known}"


def _shares(counts: Mapping[str, int], most: int) -> Iterator[str]:
    for word, count in list(counts.items())[:most]:
        yield f"  {count:6,} {word}"
    if len(counts) > most:
        yield f"         and {len(counts) - most} others; see all with --json"


def _percent(count: int, total: int) -> str:
    return f"{100 * count / total:.0f} %"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
