"""A small report to judge: three models, two photos, two styles."""

import json
from pathlib import Path

import pytest

MODELS = ("painter", "pack", "starry")
CONTENTS = ("astronaut", "coffee")
STYLES = ("great-wave", "night-cafe")


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """A report folder by the contract, with files that are no pictures."""
    pairs: list[dict[str, str | None]] = []
    for content in CONTENTS:
        for style in STYLES:
            for model in MODELS:
                picture = f"pictures/{model}/{content}__{style}.png"
                (tmp_path / picture).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / picture).write_bytes(b"a painting")
                pairs.append(
                    {"content": content, "style": style, "model": model, "picture": picture}
                )
    anchor = {"content": "coffee", "style": "great-wave", "model": "content itself"}
    pairs.append(anchor | {"picture": None})
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "astronaut.jpg").write_bytes(b"a photo")
    models = [{"name": model} for model in MODELS]
    text = json.dumps({"schema": "impasto-report/1", "models": models, "pairs": pairs})
    (tmp_path / "report.json").write_text(text)
    return tmp_path
