"""The pages are whole, need nothing from elsewhere, and hold no scripts or styles in between."""

import re

from impasto.web.pages import rating_page, studio_pages


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


def test_the_studio_has_all_that_it_names() -> None:
    pages = studio_pages()
    index = pages["/"].body.decode()
    named = {f"/{name}" for name in re.findall(r'(?:href|src)="([^":#]+)"', index)}
    for path in (path for path in pages if path.endswith(".js")):
        found = re.findall(r'^(?:import|export) .*?"\./([\w-]+\.js)";$', _text(path), re.MULTILINE)
        named |= {f"/js/{name}" for name in found}
    assert named == pages.keys() - {"/"}


def test_each_element_of_the_studio_is_defined_once() -> None:
    scripts = "".join(_text(path) for path in studio_pages() if path.endswith(".js"))
    defined = re.findall(r'customElements\.define\("([\w-]+)"', scripts)
    assert len(defined) == len(set(defined))
    assert set(re.findall(r"<(impasto-[\w-]+)", _text("/"))) <= set(defined)


def test_each_drawing_that_a_script_names_is_in_the_sprite() -> None:
    scripts = "".join(_text(path) for path in studio_pages() if path.endswith(".js"))
    asked = set(re.findall(r'\b(?:icon|iconButton)\("([\w-]+)"', scripts))
    assert asked == set(re.findall(r'<symbol id="icon-([\w-]+)"', _text("/")))


def test_the_studio_keeps_to_its_content_security_policy() -> None:
    assert not re.search(r"\son\w+=|\sstyle=|<style|<script(?! type=\"module\" src=)", _text("/"))
    for path in (path for path in studio_pages() if path.endswith(".js")):
        assert not re.search(r"innerHTML|insertAdjacentHTML|document\.write|\beval\(", _text(path))


def test_the_studio_names_nobody_else() -> None:
    addresses = {
        address
        for path in studio_pages()
        for address in re.findall(r"(?:https?:)?//[\w.-]+\.\w+", _text(path))
    }
    assert addresses == {"http://www.w3.org", "https://impasto.dev"}  # names of XML, never asked


def _text(path: str) -> str:
    return studio_pages()[path].body.decode()
