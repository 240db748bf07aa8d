"""Tables of the report: models, pairs, and how every number is defined."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from impasto.evaluation.page.texts import number, of_size, safe, span

Row = Mapping[str, Any]
ARROWS = {"lower": ("↓", "lower is better"), "higher": ("↑", "higher is better"), "": ("", "")}


def models_table(report: Mapping[str, Any], rows: Sequence[Row], styles: Mapping[str, Any]) -> str:
    """Return the table of all rows: means with intervals, the best model of each column marked."""
    metrics = [m for m in report["metrics"] if any(m["key"] in row["values"] for row in rows)]
    known = {model["name"]: model for model in report["models"]}
    best = {metric["key"]: _best(rows, metric) for metric in metrics}
    head = [_head("Model", kind="text"), _head("Pairs")]
    head += [_metric_head(metric) for metric in metrics]
    head += [_head("Speed", "pictures/s"), _head("Size"), _head("Weights")]
    body = []
    for row in rows:
        cells = [_name(row, styles), f'<td data-v="{safe(row["n"])}">{safe(row["n"])}</td>']
        cells += [_interval(row, metric, best[metric["key"]]) for metric in metrics]
        cells += _facts(known.get(row["name"], {}))
        kind = ' class="anchor"' if row["anchor"] else ""
        body.append(f"<tr{kind}>{''.join(cells)}</tr>")
    return _table("Models", head, body)


def pairs_table(report: Mapping[str, Any]) -> str:
    """Return the table of every painting."""
    metrics = [
        m for m in report["metrics"] if any(m["key"] in p["values"] for p in report["pairs"])
    ]
    titles = {kind: titled(report[kind]) for kind in ("contents", "styles")}
    head = [_head(title, kind="text") for title in ("Photo", "Style", "Model")]
    head += [_metric_head(metric) for metric in metrics]
    body = []
    for pair in report["pairs"]:
        content = titles["contents"].get(pair["content"], pair["content"])
        style = titles["styles"].get(pair["style"], pair["style"])
        texts = (content, style, pair["model"])
        cells = [f'<td class="text" data-v="{safe(text)}">{safe(text)}</td>' for text in texts]
        values = (pair["values"].get(metric["key"]) for metric in metrics)
        cells += [f'<td data-v="{_sorted_by(value)}">{number(value)}</td>' for value in values]
        body.append(f"<tr>{''.join(cells)}</tr>")
    return _table("Pairs", head, body)


def definitions(report: Mapping[str, Any]) -> str:
    """Return how every number is defined."""
    return "<dl>" + "".join(_definition(metric) for metric in report["metrics"]) + "</dl>"


def titled(pictures: Sequence[Row]) -> dict[str, str]:
    """Return what pictures are called, by the name that their files have."""
    return {picture["name"]: picture["title"] for picture in pictures}


def _definition(metric: Mapping[str, Any]) -> str:
    unit = f", in {safe(metric['unit'])}" if metric["unit"] else ""
    better = ARROWS[metric["better"]][1]
    source = f" <cite>{safe(metric['source'])}.</cite>" if metric["source"] else ""
    return (
        f"<div><dt>{safe(metric['title'])}<small>{safe(better)}{unit}</small></dt>"
        f"<dd>{safe(metric['definition'])}{source}</dd></div>"
    )


def _table(label: str, head: Sequence[str], body: Sequence[str]) -> str:
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{safe(label)}">'
        f'<table class="sortable"><thead><tr>{"".join(head)}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )


def _head(title: str, unit: str = "", *, kind: str = "", note: str = "", arrow: str = "") -> str:
    below = f"<small>{safe(unit)}</small>" if unit else ""
    sign = f' <span aria-hidden="true">{arrow}</span>' if arrow else ""
    what = f' class="{kind}"' if kind else ""
    hint = f' title="{safe(note)}"' if note else ""
    button = f'<button type="button"{hint}>{safe(title)}{sign}{below}</button>'
    return f'<th scope="col"{what}>{button}</th>'


def _metric_head(metric: Mapping[str, Any]) -> str:
    arrow, better = ARROWS[metric["better"]]
    note = f"{metric['definition']} {better.capitalize()}."
    return _head(metric["title"], metric["unit"], note=note, arrow=arrow)


def _name(row: Row, styles: Mapping[str, Any]) -> str:
    kind, mark = styles[row["name"]]
    sign = f'<svg class="key" viewBox="-9 -9 18 18" aria-hidden="true"><g class="{kind}">'
    sign += f'<g class="dot">{mark}</g></g></svg>'
    name = safe(row["name"])
    return f'<th scope="row" class="text" data-v="{name}"><span>{sign}<b>{name}</b></span></th>'


def _interval(row: Row, metric: Mapping[str, Any], best: str | None) -> str:
    value = row["values"].get(metric["key"])
    if value is None:
        return f'<td data-v="{_sorted_by(None)}">–</td>'
    kind = ' class="best"' if row["name"] == best else ""
    few = safe(f" of {value['n']}") if value["n"] != row["n"] else ""
    return (
        f'<td{kind} data-v="{value["mean"]}"><b>{number(value["mean"])}</b>'
        f"<small>{span(value['low'], value['high'])}{few}</small></td>"
    )


def _facts(model: Mapping[str, Any]) -> Iterator[str]:
    pace, size, weights = (model.get(key) for key in ("pictures_per_s", "bytes", "parameters"))
    at = safe(" × ".join(str(side) for side in model.get("paced_at", ())))
    yield f'<td data-v="{_sorted_by(pace)}"><b>{number(pace)}</b><small>{at}</small></td>'
    yield f'<td data-v="{_sorted_by(size)}">{of_size(size, "B")}</td>'
    yield f'<td data-v="{_sorted_by(weights)}">{of_size(weights)}</td>'


def _best(rows: Sequence[Row], metric: Mapping[str, Any]) -> str | None:
    """Return the name of the best of several models that were measured on as many pairs."""
    found = {
        row["name"]: row["values"][metric["key"]]["mean"]
        for row in rows
        if not row["anchor"] and metric["key"] in row["values"]
    }
    counts = {row["n"] for row in rows if not row["anchor"]}
    if len(found) < 2 or len(counts) > 1 or not metric["better"]:
        return None
    choose = min if metric["better"] == "lower" else max
    return str(choose(found, key=lambda name: found[name]))


def _sorted_by(value: Any) -> str:
    return "" if value is None else f"{value}"
