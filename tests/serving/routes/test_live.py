"""The live line of the whole application: guards, assets, and a real process that paints."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from starlette.testclient import TestClient, WebSocketDenialResponse, WebSocketTestSession

from impasto.serving.app import create_app
from impasto.serving.running import Protocol
from impasto.serving.workers.inline import InlineExecutor
from impasto.settings.server import ServerSettings
from impasto.styles.gallery import built_in

PROTOCOL, ADDRESS = "impasto.live.v1", "ws://127.0.0.1/v1/live"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of one application for all tests: its process of previews takes long to start."""
    settings = ServerSettings(folder=tmp_path_factory.mktemp("server"), threads=1)
    app = create_app(settings, executor=InlineExecutor())
    with TestClient(app, base_url="http://127.0.0.1") as asking:
        yield asking


@pytest.fixture(scope="module")
def asset(server: TestClient, photo: bytes) -> str:
    """A photo of 96 x 64 pixels that was uploaded."""
    return upload(server, photo)


def upload(server: TestClient, data: bytes) -> str:
    return str(server.post("/v1/assets", content=data).json()["id"])


def ask(line: WebSocketTestSession, **request: Any) -> tuple[dict[str, Any], Image.Image]:
    """Return what is told with a preview, and the preview."""
    line.send_json(request)
    head = line.receive_json()
    assert "problem" not in head, head
    return head, Image.open(io.BytesIO(line.receive_bytes()))


def refused(line: WebSocketTestSession, **request: Any) -> dict[str, Any]:
    """Return the problem of a request."""
    line.send_json(request)
    problem: dict[str, Any] = line.receive_json()["problem"]
    return problem


@pytest.fixture
def line(server: TestClient) -> Iterator[WebSocketTestSession]:
    """An open line."""
    with server.websocket_connect(ADDRESS, [PROTOCOL]) as opened:
        assert opened.accepted_subprotocol == PROTOCOL
        yield opened


def test_a_change_comes_back_as_a_preview(line: WebSocketTestSession, asset: str) -> None:
    head, one = ask(line, seq=3, content=asset, style="great-wave", size=64)
    assert (head["seq"], head["width"], head["height"]) == (3, 64, 43)
    assert one.format == "JPEG" and one.size == (64, 43)
    _, other = ask(line, content=asset, style=["great-wave:1", "starry-night:3"], size=64)
    assert other.tobytes() != one.tobytes()


def test_strength_0_is_the_photo(line: WebSocketTestSession, asset: str, photo: bytes) -> None:
    _, shown = ask(line, content=asset, style="great-wave", strength=0)
    original = Image.open(io.BytesIO(photo))
    differences = [abs(a - b) for a, b in zip(shown.tobytes(), original.tobytes(), strict=True)]
    assert sum(differences) / len(differences) < 4  # of JPEG


def test_a_region_keeps_the_photo(
    line: WebSocketTestSession, server: TestClient, asset: str
) -> None:
    file = io.BytesIO()
    Image.new("L", (96, 64), "white").save(file, "PNG")
    regions = [{"mask": upload(server, file.getvalue()), "style": None}]
    _, kept = ask(line, content=asset, style="great-wave", regions=regions)
    _, photo = ask(line, content=asset, style="starry-night", strength=0)
    assert kept.tobytes() == photo.tobytes()


def test_a_camera_is_painted_frame_by_frame(line: WebSocketTestSession, photo: bytes) -> None:
    for seq in (1, 2):
        line.send_json({"seq": seq, "content": "frame", "style": "great-wave", "size": 48})
        line.send_bytes(photo)
        assert line.receive_json()["seq"] == seq
        assert Image.open(io.BytesIO(line.receive_bytes())).size == (48, 32)
    line.send_json({"content": "frame", "style": "great-wave"})
    line.send_bytes(b"no picture")
    assert line.receive_json()["problem"]["type"].endswith("/not-a-picture")


def test_a_frame_may_not_be_huge(line: WebSocketTestSession) -> None:
    file = io.BytesIO()
    Image.new("RGB", (4000, 3000)).save(file, "JPEG")
    line.send_json({"content": "frame", "style": "great-wave"})
    line.send_bytes(file.getvalue())
    assert line.receive_json()["problem"]["type"].endswith("/picture-too-large")


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"style": "stary-night"}, "unknown-style"),
        ({"style": "/etc/passwd"}, "invalid-request"),
        ({"strength": 9}, "invalid-request"),
        ({"content": "0" * 64}, "unknown-asset"),
        ({"content": "photo.jpg"}, "invalid-request"),
        ({"palette": ["nvy"]}, "setting-error"),
        ({"select": ["3,4"]}, "setting-error"),
        ({"nonsense": 1}, "invalid-request"),
    ],
)
def test_what_is_wrong_is_told(
    line: WebSocketTestSession, asset: str, change: dict[str, Any], kind: str
) -> None:
    problem = refused(line, **({"content": asset, "style": "great-wave"} | change))
    assert problem["type"].endswith(f"/{kind}")
    assert "/tmp" not in str(problem) and "impasto " not in problem.get("detail", "")


def test_others_pages_and_names_cannot_connect(server: TestClient) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
        with pytest.raises(Exception) as refusal:  # noqa: SIM117
            with server.websocket_connect(ADDRESS, headers=headers):
                pass
        assert type(refusal.value).__name__ in ("WebSocketDisconnect", "WebSocketDenialResponse")


def test_a_server_with_tokens_asks_for_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPASTO_TOKEN", "a-long-secret-token")
    app = create_app(ServerSettings(folder=tmp_path), executor=InlineExecutor())
    with TestClient(app, base_url="http://127.0.0.1") as asking:
        for protocols in ([PROTOCOL], [PROTOCOL, "impasto.token.another-secret"]):
            with (
                pytest.raises(WebSocketDenialResponse) as refusal,
                asking.websocket_connect(ADDRESS, protocols),
            ):
                pass
            assert refusal.value.status_code == 401
        right = [PROTOCOL, "impasto.token.a-long-secret-token"]
        with asking.websocket_connect(ADDRESS, right) as line:
            assert line.accepted_subprotocol == PROTOCOL


def test_a_process_that_is_lost_is_replaced(server: TestClient, asset: str) -> None:
    live: Any = server.app.state.server.live  # type: ignore[attr-defined]
    with server.websocket_connect(ADDRESS) as line:
        ask(line, content=asset, style="great-wave", size=32)
        lost = live._process
        lost.kill()
        ask(line, content=asset, style="great-wave", size=40)
        assert live._process is not lost


def test_every_style_of_the_gallery_is_known(line: WebSocketTestSession, asset: str) -> None:
    words = [f"{name}:0.5" for name in list(built_in())[:4]]
    ask(line, content=asset, style=words, size=32)


@pytest.mark.parametrize("upgraded", [False, True])
def test_a_line_is_no_slow_client(upgraded: bool) -> None:
    """What ends a connection whose headers do not come must not end one that became a line."""

    class Transport:
        closed = False

        def get_protocol(self) -> object:
            return object() if upgraded else protocol

        def is_closing(self) -> bool:
            return self.closed

        def close(self) -> None:
            self.closed = True

    protocol, transport = Protocol.__new__(Protocol), Transport()
    protocol.cycle, protocol.transport = None, transport  # type: ignore[assignment]
    protocol._check(None)
    assert transport.closed is not upgraded
