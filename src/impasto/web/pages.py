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


def _file(path: Path) -> Response:
    return Response(path.read_bytes(), KINDS[path.suffix])
