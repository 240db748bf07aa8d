"""Nothing that could run code is read as weights: no pickle, no archive that writes elsewhere."""

import ast
import pickle
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from starlette.testclient import TestClient

import impasto

SOURCE = Path(impasto.__file__).parent


def calls(name: str) -> Iterator[tuple[str, dict[str, ast.expr]]]:
    """The calls of what is named like this at its end: where, and their named arguments."""
    for path in SOURCE.rglob("*.py"):
        text = path.read_text("utf-8")
        for node in ast.walk(ast.parse(text)) if f"{name}(" in text else ():
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(name):
                yield (
                    f"{path}:{node.lineno}",
                    {word.arg: word.value for word in node.keywords if word.arg},
                )


def test_nothing_is_unpickled() -> None:
    for module in ("pickle", "dill", "joblib", "marshal", "shelve", "cloudpickle"):
        for name in ("load", "loads", "open", "Unpickler"):
            assert not list(calls(f"{module}.{name}"))


def test_weights_of_torch_are_loaded_as_weights_only() -> None:
    """The default could be switched off by a variable of the environment."""
    for place, words in calls("torch.load"):
        assert ast.unparse(words["weights_only"]) == "True", place
    for place, words in calls("np.load"):
        assert "allow_pickle" not in words, place


def test_a_planted_call_is_seen() -> None:
    assert list(calls("torch.load")), "the test must see what there is"


def test_archives_are_unpacked_by_the_filter_of_data() -> None:
    for name in (".extractall", "unpack_archive"):
        for place, words in calls(name):
            assert ast.unparse(words["filter"]) == "'data'", place


def test_no_upload_may_be_weights(shared: TestClient) -> None:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("archive/data.pkl", pickle.dumps(print))
    for data in (pickle.dumps(print) + bytes(99), archive.getvalue()):
        assert shared.post("/v1/assets", files={"file": ("a.pth", data)}).status_code == 415
        form = {"files": {"file": ("a.style", data)}, "data": {"name": "my-style"}}
        response = shared.post("/v1/styles", **form)  # type: ignore[arg-type]
        assert response.status_code in (415, 422), response.text
