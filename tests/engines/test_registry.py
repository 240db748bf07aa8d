"""Every engine gives the same picture; wrong names are answered with the right ones."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from impasto.engines.registry import ENGINES, open_engine
from impasto.errors import EngineError, ModelError

Inputs = Mapping[str, npt.NDArray[np.float32]]
SIZES = [(4, 4), (20, 36), (37, 41), (64, 15)]


def inputs(height: int, width: int, seed: int = 1) -> dict[str, npt.NDArray[np.float32]]:
    random = np.random.default_rng(seed)
    return {
        "window": random.random((1, 3, height, width), np.float32),
        "statistics": random.random((1, 16), np.float32),
    }


@pytest.mark.parametrize("size", SIZES)
def test_engines_agree_at_any_size(painting: Path, size: tuple[int, int]) -> None:
    given = inputs(*size)
    results = [
        open_engine(name, device="cpu", precision="f32").load(painting).run(given)["painting"]
        for name in ENGINES
    ]
    assert results[0].dtype == np.float32
    assert results[0].shape[2] == 4 * ((size[0] // 2 + 1) // 2)
    for result in results[1:]:
        np.testing.assert_allclose(result, results[0], atol=1e-4)


@pytest.mark.parametrize(
    ("name", "precision"),
    [("openvino", "auto"), ("torch", "bf16"), ("torch", "f16"), ("openvino", "f32")],
)
def test_short_numbers_stay_close(painting: Path, name: str, precision: str) -> None:
    given = inputs(32, 40)
    exact = open_engine("onnxruntime").load(painting).run(given)["painting"]
    short = open_engine(name, device="cpu", precision=precision).load(painting).run(given)
    np.testing.assert_allclose(short["painting"], exact, atol=0.02 * np.abs(exact).max())


@pytest.mark.parametrize("name", ENGINES)
def test_threads_get_the_same_answers_as_one(painting: Path, name: str) -> None:
    network = open_engine(name, device="cpu", precision="f32", threads=1).load(painting)
    many = [inputs(*SIZES[i % 4], seed=i) for i in range(12)]
    alone = [network.run(given)["painting"] for given in many]
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(lambda given: network.run(given)["painting"], many))
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("name", ENGINES)
def test_answers_are_the_callers_own(painting: Path, name: str) -> None:
    network = open_engine(name, device="cpu").load(painting)
    first = network.run(inputs(8, 8))["painting"]
    copy = first.copy()
    network.run(inputs(8, 8, seed=5))
    np.testing.assert_array_equal(first, copy)


@pytest.mark.parametrize("name", ENGINES)
def test_any_memory_order_is_taken(painting: Path, name: str) -> None:
    network = open_engine(name, device="cpu", precision="f32").load(painting)
    given = inputs(8, 12)
    strange = dict(given)
    strange["window"] = np.asfortranarray(given["window"]).astype(np.float64)
    strange["statistics"].flags.writeable = False
    np.testing.assert_array_equal(network.run(strange)["painting"], network.run(given)["painting"])


@pytest.mark.parametrize("name", ENGINES)
def test_wrong_inputs_are_named_and_the_network_lives_on(painting: Path, name: str) -> None:
    network = open_engine(name, device="cpu").load(painting)
    good = inputs(8, 8)
    with pytest.raises(EngineError, match=r"takes the inputs window, statistics; got window\."):
        network.run({"window": good["window"]})
    with pytest.raises(EngineError, match=r"does not run on window \[1, 2, 8, 8\]"):
        network.run({**good, "window": good["window"][:, :2]})
    assert np.isfinite(network.run(good)["painting"]).all()


@pytest.mark.parametrize("name", ENGINES)
def test_a_file_that_is_no_graph_is_refused(tmp_path: Path, name: str) -> None:
    engine = open_engine(name, device="cpu")
    damaged = tmp_path / "damaged.onnx"
    damaged.write_bytes(b"\x08\x07this is no graph")
    with pytest.raises(ModelError, match="cannot be read as an ONNX network"):
        engine.load(damaged)
    with pytest.raises(ModelError, match="There is no network file"):
        engine.load(tmp_path / "absent.onnx")


def test_auto_is_openvino_on_the_processor() -> None:
    engine = open_engine()
    assert (engine.name, engine.device) == ("openvino", "cpu")
    assert engine.precision in ("bf16", "f32")


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"name": "openvinno"}, r'no engine "openvinno"\. Did you mean "openvino"\? Known: auto, '),
        (
            {"name": "openvino", "device": "cup"},
            r'no device "cup" of openvino\. Did you mean "cpu"',
        ),
        ({"device": "cudaa"}, r'no device "cudaa"\. Did you mean "cuda"\?'),
        ({"precision": "bf61"}, r'no precision "bf61"\. Did you mean "bf16"\?'),
        ({"threads": -1}, "--threads must be 0"),
        ({"name": "onnxruntime", "precision": "bf16"}, "computes in f32, not in bf16"),
        ({"name": "openvino", "device": "gpu:9"}, 'no "gpu:9" here. Found: .*cpu'),
        ({"name": "torch", "device": "cuda:99"}, 'no "cuda:99" here. Found: .*cpu'),
    ],
)
def test_wrong_options_say_what_is_right(options: dict[str, str], text: str) -> None:
    with pytest.raises(EngineError, match=text):
        open_engine(**options)  # type: ignore[arg-type]
