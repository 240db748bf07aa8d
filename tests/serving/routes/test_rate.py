"""A report is judged below /rate, by the page that ``impasto rate`` shows."""

import re
from pathlib import Path

from starlette.testclient import TestClient

from impasto.serving.app import create_app
from impasto.serving.workers.inline import InlineExecutor
from impasto.settings.server import ServerSettings
from impasto.web.pages import rating_pages


def test_the_page_its_questions_and_answers(report: Path, tmp_path: Path) -> None:
    settings = ServerSettings(folder=tmp_path / "server", report=report)
    app = create_app(settings, pages=rating_pages(), executor=InlineExecutor())
    with TestClient(app, base_url="http://127.0.0.1") as client:
        page = client.get("/rate")  # leads to /rate/
        assert page.url.path == "/rate/" and "Which painting is better?" in page.text
        for link in re.findall(r'(?:href|src)="([\w.]+)"', page.text):
            assert client.get(f"/rate/{link}").status_code == 200
        asked = client.get("/rate/api/next?rater=ann&mode=compare").json()
        left, right = asked["question"]["left"], asked["question"]["right"]
        picture = client.get(f"/rate/pictures/{left}")
        assert picture.headers["Content-Type"] == "image/png"
        answer = {"rater": "ann", "left": left, "right": right, "choice": "left"}
        kept = client.post("/rate/api/comparison", json=answer)
        assert kept.status_code == 201
        foreign = client.post(
            "/rate/api/comparison", json=answer, headers={"Origin": "https://evil.example"}
        )
        assert foreign.status_code == 403
        assert client.get("/rate/api/summary").json()["comparisons"] == 1
        assert client.post("/rate/api/comparison", content=b"[]").status_code == 400
        back = client.delete(f"/rate/api/comparison/{kept.json()['id']}?rater=ann")
        assert back.status_code == 200


def test_without_a_report_there_is_nothing_to_judge(client: TestClient) -> None:
    assert client.get("/rate/api/next").status_code == 404
