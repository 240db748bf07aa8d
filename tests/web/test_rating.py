"""Ratings: stars and words for a painting, and which of two is better."""

import json
from pathlib import Path

from playwright.sync_api import expect
from tests.web.kit import Studio


def test_a_painting_gets_stars_and_a_comment_by_keys(studio: Studio, picture: Path) -> None:
    page = studio.paint(picture)
    studio.tab("Share")
    expect(page.get_by_role("button", name="Rate")).to_be_disabled()
    page.get_by_role("radio", name="4, good").focus()
    page.keyboard.press("Space")
    page.get_by_label("Comment").fill("The sky lives.")
    with page.expect_request("**/v1/ratings") as request:
        page.get_by_role("button", name="Rate").click()
    sent = json.loads(request.value.post_data or "")
    assert sent["stars"] == 4
    assert sent["comment"] == "The sky lives."
    expect(page.get_by_text("Your rating is kept.")).to_be_visible()


def test_of_two_paintings_the_better_is_chosen(studio: Studio, picture: Path) -> None:
    page = studio.paint(picture)
    studio.set({"settings": {"strength": 0.3}}, history=True)
    studio.until("now.results.length === 2 && now.selected === now.results[1].id")
    page.get_by_role("button", name="Side by side").click()
    studio.tab("Share")
    with page.expect_request("**/v1/ratings") as request:
        page.get_by_role("button", name="The first").click()
    first, second = studio.state()["results"]
    sent = json.loads(request.value.post_data or "")
    assert (sent["left"], sent["right"], sent["choice"]) == (first["job"], second["job"], "left")
    expect(page.get_by_text("Your answer is kept.")).to_be_visible()
