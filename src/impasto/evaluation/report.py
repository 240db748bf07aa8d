"""The report folder: what was measured as JSON, and a page of it that needs no network."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from impasto.errors import UsageError
from impasto.weights.files import write_atomically

SCHEMA = "impasto-report/1"
FILE = "report.json"
PAGE = "index.html"
RATINGS = "ratings.sqlite"
MAKE_ONE = "Make one: impasto evaluate images --help"


def write_report(folder: Path, report: Mapping[str, Any]) -> Path:
    """Write ``report.json`` and the page of it, and return the page.

    Raises OutputError where they cannot be written.
    """
    text = json.dumps(report, indent=1, ensure_ascii=True, allow_nan=False)
    write_atomically(folder / FILE, text.encode())
    return render(folder)


def render(folder: Path) -> Path:
    """Write the page anew, from ``report.json`` and the ratings beside it, and return it.

    Raises:
        UsageError: the folder holds no whole report, or one of another version.
        OutputError: the page cannot be written.
    """
    from impasto.evaluation.page.page import page

    report, opinions = read_report(folder), None
    if (folder / RATINGS).is_file():
        from impasto.evaluation.ratings.summary import summary

        opinions = summary(folder / RATINGS)
    try:
        text = page(folder, report, opinions)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(f'"{folder / FILE}" is damaged ({error!r}). {MAKE_ONE}') from error
    write_atomically(folder / PAGE, text.encode("utf-8"))
    return folder / PAGE


def read_report(folder: Path) -> dict[str, Any]:
    """Return what ``report.json`` says; raise UsageError where there is none of this version."""
    try:
        report = json.loads((folder / FILE).read_text("utf-8"))
    except OSError as error:
        raise UsageError(f'"{folder}" is no report: no readable {FILE}. {MAKE_ONE}') from error
    except ValueError as error:
        raise UsageError(f'"{folder / FILE}" is damaged ({error}). {MAKE_ONE}') from error
    if not isinstance(report, dict) or report.get("schema") != SCHEMA:
        raise UsageError(f'"{folder / FILE}" is no report of the form {SCHEMA}. {MAKE_ONE}')
    return report
