"""The dashboard asks for figures that the server gives, by labels that they have."""

import io
import json
import re
from pathlib import Path

import pytest
import yaml
from PIL import Image
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from impasto.serving.app import create_app
from impasto.serving.workers.inline import InlineExecutor
from impasto.settings.server import ServerSettings

ROOT = Path(__file__).parents[2]
GRAFANA = ROOT / "deploy" / "grafana"
BOARD = json.loads((GRAFANA / "impasto.json").read_text())
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
EXPRESSIONS = [target["expr"] for panel in BOARD["panels"] for target in panel["targets"]]
NAME = re.compile(r"\b(?:impasto|process)_[a-z0-9_]+")
BY = re.compile(r"by \(([a-z, ]+)\)")


class Crew(InlineExecutor):
    """An executor in this process that tells of processes, as that of a server does."""

    lost = 0

    def processes(self) -> list[object]:
        """Return none."""
        return []


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The labels of every figure that a server gives after a painting and a refusal, by name."""
    settings = ServerSettings(folder=tmp_path_factory.mktemp("server"))
    photo = io.BytesIO()
    Image.new("RGB", (64, 48)).save(photo, "JPEG")
    with TestClient(create_app(settings, executor=Crew()), base_url="http://127.0.0.1") as client:
        form = {"content": photo.getvalue()}
        style, wait = {"style": "starry-night"}, {"Prefer": "wait"}
        client.post("/v1/stylizations", files=form, data=style, headers=wait)
        client.post("/v1/assets", content=bytes(99), headers={"Content-Type": "image/png"})
        page = client.get("/metrics").text
    figures: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            figures.setdefault(sample.name, set()).update(sample.labels)
    return figures


def test_every_name_is_a_figure_of_the_server(told: dict[str, set[str]]) -> None:
    asked = {name for expression in EXPRESSIONS for name in NAME.findall(expression)}
    assert len(asked) > 10
    assert asked <= set(told)


def test_every_label_is_one_of_its_figure(told: dict[str, set[str]]) -> None:
    for expression in EXPRESSIONS:
        labels = {label.strip() for group in BY.findall(expression) for label in group.split(",")}
        (name,) = NAME.findall(expression)
        assert labels <= told[name]


def test_the_board_is_laid_out_without_overlaps() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in BOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not taken & cells and max(x for x, _ in cells) < 24
        taken |= cells
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])


def test_grafana_and_prometheus_find_each_other() -> None:
    datasources = yaml.safe_load(
        (GRAFANA / "provisioning" / "datasources" / "prometheus.yaml").read_text()
    )
    (source,) = datasources["datasources"]
    assert {panel["datasource"]["uid"] for panel in BOARD["panels"]} == {source["uid"]}
    assert re.search(r"//(\w+):", source["url"])[1] in COMPOSE["services"]  # type: ignore[index]
    boards = yaml.safe_load((GRAFANA / "provisioning" / "dashboards" / "impasto.yaml").read_text())
    (provider,) = boards["providers"]
    mounts = [volume.split(":") for volume in COMPOSE["services"]["grafana"]["volumes"]]
    assert f"{provider['options']['path']}/impasto.json" in [mount[1] for mount in mounts]


def test_prometheus_asks_the_server_by_its_name_with_its_token() -> None:
    (job,) = yaml.safe_load((ROOT / "deploy" / "prometheus.yml").read_text())["scrape_configs"]
    (target,) = job["static_configs"][0]["targets"]
    assert target.split(":")[0] in COMPOSE["services"]
    token = job["authorization"]["credentials_file"]
    assert f":-{token}}}" in (ROOT / "deploy" / "entrypoint.sh").read_text()
    mounts = COMPOSE["services"]["prometheus"]["volumes"]
    assert f"data:{token.rpartition('/')[0]}:ro" in mounts
