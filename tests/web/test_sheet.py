"""The sheet: strengths by styles of one photo, with one click, as one picture to download."""

from pathlib import Path

from PIL import Image
from playwright.sync_api import expect
from tests.web.kit import Studio


def test_a_sheet_is_made_with_one_click_and_downloaded(
    studio: Studio, picture: Path, tmp_path: Path
) -> None:
    page = studio.paint(picture)
    studio.tab("Studies")
    page.get_by_text("Sheet of strengths and styles").click()
    page.get_by_label("Strengths").fill("0.5, 1")
    page.get_by_label("Add a style").select_option("great-wave")
    page.get_by_role("button", name="Make the sheet").click()
    sheet = page.get_by_role("dialog", name="Sheet")
    expect(sheet.get_by_role("img")).to_be_visible()
    with page.expect_download() as download:
        sheet.get_by_role("button", name="Download").click()
    download.value.save_as(tmp_path / "sheet.jpg")
    with Image.open(tmp_path / "sheet.jpg") as made:
        assert made.width > 2 * 100  # two styles side by side
        assert made.height > 2 * 80
    sheet.get_by_role("button", name="Close").click()
    expect(sheet).to_be_hidden()


def test_strengths_that_are_none_are_told_before_anything_is_asked(
    studio: Studio, picture: Path
) -> None:
    page = studio.paint(picture)
    studio.tab("Studies")
    page.get_by_text("Sheet of strengths and styles").click()
    page.get_by_label("Strengths").fill("much")
    page.get_by_role("button", name="Make the sheet").click()
    expect(page.get_by_text("numbers from 0 to 2")).to_be_visible()
    expect(page.get_by_label("Strengths")).to_be_focused()
