"""An evaluation from end to end: what is painted and measured, and that nothing is done twice."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest
from PIL import Image

from impasto.device.progress import Progress
from impasto.errors import ModelError, OutputExists, SettingError, UsageError
from impasto.evaluation.contenders import RepeatableWork, contenders
from impasto.evaluation.exhibits import exhibits
from impasto.evaluation.images import evaluate_images
from impasto.evaluation.ratings.exhibition import open_exhibition
from impasto.settings.evaluate import EvaluateSettings


def report_of(folder: Path) -> dict[str, Any]:
    """Return what a report says."""
    report: dict[str, Any] = json.loads((folder / "report.json").read_text())
    return report


def row(report: dict[str, Any], name: str) -> dict[str, float]:
    """Return the means of a row."""
    values = next(row for row in report["rows"] if row["name"] == name)["values"]
    return {key: value["mean"] for key, value in values.items()}


def test_every_pair_is_painted_and_measured(evaluated: Any) -> None:
    report = report_of(evaluated.folder)
    counts = {row["name"]: row["n"] for row in report["rows"]}
    assert counts == {"content itself": 4, "style itself": 4, "painter": 4, "lone": 2}
    for pair in report["pairs"]:
        with Image.open(evaluated.folder / pair["picture"]) as picture:
            assert picture.size == (96, 72)
    assert report["common"]["pairs"] == 2
    assert {row["n"] for row in report["common"]["rows"]} == {2}


def test_the_anchors_are_what_they_stand_for(evaluated: Any) -> None:
    report = report_of(evaluated.folder)
    content, style = row(report, "content itself"), row(report, "style itself")
    assert content["content"] == pytest.approx(0)
    assert (content["ssim"], content["psnr"]) == (1, 100)
    assert style["style"] < row(report, "painter")["style"] < content["style"]
    assert style["content"] > row(report, "painter")["content"] > 0
    assert style["color"] < content["color"]


def test_a_model_of_its_own_styles_is_held_against_the_painting_of_that_name(
    evaluated: Any,
) -> None:
    report = report_of(evaluated.folder)
    own = [pair for pair in report["pairs"] if pair["model"] == "lone"]
    assert {pair["style"] for pair in own} == {"dusk-blue"}
    assert all("style" in pair["values"] for pair in own)


def test_the_report_tells_encoder_size_speed_and_weights(evaluated: Any) -> None:
    report = report_of(evaluated.folder)
    assert report["encoder"]["name"] == "embedded" and len(report["encoder"]["id"]) == 64
    assert report["encoder"]["layers_as_published"]["style"] == ["relu1_1", "relu2_1", "relu3_1"]
    for model in report["models"]:
        assert model["pictures_per_s"] > 0 and model["bytes"] > model["parameters"] > 0
        assert model["paced_at"] == [96, 72]


def test_people_can_judge_it(evaluated: Any) -> None:
    exhibition = open_exhibition(evaluated.folder)
    assert len(exhibition.files) == 6 and len(exhibition.duels) == 2
    assert exhibition.contents.keys() == {"astronaut", "coffee"}
    assert exhibition.styles.keys() == {"dusk-blue", "script-alert-1"}


def test_done_again_nothing_is_painted_or_measured_anew(
    evaluated: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path: path.stat().st_mtime_ns for path in evaluated.folder.rglob("*.png")}
    report = report_of(evaluated.folder)

    def fail(*_: object) -> None:
        raise AssertionError("measured again")

    monkeypatch.setattr("impasto.evaluation.deep.judge.Judge.__call__", fail)
    evaluate_images(
        evaluated.models,
        evaluated.pictures.contents,
        evaluated.pictures.styles,
        evaluated.folder,
        evaluated.settings,
    )
    assert {path: path.stat().st_mtime_ns for path in evaluated.folder.rglob("*.png")} == before
    again = report_of(evaluated.folder)
    assert again["rows"] == report["rows"] and again["pairs"] == report["pairs"]


def test_another_precision_is_painted_anew(lone: Path, pictures: Any, tmp_path: Path) -> None:
    photo, place = exhibits(pictures.contents)[0], tmp_path / "painted.png"

    def work(precision: Literal["f32", "bf16"]) -> RepeatableWork:
        settings = EvaluateSettings(precision=precision)
        (model,) = contenders([lone], settings)
        return model.work(photo, model.wishes([])[0], 64)

    work("f32").write(place)
    assert work("f32").is_finished(place) and not work("bf16").is_finished(place)


def test_a_stopped_evaluation_continues(pictures: Any, lone: Path, tmp_path: Path) -> None:
    seen: list[Progress] = []

    def stop(event: Progress) -> None:
        seen.append(event)
        if event.kind == "pair" and event.step == event.total - 1:
            raise KeyboardInterrupt

    settings = EvaluateSettings(size=64, limit=1)
    with pytest.raises(KeyboardInterrupt):
        evaluate_images([lone], pictures.contents, pictures.styles, tmp_path, settings, stop)
    assert not (tmp_path / "index.html").exists()
    measured = len((tmp_path / "measured.jsonl").read_text().splitlines())
    assert measured == seen[-1].total - 1 and seen[-1].eta_s >= 0
    outcome = evaluate_images([lone], pictures.contents, pictures.styles, tmp_path, settings)
    assert outcome.page.is_file()
    assert len((tmp_path / "measured.jsonl").read_text().splitlines()) == measured + 1


def test_a_picture_that_cannot_be_read_is_left_out(
    pictures: Any, lone: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    Image.new("RGB", (640, 20)).save(tmp_path / "narrow.png")
    contents = [broken, tmp_path / "narrow.png", pictures.contents[0]]
    settings = EvaluateSettings(size=64)
    outcome = evaluate_images([lone], contents, [], tmp_path / "report", settings)
    assert len(outcome.left_out) == 2 and "broken.jpg" in outcome.left_out[0]
    assert "64 x 2 pixels" in outcome.left_out[1]
    report = report_of(tmp_path / "report")
    assert report["left_out"] == outcome.left_out
    assert {pair["content"] for pair in report["pairs"]} == {"astronaut"}
    # Without a painting to hold it against, only what needs none is measured.
    assert "ssim" in row(report, "lone") and "style" not in row(report, "lone")
    with pytest.raises(UsageError, match=r"nothing to paint for lone.*broken\.jpg"):
        evaluate_images([lone], [broken], [], tmp_path / "none", settings)
    with pytest.raises(UsageError, match=r"nothing to paint for painter.*broken\.jpg"):
        evaluate_images(["painter", lone], contents[2:], [broken], tmp_path / "none", settings)


def test_the_name_in_a_card_does_not_lead_out_of_the_report(lone: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        shutil.copytree(lone, tmp_path / name)
        card = tmp_path / name / "card.json"
        card.write_text(json.dumps(json.loads(card.read_text()) | {"name": "../../Out of it"}))
    found = contenders([tmp_path / "one", tmp_path / "two"], EvaluateSettings())
    assert [one.name for one in found] == ["out-of-it", "out-of-it-2"]


def test_mistakes_are_told_before_any_work(pictures: Any, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Which models"):
        evaluate_images([], pictures.contents, pictures.styles, tmp_path)
    with pytest.raises(UsageError, match="Which styles"):
        evaluate_images(["painter"], pictures.contents, [], tmp_path)
    with pytest.raises(ModelError, match='Did you mean "painter"'):
        evaluate_images(["paintr"], pictures.contents, pictures.styles, tmp_path)
    with pytest.raises(SettingError, match="--encoder vgg19"):
        EvaluateSettings(teacher=tmp_path)
    with pytest.raises(SettingError, match="--alexnet"):
        EvaluateSettings(lpips=tmp_path)
    with pytest.raises(ModelError, match="nowhere"):
        settings = replace(EvaluateSettings(), encoder="vgg19", teacher=tmp_path / "nowhere")
        evaluate_images(["painter"], pictures.contents, pictures.styles, tmp_path, settings)
    with pytest.raises(ModelError, match="no-inception"):
        settings = EvaluateSettings(inception=tmp_path / "no-inception.pth")
        evaluate_images(["painter"], pictures.contents, pictures.styles, tmp_path, settings)
    assert not list(tmp_path.iterdir())
    (tmp_path / "index.html").write_text("my own page")
    with pytest.raises(OutputExists, match="page of no report"):
        evaluate_images(["painter"], pictures.contents, pictures.styles, tmp_path)
