"""Looking closely: before and after behind a slider, two results side by side."""

from pathlib import Path

from playwright.sync_api import expect
from tests.web.kit import Studio


def test_the_slider_goes_between_photo_and_painting_by_keys(studio: Studio, picture: Path) -> None:
    page = studio.paint(picture)
    page.get_by_role("button", name="Before / after").click()
    handle = page.get_by_role("slider", name="Before and after")
    expect(handle).to_have_attribute("aria-valuenow", "50")
    middle = studio.pixels()
    handle.focus()
    page.keyboard.press("End")
    expect(handle).to_have_attribute("aria-valuenow", "100")
    photo = studio.pixels()
    page.keyboard.press("Home")
    expect(handle).to_have_attribute("aria-valuenow", "0")
    painting = studio.pixels()
    assert photo != painting
    assert middle not in (photo, painting)


def test_the_slider_follows_the_pointer(studio: Studio, picture: Path) -> None:
    page = studio.paint(picture)
    page.get_by_role("button", name="Before / after").click()
    handle = page.get_by_role("slider", name="Before and after")
    box = page.locator("impasto-viewer").bounding_box()
    assert box is not None
    row = box["y"] + box["height"] / 2
    handle.hover()
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.3, row, steps=4)
    page.mouse.up()
    assert int(handle.get_attribute("aria-valuenow") or 50) < 40


def test_two_results_are_seen_side_by_side_with_one_zoom(studio: Studio, picture: Path) -> None:
    page = studio.paint(picture)
    studio.set({"settings": {"strength": 0.3}}, history=True)
    studio.until("now.results.length === 2 && now.selected === now.results[1].id")
    alone = studio.pixels()
    page.get_by_role("button", name="Side by side").click()
    other = page.get_by_label("Compare with")
    expect(other.locator("option")).to_have_count(2)  # the other painting, and the photo
    studio.until("now.view.other === now.results[0].id")
    studio.until("viewer.pictures.other")
    both = studio.pixels()
    assert both != alone
    page.locator("impasto-viewer").focus()
    page.keyboard.press("1")  # 100 %
    assert studio.state()["view"]["zoom"] == 1
    assert studio.pixels() != both
    other.select_option(label="The photo")
    studio.until("!viewer.pictures.other")
