"""A photo comes onto the page: picked, dropped, pasted, taken; and what cannot be one is told."""

import base64
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect
from tests.web.kit import Studio

GIVE = """([kind, name, type, bytes]) => {
    const data = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
    const carried = new DataTransfer();
    carried.items.add(new File([data], name, { type }));
    const stage = document.getElementById("stage");
    const options = { bubbles: true, cancelable: true };
    const event = kind === "paste"
        ? new ClipboardEvent("paste", { ...options, clipboardData: carried })
        : new DragEvent("drop", { ...options, dataTransfer: carried });
    (kind === "paste" ? document.body : stage).dispatchEvent(event);
}"""


def test_a_picture_is_dropped(studio: Studio, picture: Path) -> None:
    _hand(studio.open(), "drop", picture)
    studio.until("now.content?.name === 'astronaut.jpg' && viewer.pictures.before")
    assert [studio.state()["content"][side] for side in ("width", "height")] == [192, 160]


def test_a_picture_is_pasted(studio: Studio, picture: Path) -> None:
    _hand(studio.open(), "paste", picture)
    studio.until("now.content?.asset")


def test_a_picture_is_picked_and_painted_at_its_full_size(studio: Studio, picture: Path) -> None:
    page = studio.paint(picture)
    result = studio.state()["results"][0]
    assert (result["width"], result["height"]) == (192, 160)
    expect(page.get_by_role("img", name="The painting")).to_be_visible()
    expect(page.get_by_role("status").first).to_have_text("Painted 192 × 160.")


def test_a_file_that_browsers_do_not_read_is_shown_by_the_server(
    studio: Studio, picture: Path, tmp_path: Path
) -> None:
    with Image.open(picture) as photo:
        photo.save(tmp_path / "photo.tif")
    studio.open()
    studio.give(tmp_path / "photo.tif")
    studio.until("viewer.pictures.before")


def test_a_phone_takes_the_photo_with_its_camera(studio: Studio, picture: Path) -> None:
    page = studio.open()
    camera = page.locator("input[type=file][capture]")
    assert camera.get_attribute("capture") == "environment"
    camera.set_input_files(picture)
    studio.until("now.content?.asset")


def test_the_next_photo_is_painted_in_the_same_style(studio: Studio, picture: Path) -> None:
    page = studio.paint(picture)
    page.locator("[data-style='great-wave']").click()
    studio.until("now.selected === now.results[1]?.id")
    _hand(page, "drop", picture, name="again.jpg")
    studio.until("now.content.name === 'again.jpg'")
    assert [style["name"] for style in studio.state()["styles"]] == ["great-wave"]


def _hand(page: Page, kind: str, picture: Path, name: str = "astronaut.jpg") -> None:
    data = base64.b64encode(picture.read_bytes()).decode()
    page.evaluate(GIVE, [kind, name, "image/jpeg", data])
