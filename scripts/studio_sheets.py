"""Photograph the studio for docs/studio.md: docs/studio-*.jpg, the page as somebody uses it."""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright
from skimage import data

PHOTOS = Path(data.__file__).parent
DESKTOP, PHONE = (1440, 900), (360, 740)
WAIT = 120_000  # milliseconds
FINISHED = "impasto-results [aria-pressed=true]:last-child"  # the newest painting is shown
# Of the picture's sides: along these lines the brush goes, over head and suit of the astronaut.
FIGURE = ([(0.44, 0.12), (0.44, 0.36)], [(0.3, 0.66), (0.46, 0.55), (0.62, 0.66)],
          [(0.2, 0.95), (0.4, 0.75), (0.55, 0.75), (0.72, 0.95)])  # fmt: skip


@contextmanager
def studio(folder: Path) -> Iterator[str]:
    """Run a server of its own; give its address."""
    command = [sys.executable, "-m", "impasto", "serve", "--port", "0", "--folder", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        found = (re.search(r"http://[\w.:]+", line) for line in server.stdout)
        yield next(one[0] for one in found if one)
        server.terminate()


def painted(
    browser: Browser,
    url: str,
    photo: str,
    *,
    size: tuple[int, int] = DESKTOP,
    dark: bool = False,
    style: str = "starry-night",
) -> Page:
    """Open the studio with a photo, and wait until it is painted in a style."""
    page = browser.new_page(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        device_scale_factor=2 if size == PHONE else 1,
    )
    page.goto(url)
    tile = page.locator(f"[data-style='{style}']")
    tile.wait_for()
    tile.click()
    page.locator("[data-content]").set_input_files(PHOTOS / photo)
    finished(page)
    return page


def finished(page: Page) -> None:
    """Wait until what was asked for last is painted at full size."""
    page.locator(FINISHED).wait_for(timeout=WAIT)


def mix(browser: Browser, url: str) -> Page:
    """Three styles on the pad, the handle between them."""
    page = painted(browser, url, "coffee.png", style="great-wave")
    page.get_by_role("switch", name="Mix up to 4").check()
    for name in ("starry-night", "roman-mosaic"):
        page.locator(f"[data-style='{name}']").click()
    pad = page.get_by_role("group", name="Mix.").bounding_box()
    assert pad is not None
    page.mouse.click(pad["x"] + 0.56 * pad["width"], pad["y"] + 0.42 * pad["height"])
    finished(page)
    page.get_by_role("tabpanel").evaluate("(panel) => panel.scrollTo(0, 0)")
    return page


def regions(browser: Browser, url: str) -> Page:
    """A figure that stays photo, in a painted world."""
    page = painted(browser, url, "astronaut.png", dark=True)
    page.get_by_role("tab", name="Regions").click()
    page.get_by_role("button", name="Paint a region").click()
    page.get_by_label("Brush").fill("28")
    for line in FIGURE:
        places = [_on_screen(page, *point) for point in line]
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place, steps=12)
        page.mouse.up()
    page.get_by_label("Style of region 1", exact=True).wait_for()
    page.get_by_role("button", name="Done").click()
    page.get_by_label("Feather").fill("2")
    finished(page)
    return page


def compare(browser: Browser, url: str) -> Page:
    """The photo under the painting, behind a slider."""
    page = painted(browser, url, "chelsea.png", style="ink-wash")
    page.get_by_role("button", name="Before / after").click()
    page.get_by_role("tab", name="Adjust").click()
    return page


def phone(browser: Browser, url: str) -> Page:
    """The same page in a hand."""
    return painted(browser, url, "coffee.png", size=PHONE, dark=True, style="the-scream")


SHEETS: dict[str, Callable[[Browser, str], Page]] = {
    "mix": mix,
    "regions": regions,
    "compare": compare,
    "phone": phone,
}


def _on_screen(page: Page, x: float, y: float) -> tuple[float, float]:
    """Return where a point of the picture is in the window."""
    at: list[float] = page.evaluate(
        """([x, y]) => {
            const viewer = document.querySelector("impasto-viewer");
            const { left, top } = viewer.getBoundingClientRect();
            const place = viewer.place();
            return [left + place.left + x * place.width, top + place.top + y * place.height];
        }""",
        [x, y],
    )
    return at[0], at[1]


def main() -> None:
    """Read the command line and write the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("docs"))
    parser.add_argument("names", nargs="*", choices=[*SHEETS, []], help="all of them without")
    given = parser.parse_args()
    chromium = os.environ.get("IMPASTO_CHROMIUM") or shutil.which("chromium")
    expect.set_options(timeout=WAIT)
    with (
        tempfile.TemporaryDirectory() as folder,
        studio(Path(folder)) as url,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"]) as browser,
    ):
        for name in given.names or SHEETS:
            page = SHEETS[name](browser, url)
            page.locator("#status:empty").wait_for(state="attached")  # its words have passed
            page.screenshot(path=given.folder / f"studio-{name}.jpg", type="jpeg", quality=84)
            page.close()


if __name__ == "__main__":
    main()
