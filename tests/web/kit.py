"""Tools of the page's tests: a server of their own, and the page, which must stay clean."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request, WebSocket
from tests.serving.real import start

DESKTOP, PHONE = (1280, 800), (360, 740)
WAIT = 60_000  # milliseconds for anything to be seen; two busy cores paint slowly


class StudioServer:
    """An ``impasto serve`` of its own, which comes back where it was."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._port = folder, "0"
        self.start()

    def start(self) -> None:
        """Start the server, again at the same address: a page looks for it there."""
        self._real = start(self.folder / "data", "--port", self._port)
        self.url, self._port = self._real.url, str(self._real.port)

    def stop(self) -> None:
        """End the server as a service manager does."""
        self._real.end()


class Studio:
    """The page; what went wrong there is in `wrong`."""

    def __init__(self, page: Page, server: StudioServer) -> None:
        self.page, self.server = page, server
        self.page.set_default_timeout(WAIT)
        self.wrong: list[str] = []
        self._forgiven = ["favicon.ico"]  # asked for where `close` leaves the page
        self._heard: dict[str, Callable[[Any], None]] = {
            "console": self._said,
            "pageerror": lambda error: self.wrong.append(f"page error: {error}"),
            "websocket": self._connected,
            "request": self._asked,
        }
        for event, listener in self._heard.items():
            page.on(event, listener)  # type: ignore[call-overload]

    def open(self, *, size: tuple[int, int] = DESKTOP, hash: str = "") -> Page:
        """Open the page, and wait until it can be used."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        self.page.goto(f"{self.server.url}/{hash}")
        self.page.wait_for_selector("html[data-ready]")
        return self.page

    def state(self) -> dict[str, Any]:
        """Return the page's state."""
        state: dict[str, Any] = self.page.evaluate(
            "async () => (await import('/js/state.js')).state.get()"
        )
        return state

    def give(self, picture: Path) -> None:
        """Pick a picture from the disk, and wait until it is the page's content."""
        self.page.locator("input[type=file][data-content]").set_input_files(picture)
        self.until("now.content?.asset")

    def paint(self, picture: Path, *, size: tuple[int, int] = DESKTOP) -> Page:
        """Open the page with a picture, and wait until it is painted at full size."""
        page = self.open(size=size)
        self.give(picture)
        self.until("now.selected !== null && now.results.length > 0")
        return page

    def until(self, truth: str) -> None:
        """Wait until something is true, in JavaScript: of the state `now`, or of the `viewer`.

        Playwright's own way evaluates texts on the page, which the page's policy forbids.
        """
        script = f"""async () => {{
            const now = (await import('/js/state.js')).state.get();
            const viewer = document.querySelector('impasto-viewer');
            return Boolean({truth});
        }}"""
        ends = time.monotonic() + WAIT / 1000
        while not self.page.evaluate(script):
            assert time.monotonic() < ends, f"this was never so: {truth}"
            self.page.wait_for_timeout(40)

    def pixels(self) -> str:
        """Return what is seen of the picture, as a text that is equal for equal pixels."""
        seen: str = self.page.evaluate(
            """async () => {
                const { canvas } = document.querySelector("impasto-viewer");
                const frame = () => new Promise(requestAnimationFrame);
                await frame(); // what was asked for is drawn with the next one
                await frame();
                return canvas.toDataURL();
            }"""
        )
        return seen

    def tab(self, name: str) -> None:
        """Show one of the panels."""
        self.page.get_by_role("tab", name=name).click()

    def set(self, patch: dict[str, Any], *, history: bool = False) -> None:
        """Change the page's state as a control does; with `history` as one that is let go."""
        self.page.evaluate(
            """async ([patch, history]) => {
                const { state } = await import("/js/state.js");
                state.set(patch, { history });
            }""",
            [patch, history],
        )

    def forgive(self, *patterns: str) -> None:
        """Expect what matches in the console: a picture that is refused is an error there too."""
        self._forgiven += patterns

    def violations(self) -> list[str]:
        """Return what axe-core finds wrong with the page for those who cannot see or point."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{one['id']}: {one['help']}: {' | '.join(node['html'][:200] for node in one['nodes'])}"
            for one in found
        ]

    def close(self) -> None:
        """Leave the page as it was before; what it remembers is forgotten."""
        for event, listener in self._heard.items():
            self.page.remove_listener(event, listener)
        self.page.unroute_all(behavior="ignoreErrors")
        self.page.goto(f"{self.server.url}/healthz")  # the same origin, and no script
        self.page.evaluate("localStorage.clear(); sessionStorage.clear()")
        self.page.emulate_media(color_scheme="null")

    def check(self) -> None:
        """Fail if the page went wrong, or asked anybody but its own server."""
        unexpected = [
            one for one in self.wrong if not any(re.search(known, one) for known in self._forgiven)
        ]
        assert not unexpected, "\n".join(unexpected)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            place = message.location.get("url", "")
            self.wrong.append(f"console {message.type}: {message.text} ({place})")

    def _asked(self, request: Request) -> None:
        self._within(request.url)

    def _connected(self, socket: WebSocket) -> None:
        self._within(socket.url)

    def _within(self, url: str) -> None:
        parts = urlsplit(url)
        own = parts.netloc == urlsplit(self.server.url).netloc
        if parts.scheme not in ("blob", "data", "about") and not own:
            self.wrong.append(f"asked elsewhere: {url}")
