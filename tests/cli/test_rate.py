"""`impasto rate` serves until it is stopped, then the report and tables hold what people said."""

import csv
import json
import os
import signal
import webbrowser
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.request import Request, urlopen

import pytest
from PIL import Image

from impasto.cli.app import main
from impasto.evaluation import report as reports
from impasto.evaluation.ratings.store import NAME, Ratings

Capture = pytest.CaptureFixture[str]
ON_FREE_PORT = ("--port", "0")


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A report folder by the contract, beside the folder in which we stand."""
    folder, pairs = tmp_path / "report", []
    for model in ("painter", "pack"):
        picture = f"pictures/{model}/coffee__wave.png"
        (folder / picture).parent.mkdir(parents=True)
        Image.new("RGB", (8, 8)).save(folder / picture)
        pairs.append({"content": "coffee", "style": "wave", "model": model, "picture": picture})
    text = json.dumps({"schema": "impasto-report/1", "models": [], "pairs": pairs})
    (folder / "report.json").write_text(text)
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The reports whose page is written anew."""
    folders: list[Path] = []
    monkeypatch.setattr(reports, "render", folders.append)
    return folders


def answer(url: str) -> None:
    """Prefer the left, as the page does."""
    with urlopen(f"{url}api/next?rater=Ann") as response:
        question = json.load(response)["question"]
    body = {"rater": "Ann", "choice": "left"} | {key: question[key] for key in ("left", "right")}
    headers = {"X-Impasto": "page", "Content-Type": "application/json"}
    with urlopen(Request(f"{url}api/comparison", json.dumps(body).encode(), headers)) as response:
        assert response.status == 201


def browser(
    monkeypatch: pytest.MonkeyPatch, visit: Callable[[str], object], number: signal.Signals
) -> None:
    """Have somebody at the page, who stops the command at the end."""

    def person(url: str) -> None:
        try:
            visit(url)
        finally:
            os.kill(os.getpid(), number)

    def opened(url: str) -> bool:
        Thread(target=person, args=[url]).start()
        return True

    monkeypatch.setattr(webbrowser, "open", opened)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_people_judge_until_it_is_stopped_and_the_report_is_updated(
    report: Path,
    rendered: list[Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
    number: signal.Signals,
) -> None:
    browser(monkeypatch, answer, number)
    before = signal.getsignal(signal.SIGTERM)
    assert main(["rate", "report", *ON_FREE_PORT]) == 0
    assert signal.getsignal(signal.SIGTERM) is before
    shown = capsys.readouterr().out
    assert "http://127.0.0.1:" in shown
    assert f"{Path('report') / 'index.html'} holds 1 answer\n" in shown
    assert rendered == [Path("report")]
    assert len(Ratings(report / NAME).comparisons()) == 1


def test_the_token_is_in_the_link_alone(
    report: Path, rendered: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def visit(url: str) -> None:
        links.append(url)
        urlopen(url.split("#")[0]).close()

    links: list[str] = []
    browser(monkeypatch, visit, signal.SIGINT)
    token = "open-sesame-please"
    everywhere = ["--host", "0.0.0.0", "--token", token]
    assert main(["rate", "report", *everywhere, *ON_FREE_PORT]) == 0
    assert "On other machines" in capsys.readouterr().out
    assert links[0].endswith(f"/#token={token}")


def judged(report: Path) -> None:
    """Let two people say something."""
    from impasto.evaluation.ratings.store import Comparison, Rating

    store = Ratings(report / NAME)
    for rater in ("Ann", "Bob"):
        store.add(Comparison(rater, "coffee", "wave", "painter", "pack", "left"))
    store.add(Rating("Ann", "coffee", "wave", "painter", 5, "warm"))


def test_what_people_said_is_printed(report: Path, capsys: Capture) -> None:
    judged(report)
    assert main(["rate", "report", "--summary"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "2 comparisons, 0 skipped, 1 ratings, 2 people"
    rows = [line.split() for line in lines if line.startswith(("painter", "pack"))]
    assert [row[0] for row in rows] == ["painter", "pack", "painter"]
    assert rows[0][-3:] == ["2", "0", "0"]
    assert "the same answer of two people (1 pairs): 100%" in lines
    assert "the same when asked again (0): not known yet" in lines


def test_every_answer_is_exported(report: Path, capsys: Capture) -> None:
    judged(report)
    assert main(["rate", "report", "--export", "ratings.csv"]) == 0
    assert capsys.readouterr().out == "ratings.csv\n"
    with Path("ratings.csv").open(newline="") as file:
        rows: list[dict[str, Any]] = list(csv.DictReader(file))
    assert [row["rater"] for row in rows] == ["Ann", "Bob", "Ann"]
    assert main(["rate", "report", "--export", "ratings.csv"]) == 4
    assert main(["rate", "report", "--export", "ratings.csv", "--overwrite"]) == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nothing"], "impasto evaluate"),
        (["report", "--summary"], "Nobody has rated yet"),
        (["report", "--export", "x.csv"], "Nobody has rated yet"),
        (["report", "--host", "0.0.0.0"], "--token"),
        (["report", "--token", "short"], "12 characters"),
        (["report", "--port", "70000"], "from 0 to 65535"),
    ],
)
def test_mistakes_are_told(report: Path, capsys: Capture, words: list[str], message: str) -> None:
    assert main(["rate", *words, "--no-browser"]) == 2
    assert message in capsys.readouterr().err
