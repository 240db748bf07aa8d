"""Plots of the report as SVG, drawn without a script: colors and fonts come from the page."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from impasto.evaluation.page.texts import number, safe, span

Row = Mapping[str, Any]

MARKS = (  # around 0 0, so that models differ in shape as well as in color
    '<circle r="6"/>',
    '<rect x="-5.5" y="-5.5" width="11" height="11"/>',
    '<path d="M0-7.5 6.5 5-6.5 5z"/>',
    '<path d="M0-7.5 7.5 0 0 7.5-7.5 0z"/>',
    '<path d="M0 7.5-6.5-5 6.5-5z"/>',
    '<path d="M-2-7h4v5h5v4h-5v5h-4v-5h-5v-4h5z"/>',
)
ANCHOR_MARKS = ('<circle r="5"/>', '<path d="M0-6.5 6.5 0 0 6.5-6.5 0z"/>')
LINE = 15  # pixels between two lines of text
COLORS = 8


def marks(rows: Sequence[Row]) -> dict[str, tuple[str, str]]:
    """Return the class and the shape of every row, by its name: the same in all plots."""
    models = [row["name"] for row in rows if not row["anchor"]]
    anchors = [row["name"] for row in rows if row["anchor"]]
    found = {name: ("anchor", mark) for name, mark in zip(anchors, ANCHOR_MARKS, strict=False)}
    for place, name in enumerate(models):
        found[name] = (f"m{place % COLORS}", MARKS[place % len(MARKS)])
    return found


def scatter(rows: Sequence[Row], across: Mapping[str, Any], up: Mapping[str, Any]) -> str:
    """Return a plot of one metric against another, with intervals; up is logarithmic.

    Rows without both are left out; without any there is no plot.
    """
    known = [row for row in rows if across["key"] in row["values"] and up["key"] in row["values"]]
    if not known:
        return ""
    width, height, left, bottom = 620.0, 400.0, 52.0, 44.0
    xs, ys = ([_ends(row["values"][m["key"]]) for row in known] for m in (across, up))
    x = _scale([v for ends in xs for v in (*ends, 0.0)], left, width - 110)
    y = _log_scale([v for ends in ys for v in ends], height - bottom, 20)
    parts = [_grid_x(x, _ticks([v for ends in xs for v in (*ends, 0.0)]), 20, height - bottom)]
    parts.append(_grid_y(y, _log_ticks([v for ends in ys for v in ends]), left, width - 110))
    parts.append(_axis(left, height, width, across["title"], up["title"]))
    styles, taken = marks(rows), list[tuple[float, float]]()
    for row in sorted(known, key=lambda row: -float(row["values"][up["key"]]["mean"])):
        a, b = row["values"][across["key"]], row["values"][up["key"]]
        kind, mark = styles[row["name"]]
        at, on = x(a["mean"]), y(b["mean"])
        (x0, _, x1), (y0, _, y1) = _ends(a), _ends(b)
        told = f"{row['name']}: {across['title']} {number(a['mean'])}, {up['title']} "
        parts.append(
            f'<g class="{kind}"><title>{safe(told)}{number(b["mean"])}</title>'
            f'<path class="bar" d="M{x(x0):.1f} {on:.1f}H{x(x1):.1f}M{at:.1f} {y(y0):.1f}'
            f'V{y(y1):.1f}"/><g class="dot" transform="translate({at:.1f} {on:.1f})">{mark}</g>'
            f'<text x="{at + 12:.1f}" y="{_free(at, on, taken) + 4:.1f}">{safe(row["name"])}</text>'
            "</g>"
        )
    return _svg(width, height, f"{up['title']} against {across['title']}", "".join(parts))


def intervals(rows: Sequence[Row], metric: Mapping[str, Any], styles: Mapping[str, Any]) -> str:
    """Return a plot of one metric: a line for each row, with its mean and interval."""
    known = [row for row in rows if metric["key"] in row["values"]]
    width, left, top, line = 340.0, 116.0, 8.0, 26.0
    height = top + line * len(known) + 24
    ends = [_ends(row["values"][metric["key"]]) for row in known]
    values = [v for three in ends for v in (*three, 0.0)]
    x = _scale(values, left, width - 52)
    parts = [_grid_x(x, _ticks(values, 3), top, height - 24)]
    for place, (row, (low, mean, high)) in enumerate(zip(known, ends, strict=True)):
        kind, mark = styles[row["name"]]
        on, value = top + line * (place + 0.5), row["values"][metric["key"]]
        told = f"{row['name']}: {number(mean)} ({span(value['low'], value['high'])})"
        parts.append(
            f'<g class="{kind}"><title>{safe(told)}</title>'
            f'<text class="end" x="{left - 12}" y="{on + 4:.1f}">{safe(_short(row["name"]))}</text>'
            f'<path class="bar" d="M{x(low):.1f} {on:.1f}H{x(high):.1f}"/>'
            f'<g class="dot" transform="translate({x(mean):.1f} {on:.1f}) scale(.8)">{mark}</g>'
            f'<text class="value end" x="{width - 2}" y="{on + 4:.1f}">{number(mean)}</text></g>'
        )
    return _svg(width, height, f"{metric['title']} of every model", "".join(parts))


def _svg(width: float, height: float, label: str, inside: str) -> str:
    return (
        f'<svg viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{safe(label)}">'
        f"{inside}</svg>"
    )


def _ends(value: Mapping[str, Any]) -> tuple[float, float, float]:
    """Return low, mean and high; without an interval the mean alone."""
    mean = float(value["mean"])
    low, high = (mean if value[key] is None else float(value[key]) for key in ("low", "high"))
    return low, mean, high


def _short(name: str) -> str:
    return name if len(name) <= 15 else f"{name[:14]}…"


def _scale(values: Sequence[float], begin: float, end: float) -> Callable[[float], float]:
    low, high = min(values), max(values)
    spread = (high - low) or 1.0
    return lambda value: begin + (value - low) / spread * (end - begin)


def _log_scale(values: Sequence[float], begin: float, end: float) -> Callable[[float], float]:
    floor = _floor(values)
    low, high = (math.log(max(floor, v)) for v in (min(values), max(values)))
    inner = _scale([low - 0.15, high + 0.15], begin, end)
    return lambda value: inner(math.log(max(floor, value)))


def _floor(values: Sequence[float]) -> float:
    """Return what stands for 0 on a logarithmic scale."""
    return min((value for value in values if value > 0), default=1.0) / 2


def _ticks(values: Sequence[float], count: int = 5) -> list[float]:
    """Return round numbers between the least and the largest value."""
    low, high = min(values), max(values)
    if high <= low:
        return [low]
    step = 10.0 ** math.floor(math.log10((high - low) / count))
    step *= next(m for m in (1, 2, 5, 10) if (high - low) / (step * m) <= count)
    return [k * step for k in range(math.ceil(low / step), math.floor(high / step + 1e-9) + 1)]


def _log_ticks(values: Sequence[float]) -> list[float]:
    low, high = max(_floor(values), min(values)), max(max(values), _floor(values))
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    fine = (1, 2, 5) if high / low < 300 else (1,)
    found = [m * 10.0**p for p in powers for m in fine]
    return [value for value in found if low * 0.9 <= value <= high * 1.1]


def _grid_x(x: Callable[[float], float], ticks: list[float], top: float, bottom: float) -> str:
    lines = "".join(f"M{x(t):.1f} {top:g}V{bottom:g}" for t in ticks)
    texts = (
        f'<text class="tick middle" x="{x(t):.1f}" y="{bottom + LINE:g}">{t:g}</text>'
        for t in (round(tick, 6) for tick in ticks)
    )
    return f'<path class="grid" d="{lines}"/>{"".join(texts)}'


def _grid_y(y: Callable[[float], float], ticks: list[float], left: float, right: float) -> str:
    lines = "".join(f"M{left:g} {y(t):.1f}H{right:g}" for t in ticks)
    texts = (
        f'<text class="tick end" x="{left - 8:g}" y="{y(t) + 4:.1f}">{t:g}</text>' for t in ticks
    )
    return f'<path class="grid" d="{lines}"/>{"".join(texts)}'


def _axis(left: float, height: float, width: float, across: str, up: str) -> str:
    return (
        f'<text class="axis middle" x="{(left + width - 110) / 2:g}" y="{height - 8:g}">'
        f"{safe(across)} →</text>"
        f'<text class="axis" x="0" y="11">↑ {safe(up)}</text>'
    )


def _free(at: float, on: float, taken: list[tuple[float, float]]) -> float:
    """Return the height of a label that lies on none of those before, and take it."""
    while any(abs(at - x) < 110 and abs(on - y) < LINE for x, y in taken):
        on += LINE
    taken.append((at, on))
    return on
