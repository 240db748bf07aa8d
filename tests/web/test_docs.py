"""The page that shows the API and tries it."""

from pathlib import Path

from playwright.sync_api import expect
from tests.web.kit import PHONE, Studio


def test_the_api_is_shown_and_tried(studio: Studio, picture: Path) -> None:
    page = studio.page
    page.goto(f"{studio.server.url}/docs")
    route = page.locator("details#create_stylization")
    route.locator("summary").click()
    expect(route.get_by_text("strength", exact=True).first).to_be_visible()
    route.locator("input[type=file]").set_input_files(picture)
    route.get_by_label("Prefer").fill("wait=60")
    route.get_by_label("body").fill('{"content": "", "style": "starry-night", "size": 64}')
    route.get_by_role("button", name="Send").click()
    expect(route.locator("output img")).to_be_visible()
    expect(route.locator("output")).to_contain_text("200")


def test_a_route_without_a_body_is_tried(studio: Studio) -> None:
    page = studio.page
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.goto(f"{studio.server.url}/docs")
    route = page.locator("details#list_models")
    route.locator("summary").click()
    route.get_by_role("button", name="Send").click()
    expect(route.locator("output")).to_contain_text("painter")
    longest = page.locator("details#create_optimization")
    longest.locator("summary").click()
    longest.get_by_role("button", name="Send").wait_for()
    for part in (page.locator("html"), *longest.locator("table").all()):
        assert part.evaluate("(one) => one.scrollWidth") <= PHONE[0]  # nothing is cut off


def test_the_page_can_be_used_by_everybody(studio: Studio) -> None:
    studio.page.goto(f"{studio.server.url}/docs")
    studio.page.locator("details#get_job summary").click()
    studio.page.locator("details#get_job").get_by_role("button", name="Send").wait_for()
    assert studio.violations() == []
