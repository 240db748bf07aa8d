"""Known weights come from the given path, the cache, or a server; never with another hash."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from impasto.device.progress import Progress
from impasto.errors import Interrupted, ModelError
from impasto.weights import store
from impasto.weights.files import sha256_of
from impasto.weights.store import KNOWN, KnownWeights, find_weights

DATA = bytes(range(256)) * 20_000  # several chunks


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IMPASTO_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("IMPASTO_OFFLINE", raising=False)
    monkeypatch.setenv("no_proxy", "*")
    return tmp_path / "cache" / "weights"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "server"
    folder.mkdir()
    (folder / "net.pth").write_bytes(DATA)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        server.daemon_threads = False  # so that closing waits for them
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def know(monkeypatch: pytest.MonkeyPatch, address: str, sha256: str = "") -> None:
    known = KnownWeights(address, sha256 or sha256_of(DATA), 5)
    monkeypatch.setattr(store, "KNOWN", {"net": known})


def test_downloads_once_and_says_how_far(
    cache: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    know(monkeypatch, server + "net.pth")
    events: list[Progress] = []
    found = find_weights("net", on_progress=events.append)
    assert found == (cache / "net.pth", sha256_of(DATA))
    assert found.path.read_bytes() == DATA
    assert [e.kind for e in events] == ["download"] * len(events)
    assert [e.step for e in events] == sorted({e.step for e in events})
    assert (events[-1].step, events[-1].total) == (len(DATA), len(DATA))
    assert find_weights("net", on_progress=events.append) == found
    assert events[-1].step == len(DATA), "the second time it was there"


def test_leading_digits_of_a_hash_are_enough(
    cache: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    know(monkeypatch, server + "net.pth", sha256_of(DATA)[:8])
    assert find_weights("net").sha256 == sha256_of(DATA)


def test_another_hash_leaves_nothing(
    cache: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    know(monkeypatch, server + "net.pth", "0" * 64)
    with pytest.raises(ModelError, match=rf"{sha256_of(DATA)}, expected {'0' * 64}"):
        find_weights("net")
    assert not list(cache.iterdir())


def test_stopping_a_download_leaves_nothing(
    cache: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(event: Progress) -> None:
        raise Interrupted

    know(monkeypatch, server + "net.pth")
    with pytest.raises(Interrupted):
        find_weights("net", on_progress=stop)
    assert not list(cache.iterdir())


def test_no_server_and_no_such_file_say_what_to_do(
    cache: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in ("http://127.0.0.1:9/net.pth", server + "missing/net.pth"):
        know(monkeypatch, address)
        with pytest.raises(ModelError, match="--encoder embedded") as caught:
            find_weights("net")
        assert address in str(caught.value) and str(cache / "net.pth") in str(caught.value)


def test_offline_never_tries(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPASTO_OFFLINE", "1")
    monkeypatch.setattr(store, "_received", lambda *_: pytest.fail("tried"))
    with pytest.raises(ModelError, match="IMPASTO_OFFLINE"):
        find_weights("vgg19")


def test_a_damaged_file_in_the_cache_is_named(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    know(monkeypatch, "http://127.0.0.1:9/net.pth")
    cache.mkdir(parents=True)
    (cache / "net.pth").write_bytes(DATA[:-1])
    with pytest.raises(ModelError, match=f"{sha256_of(DATA[:-1])}, expected {sha256_of(DATA)}"):
        find_weights("net")


def test_a_given_file_may_be_any_unless_it_bears_the_name(tmp_path: Path) -> None:
    own = tmp_path / "own.safetensors"
    own.write_bytes(DATA)
    assert find_weights("vgg19", own) == (own, sha256_of(DATA))
    broken = tmp_path / KNOWN["vgg19"].file
    broken.write_bytes(DATA)
    with pytest.raises(ModelError, match="not the published file"):
        find_weights("vgg19", broken)


def test_missing_files_and_unknown_names(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="Check the path"):
        find_weights("vgg19", tmp_path / "none.pth")
    with pytest.raises(ModelError, match='Did you mean "vgg19"'):
        find_weights("vgg91")


def test_pinned_hashes_begin_as_the_files_say() -> None:
    for known in KNOWN.values():
        digits = known.file.removesuffix(".pth").rpartition("-")[2]
        assert known.sha256.startswith(digits)
        assert len(known.sha256) in (8, 64) and known.address.startswith("https://")
