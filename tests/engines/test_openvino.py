"""Compiled networks come from disk and are never trusted; OpenVINO starts without its package."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from impasto.engines import compiled
from impasto.engines.openvino import OpenvinoEngine

GIVEN = {
    "window": np.random.default_rng(2).random((1, 3, 16, 16), np.float32),
    "statistics": np.ones((1, 16), np.float32),
}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IMPASTO_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "compiled"


def paint(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return OpenvinoEngine(precision="f32").load(path).run(GIVEN)["painting"]


def test_a_network_is_compiled_once(painting: Path, cache: Path) -> None:
    first = paint(painting)
    (file,) = cache.iterdir()
    made = file.stat().st_mtime_ns
    np.testing.assert_array_equal(paint(painting), first)
    assert [f.stat().st_mtime_ns for f in cache.iterdir()] == [made]


@pytest.mark.parametrize("harm", ["cut", "flip", "empty", "foreign", "other key"])
def test_a_damaged_file_is_made_again(painting: Path, cache: Path, harm: str) -> None:
    first = paint(painting)
    (file,) = cache.iterdir()
    whole = file.read_bytes()
    file.write_bytes(
        {
            "cut": whole[: len(whole) // 2],
            "flip": whole[:100] + bytes([whole[100] ^ 1]) + whole[101:],
            "empty": b"",
            "foreign": b"#!/bin/sh\n" * 50,
            "other key": bytes(32) + whole[32:],
        }[harm]
    )
    np.testing.assert_array_equal(paint(painting), first)
    assert list(cache.iterdir()) == [file]
    assert compiled.recall(whole[:32].hex()) is not None


def test_what_openvino_refuses_is_made_again(painting: Path, cache: Path) -> None:
    first = paint(painting)
    (file,) = cache.iterdir()
    key = file.read_bytes()[:32].hex()
    compiled.keep(key, b"well kept, but nothing that OpenVINO wrote")
    np.testing.assert_array_equal(paint(painting), first)
    kept = compiled.recall(key)
    assert kept is not None and len(kept) > 100


def test_settings_and_weights_do_not_share_a_file(painting: Path, cache: Path) -> None:
    OpenvinoEngine(precision="f32").load(painting)
    OpenvinoEngine(precision="f32", threads=1).load(painting)
    assert len(list(cache.iterdir())) == 2
    copy = cache.parent / "painting.onnx"
    copy.write_bytes(painting.read_bytes())
    OpenvinoEngine(precision="f32").load(copy)
    assert len(list(cache.iterdir())) == 2  # the same network elsewhere
    copy.with_name("model.safetensors").write_bytes(b"other weights")
    OpenvinoEngine(precision="f32").load(copy)
    assert len(list(cache.iterdir())) == 3


def test_few_threads_are_not_tied_to_the_first_cores(painting: Path) -> None:
    network = OpenvinoEngine(precision="f32", threads=1).load(painting)
    assert network._compiled.get_property("ENABLE_CPU_PINNING") is False


def test_a_folder_that_cannot_be_made_costs_only_time(
    painting: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    monkeypatch.setenv("IMPASTO_CACHE", str(blocked))
    assert np.isfinite(paint(painting)).all()
    assert blocked.read_text() == "in the way"


def test_old_files_make_room(cache: Path) -> None:
    for i in range(compiled.KEEP + 3):
        compiled.keep(compiled.key_of(str(i)), b"x")
    assert len(list(cache.iterdir())) == compiled.KEEP
    assert compiled.recall(compiled.key_of(str(compiled.KEEP + 2))) == b"x"


PROGRAM = """
import sys
import numpy as np
from impasto.engines.openvino import OpenvinoEngine
from pathlib import Path
given = {"window": np.ones((1, 3, 8, 8), "f4"), "statistics": np.ones((1, 16), "f4")}
mine = OpenvinoEngine(precision="f32").load(Path(sys.argv[1])).run(given)["painting"]
assert "openvino" not in sys.modules
import openvino
theirs = openvino.Core().compile_model(sys.argv[1], "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
assert np.allclose(list(theirs(given).values())[0], mine, atol=1e-5)
again = OpenvinoEngine(precision="f32").load(Path(sys.argv[1])).run(given)["painting"]
assert np.array_equal(mine, again)
"""


def test_openvino_loads_without_its_package_and_beside_it(painting: Path) -> None:
    subprocess.run([sys.executable, "-c", PROGRAM, str(painting)], check=True, timeout=60)
