"""The page of a report, whole in one text: it loads nothing but the pictures beside it."""

import base64
import hashlib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from impasto.evaluation.page.charts import intervals, marks, scatter
from impasto.evaluation.page.grids import grids
from impasto.evaluation.page.people import people
from impasto.evaluation.page.tables import definitions, models_table, pairs_table
from impasto.evaluation.page.texts import safe

# The plot of style against content: which metrics, the first pair that was measured.
PLOTTED = (("content", "style"), ("content_paper", "style_paper"))


def page(folder: Path, report: Mapping[str, Any], opinions: Mapping[str, Any] | None) -> str:
    """Return the HTML of a report, with small copies of the pictures in its folder.

    Names, titles and comments are escaped, and the page's policy lets no other script or style run
    than its own, by their hashes.
    """
    style, script = _file("report.css"), _file("report.js")
    marked = marks(report["rows"])
    return Template(_file("report.html")).substitute(
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
        title=safe(_title(report)),
        facts=_facts(report),
        scatter=_scatter(report),
        models=models_table(report, report["rows"], marked),
        common=_common(report, marked),
        plots=_plots(report, marked),
        grids=grids(folder, report),
        people=people(opinions, marked),
        count=len(report["pairs"]),
        pairs=pairs_table(report),
        definitions=definitions(report),
        left_out=_left_out(report),
        version=safe(report["version"]),
    )


def _title(report: Mapping[str, Any]) -> str:
    names = [model["name"] for model in report["models"]]
    if len(names) > 3:
        return f"{len(names)} models"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _facts(report: Mapping[str, Any]) -> str:
    encoder, settings = report["encoder"], report["settings"]
    layers = encoder.get("layers_as_published")
    told = [
        ("Photos", len(report["contents"])),
        ("Styles", len({pair["style"] for pair in report["pairs"]})),
        ("Paintings", len(report["pairs"])),
        ("Long side", f"{settings['size']} px"),
        ("Seen by", f"{encoder['name']} ({encoder['id'][:12]})"),
        ("Made", report["made"][:10]),
    ]
    if layers:
        words = f"style {', '.join(layers['style'])}; content {', '.join(layers['content'])}"
        told.append(("Layers, as published", words))
    return "".join(f"<div><dt>{safe(k)}</dt><dd>{safe(v)}</dd></div>" for k, v in told)


def _scatter(report: Mapping[str, Any]) -> str:
    known = {metric["key"]: metric for metric in report["metrics"]}
    for across, up in PLOTTED:
        if across in known and up in known:
            plot = scatter(report["rows"], known[across], known[up])
            told = "Down is nearer to the style, left nearer to the photo; lines are intervals."
            caption = f"<figcaption><b>Style against content</b> {told}</figcaption>"
            return f'<figure class="wide">{caption}{plot}</figure>'
    return ""


def _plots(report: Mapping[str, Any], marked: Mapping[str, Any]) -> str:
    found = []
    for metric in report["metrics"]:
        better = {"lower": "lower is better", "higher": "higher is better"}.get(
            metric["better"], ""
        )
        unit = f"{safe(metric['unit'])}, " if metric["unit"] else ""
        found.append(
            f"<figure><figcaption><b>{safe(metric['title'])}</b> {unit}{better}</figcaption>"
            f"{intervals(report['rows'], metric, marked)}</figure>"
        )
    return "".join(found)


def _common(report: Mapping[str, Any], marked: Mapping[str, Any]) -> str:
    shared = report["common"]
    if not shared["rows"]:
        return ""
    return (
        f"<h3>On the {int(shared['pairs'])} pairs that every model painted</h3>"
        "<p>The models did not paint the same pairs. Only these numbers compare them.</p>"
        f"{models_table(report, shared['rows'], marked)}"
    )


def _left_out(report: Mapping[str, Any]) -> str:
    lines = "".join(f"<li>{safe(reason)}</li>" for reason in report["left_out"])
    return f"<h3>Left out</h3><ul>{lines}</ul>" if lines else ""


def _file(name: str) -> str:
    return (files("impasto.evaluation.page") / name).read_text("utf-8")


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()
