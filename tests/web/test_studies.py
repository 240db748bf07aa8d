"""Long work as cards: begun, followed with previews, stopped, kept, and there after a reload."""

import json
from pathlib import Path

from playwright.sync_api import Page, Route, expect
from tests.web.kit import Studio


def test_an_optimization_is_followed_and_kept(studio: Studio, picture: Path) -> None:
    page = _begun(studio, picture)
    card = page.locator("impasto-card").first
    expect(card).to_contain_text("left")  # how far, and how long
    expect(card.get_by_role("img", name="preview")).to_be_visible()
    page.reload()
    page.wait_for_selector("html[data-ready]")
    studio.tab("Studies")
    card = page.locator("impasto-card").first
    expect(card).to_contain_text("Step")
    card.get_by_role("button", name="Stop and keep").click()
    expect(card).to_contain_text("Done")
    card.get_by_role("button", name="Show").click()
    shown = "now.results.find((one) => one.id === now.selected)"
    studio.until(f"{shown}?.settings.preset === 'print'")
    card.get_by_role("button", name="Remove").click()
    expect(page.locator("impasto-card")).to_have_count(0)


def test_an_optimization_is_stopped(studio: Studio, picture: Path) -> None:
    page = _begun(studio, picture)
    card = page.locator("impasto-card").first
    expect(card).to_contain_text("Step")
    card.get_by_role("button", name="Stop", exact=True).click()
    expect(card).to_contain_text("Stopped")
    card.get_by_role("button", name="Remove").click()
    expect(page.locator("impasto-card")).to_have_count(0)


def test_a_training_needs_a_name_and_is_a_card(studio: Studio, picture: Path) -> None:
    page = studio.paint(picture)
    studio.tab("Studies")
    page.locator("summary", has_text="Train this style").click()
    name = page.get_by_label("Name of the model")
    name.fill("No Name")
    page.get_by_role("button", name="Train this style").click()
    assert not name.evaluate("(name) => name.validity.valid")
    name.fill("my-painting")
    page.get_by_role("button", name="Train this style").click()
    card = page.get_by_role("group", name="Training · my-painting")
    expect(card).to_be_visible()
    card.get_by_role("button", name="Stop", exact=True).click()
    expect(card).to_contain_text("Stopped")
    card.get_by_role("button", name="Remove").click()


def test_what_is_missing_is_told(studio: Studio) -> None:
    page = studio.open()
    studio.tab("Studies")
    page.locator("summary", has_text="Optimize this").click()
    expect(page.get_by_role("button", name="Optimize this")).to_be_disabled()
    expect(page.get_by_text("Choose a picture first.").first).to_be_visible()


def _begun(studio: Studio, picture: Path) -> Page:
    """Begin an optimization that takes longer than the test looks at it."""
    page = studio.paint(picture)

    def larger(route: Route) -> None:
        asked = json.loads(route.request.post_data or "{}")
        route.continue_(post_data=json.dumps({**asked, "size": 512}))

    page.route("**/v1/optimizations", larger)
    studio.tab("Studies")
    page.locator("summary", has_text="Optimize this").click()
    page.get_by_label("How thorough").select_option("print")
    page.get_by_role("button", name="Optimize this").click()
    expect(page.locator("impasto-card")).to_have_count(1)
    return page
