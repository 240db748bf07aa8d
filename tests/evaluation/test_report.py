"""The report's page: whole in itself, and names in it do nothing."""

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from impasto.errors import UsageError
from impasto.evaluation.ratings.store import Comparison, Rating, Ratings
from impasto.evaluation.report import render

TAGS = "<script>alert(1)</script>"


class Tags(HTMLParser):
    """Gathers the elements of a page, and the addresses it leads to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.addresses: list[str] = []
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]


@pytest.fixture
def folder(evaluated: Any, tmp_path: Path) -> Path:
    """A copy of the report that may be changed."""
    return Path(shutil.copytree(evaluated.folder, tmp_path / "report"))


def page_of(folder: Path) -> str:
    """Return the page, made anew."""
    return render(folder).read_text("utf-8")


def test_the_page_loads_nothing_but_the_pictures_beside_it(folder: Path) -> None:
    page = page_of(folder)
    assert "http:" not in page and "https:" not in page and "@import" not in page
    found = Tags(page)
    assert found.names.count("script") == 1 and "link" not in found.names
    assert not {"onclick", "onerror", "onload", "style"} & found.attributes
    others = [a for a in found.addresses if not a.startswith(("data:image/webp;base64,", "#"))]
    assert others and all((folder / address).is_file() for address in others)


def test_a_picture_that_was_damaged_since_is_named(folder: Path) -> None:
    picture = next((folder / "pictures").rglob("*.png"))
    before = page_of(folder).count("<img src=")
    picture.write_bytes(picture.read_bytes()[:200])
    assert page_of(folder).count("<img src=") == before - 1


def test_a_file_with_a_hostile_name_does_nothing(folder: Path) -> None:
    page = page_of(folder)
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page


def test_nothing_that_a_report_or_people_say_becomes_html(folder: Path) -> None:
    report = json.loads((folder / "report.json").read_text())
    hostile = json.loads(
        json.dumps(report).replace('"painter"', json.dumps(f'"{TAGS}')).replace("embedded", TAGS)
    )
    hostile["metrics"][0]["title"] = hostile["models"][0]["title"] = hostile["version"] = TAGS
    hostile["left_out"] = hostile["models"][0]["paced_at"] = [TAGS]
    hostile["rows"][0]["n"] = hostile["rows"][1]["values"]["ssim"]["n"] = f'"{TAGS}'
    (folder / "report.json").write_text(json.dumps(hostile))
    ratings, model = Ratings(folder / "ratings.sqlite"), f'"{TAGS}'
    ratings.add(Comparison("Ann", "coffee", "dusk-blue", model, "lone", "left"))
    ratings.add(Rating("Bea", "coffee", "dusk-blue", model, 4, f"{TAGS} lovely"))
    page = page_of(folder)
    assert "lovely" in page
    assert Tags(page).names.count("script") == 1 and TAGS not in page


def test_pictures_outside_of_the_folder_are_not_taken_in(folder: Path) -> None:
    page = page_of(folder)
    report = json.loads((folder / "report.json").read_text())
    shutil.copy(folder / report["pairs"][0]["picture"], folder.parent / "secret.png")
    for pair in report["pairs"]:
        pair["picture"] = "../secret.png"
    (folder / "report.json").write_text(json.dumps(report))
    assert page.count("data:image") - page_of(folder).count("data:image") == len(report["pairs"])


def test_tables_can_be_sorted_by_the_numbers_they_hold(folder: Path, evaluated: Any) -> None:
    page = page_of(folder)
    assert page.count('<th scope="col"') == page.count('<button type="button"')
    painter = next(row for row in evaluated.outcome.rows if row["name"] == "painter")
    assert f'data-v="{painter["values"]["style"]["mean"]}"' in page


def test_every_number_is_defined_and_every_model_drawn(folder: Path) -> None:
    page = page_of(folder)
    report = json.loads((folder / "report.json").read_text())
    for metric in report["metrics"]:
        assert metric["title"] in re.findall(r"<dt>([^<]+)<", page)
        assert f'aria-label="{metric["title"]} of every model"' in page
    assert "<text" in page and "content itself" in page and "On the 2 pairs" in page


def test_people_are_asked_for_and_then_told(folder: Path) -> None:
    assert "Nobody has compared these paintings yet" in page_of(folder)
    ratings = Ratings(folder / "ratings.sqlite")
    ratings.add(Comparison("Ann", "coffee", "dusk-blue", "painter", "lone", "left"))
    page = page_of(folder)
    assert "1 person compared two paintings 1 times" in page and "Bradley-Terry" in page


@pytest.mark.parametrize(
    "text",
    [None, "{", "[]", '{"schema": "impasto-report/9"}', '{"schema": "impasto-report/1"}'],
)
def test_what_is_no_report_is_told(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "report.json").write_text(text)
    with pytest.raises(UsageError, match="impasto evaluate images"):
        render(tmp_path)
