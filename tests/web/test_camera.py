"""The webcam, which is Chromium's moving pattern here: painted live, and a picture taken of it."""

from pathlib import Path

from playwright.sync_api import expect
from tests.web.kit import Studio


def test_the_webcam_is_painted_live_and_a_picture_taken(studio: Studio, picture: Path) -> None:
    page = studio.paint(picture)
    page.get_by_role("button", name="Webcam").click()
    studio.until("viewer.pictures.now?.width === 384")
    first = studio.pixels()
    for _ in range(3):  # one answer after the other
        page.evaluate("globalThis.last = document.querySelector('impasto-viewer').pictures.now")
        studio.until("viewer.pictures.now !== globalThis.last")
    assert studio.pixels() != first
    page.get_by_role("button", name="Take this picture").click()
    studio.until("now.content?.name === 'webcam.jpg'")
    expect(page.get_by_role("button", name="Take this picture")).to_be_hidden()
    assert studio.state()["content"]["width"] >= 640
    studio.until("now.selected !== null")


def test_the_photo_comes_back_when_no_picture_is_taken(studio: Studio, picture: Path) -> None:
    page = studio.paint(picture)
    before = studio.state()["content"]
    page.get_by_role("button", name="Webcam").click()
    studio.until("now.content === null")
    page.get_by_role("button", name="Stop", exact=True).click()
    assert studio.state()["content"] == before
    expect(page.get_by_role("button", name="Webcam")).to_have_attribute("aria-pressed", "false")
