"""The pages are whole, need nothing from elsewhere, and hold no scripts or styles in between."""

import re

from impasto.web.pages import rating_page


def test_the_rating_page_has_all_that_it_names() -> None:
    page = rating_page()
    named = re.findall(r'(?:href|src)="([^":]+)"', page["/"].body.decode())
    assert {f"/{name}" for name in named} == page.keys() - {"/"}
    kinds = {path: response.kind.split(";")[0] for path, response in page.items()}
    assert kinds == {"/": "text/html", "/rate.css": "text/css", "/rate.js": "text/javascript"}


def test_the_rating_page_needs_nothing_from_elsewhere() -> None:
    assert all(b"//" not in line.split(b" //")[0].lstrip(b"/") for line in _lines())


def test_the_rating_page_keeps_to_its_content_security_policy() -> None:
    text = rating_page()["/"].body.decode()
    assert not re.search(r"\son\w+=|\sstyle=|<style|<script>", text)


def test_every_element_that_the_script_asks_for_is_on_the_page() -> None:
    page = rating_page()
    asked = re.findall(r'(?<!\.)get\("([\w-]+)"\)', page["/rate.js"].body.decode())
    there = re.findall(r'\bid="([\w-]+)"', page["/"].body.decode())
    assert set(asked) <= set(there)
    assert len(there) == len(set(there))


def _lines() -> list[bytes]:
    return [line for response in rating_page().values() for line in response.body.splitlines()]
