"""The pictures of the report: small ones within the page, which lead to the files beside it."""

import base64
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from impasto.evaluation.page.tables import titled
from impasto.evaluation.page.texts import number, safe

SIDES = ((250, 200), (800, 128))  # of up to so many small pictures, the pixels of their long side
SHOWN = SIDES[-1][0]  # more are links alone, so that the page stays below some 5 MB
OPEN = 3  # styles that are unfolded from the beginning

Pair = Mapping[str, Any]


def grids(folder: Path, report: Mapping[str, Any]) -> str:
    """Return a block for each style: a column a photo, below it what every model made of it."""
    by_style: dict[str, list[Pair]] = {}
    for pair in report["pairs"]:
        by_style.setdefault(pair["style"], []).append(pair)
    count = sum(len(pairs) + len({p["content"] for p in pairs}) for pairs in by_style.values())
    small = Small(folder, next((side for most, side in SIDES if count <= most), SIDES[-1][1]))
    blocks = [
        _block(small, report, style, pairs, is_open=place < OPEN)
        for place, (style, pairs) in enumerate(by_style.items())
    ]
    return "".join(blocks)


class Small:
    """Small copies of pictures, as data within the page; so many, then none."""

    def __init__(self, folder: Path, side: int) -> None:
        self._folder, self._side, self._left = folder, side, SHOWN

    def link(self, picture: str, words: str, place: tuple[int, int]) -> str:
        """Return a link to a picture of the report's folder, which shows it small."""
        row, column = place
        inside = self._data(picture)
        shown = (
            f'<img src="{inside[0]}" width="{inside[1]}" height="{inside[2]}" ' if inside else ""
        )
        shown = f'{shown}alt="{safe(words)}">' if shown else safe(words)
        return (
            f'<a class="zoom" href="{safe(picture)}" data-row="{row}" data-column="{column}" '
            f'data-words="{safe(words)}">{shown}</a>'
        )

    def _data(self, picture: str) -> tuple[str, int, int] | None:
        path = self._folder / picture
        inside = path.resolve().is_relative_to(self._folder.resolve())
        if self._left < 1 or not inside or not path.is_file():
            return None
        try:
            with Image.open(path) as opened:
                image = opened.convert("RGB")
        except OSError:  # damaged since: the words remain
            return None
        self._left -= 1
        image.thumbnail((self._side, self._side), Image.Resampling.LANCZOS)
        file = io.BytesIO()
        image.save(file, "WEBP", quality=65)
        data = base64.b64encode(file.getvalue()).decode()
        return f"data:image/webp;base64,{data}", image.width, image.height


def _block(
    small: Small, report: Mapping[str, Any], style: str, pairs: Sequence[Pair], *, is_open: bool
) -> str:
    titles, names = titled(report["contents"]), titled(report["styles"])
    title = names.get(style, style)
    contents = list(dict.fromkeys(pair["content"] for pair in pairs))
    models = [m["name"] for m in report["models"] if any(p["model"] == m["name"] for p in pairs)]
    known = {(pair["model"], pair["content"]): pair for pair in pairs}
    rows = [_row("photo", [small.link(f"content/{c}.jpg", titles.get(c, c), (0, place))
                           for place, c in enumerate(contents)])]  # fmt: skip
    for line, model in enumerate(models, 1):
        cells = []
        for place, content in enumerate(contents):
            pair = known.get((model, content))
            words = f"{titles.get(content, content)}, {title}, by {model}"
            cells.append(
                _cell(small.link(pair["picture"], words, (line, place)), pair) if pair else ""
            )
        rows.append(_row(model, cells))
    painting = small.link(f"styles/{style}.jpg", title, (-1, 0)) if style in names else ""
    return (
        f'<details class="style"{" open" if is_open else ""}><summary><span>{safe(title)}</span>'
        f"<small>{len(contents)} photos</small></summary>"
        f'<div class="style-body"><div class="painting">{painting}</div>'
        f'<div class="scroll" tabindex="0" role="region" aria-label="{safe(title)}">'
        f'<table class="grid"><tbody>{"".join(rows)}</tbody></table></div></div></details>'
    )


def _cell(link: str, pair: Pair) -> str:
    values = pair["values"]
    told = [
        f"{words} {number(values[key])}"
        for key, words in (("style", "style"), ("content", "content"))
        if key in values
    ]
    return f"{link}<small>{' · '.join(told)}</small>"


def _row(name: str, cells: Sequence[str]) -> str:
    return f'<tr><th scope="row">{safe(name)}</th>{"".join(f"<td>{c}</td>" for c in cells)}</tr>'
