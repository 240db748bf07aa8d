"""The pages that are in the package, as responses by their path."""

from pathlib import Path

from impasto.serving.messages import Response

HERE = Path(__file__).parent
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}


def rating_page() -> dict[str, Response]:
    """Return the page on which people judge paintings: ``/`` and what it needs."""
    files = {"/": "rate.html", "/rate.css": "rate.css", "/rate.js": "rate.js"}
    return {path: _file(HERE / name) for path, name in files.items()}


def rating_pages() -> dict[str, Response]:
    """Return the same page for a server of more: ``/rate/`` and what it needs."""
    return {f"/rate{path}": page for path, page in rating_page().items()}


def studio_pages() -> dict[str, Response]:
    """Return the studio: ``/`` and all that it needs, by path."""
    return _folder(HERE / "studio", "/")


def docs_pages() -> dict[str, Response]:
    """Return the page that shows the API and tries it: ``/docs`` and what it needs."""
    return _folder(HERE / "docs", "/docs")


def _folder(folder: Path, index: str) -> dict[str, Response]:
    """Return all files of a folder by their paths; its index.html has the address `index`."""
    files = [path for path in sorted(folder.rglob("*")) if path.suffix in KINDS]
    return {
        index
        if path == folder / "index.html"
        else f"{index.rstrip('/')}/{path.relative_to(folder).as_posix()}": _file(path)
        for path in files
    }


def _file(path: Path) -> Response:
    return Response(path.read_bytes(), KINDS[path.suffix])
