"""Numbers and names as the report's page shows them, safe within HTML."""

from html import escape
from typing import Any


def safe(value: Any) -> str:
    """Return a text that means nothing to HTML, in elements and in quoted attributes alike.

    >>> safe('<script>"')
    '&lt;script&gt;&quot;'
    """
    return escape(str(value), quote=True)


def number(value: Any) -> str:
    """Return a number with three digits that count; a dash for none.

    >>> number(0.23912), number(26.833), number(1234.5), number(-0.0001), number(None)
    ('0.239', '26.8', '1,234', '0', '–')
    """
    if value is None:
        return "–"
    size = abs(float(value))
    if size < 0.0005:
        return "0"
    digits = 3 if size < 1 else 2 if size < 10 else 1 if size < 100 else 0
    return f"{float(value):,.{digits}f}"


def span(low: Any, high: Any) -> str:
    """Return the interval between two numbers; nothing where there is none, or it is a point.

    >>> span(0.2, 0.3), span(None, None), span(1.0, 1.0)
    ('0.200 to 0.300', '', '')
    """
    known = low is not None and high is not None and low < high
    return f"{number(low)} to {number(high)}" if known else ""


def of_size(count: Any, unit: str = "") -> str:
    """Return a large count in thousands or millions.

    >>> of_size(2582024, "B"), of_size(1248908), of_size(None)
    ('2.58 MB', '1.25 M', '–')
    """
    if count is None:
        return "–"
    for scale, sign in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if float(count) >= scale:
            return f"{float(count) / scale:.3g} {sign}{unit}"
    return f"{count} {unit}".strip()
