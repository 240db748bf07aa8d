"""The gallery: styles shipped inside the package, and the user's own beside them."""

from functools import cache
from pathlib import Path

from impasto.device.folders import data_folder
from impasto.errors import OutputExists, UnknownStyle, UsageError, did_you_mean
from impasto.styles.style import Style

BUILT_IN = Path(__file__).parent.parent / "gallery"


def user_folder() -> Path:
    """Return the folder of the user's own styles; it need not exist."""
    return data_folder() / "styles"


@cache
def built_in() -> dict[str, Path]:
    """Return the shipped style files by name."""
    return {path.stem: path for path in sorted(BUILT_IN.glob("*.style"))}


def own() -> dict[str, Path]:
    """Return the user's own style files by name."""
    return {path.stem: path for path in sorted(user_folder().glob("*.style"))}


def names() -> list[str]:
    """Return all style names, sorted."""
    return sorted({**built_in(), **own()})


def styles() -> list[Style]:
    """Return all styles, sorted by name."""
    return [find(name) for name in names()]


def find(name: str) -> Style:
    """Return a style by name; raise UnknownStyle with the closest name if there is none."""
    path = own().get(name) or built_in().get(name)
    if path is None:
        raise UnknownStyle(
            f'There is no style "{name}".{did_you_mean(name, names())} '
            "See all names with: impasto styles"
        )
    return Style.load(path)


def add(style: Style, *, overwrite: bool = False) -> Path:
    """Keep a style among the user's own and return its file; shipped names are taken."""
    if style.name in built_in():
        raise UsageError(f'The gallery has a style "{style.name}" already. Choose another name.')
    path = user_folder() / f"{style.name}.style"
    if path.exists() and not overwrite:
        raise OutputExists(f'You have a style "{style.name}" already. Replace it with --overwrite.')
    path.parent.mkdir(parents=True, exist_ok=True)
    style.save(path)
    return path


def remove(name: str) -> Path:
    """Delete one of the user's own styles and return where it was."""
    if name in built_in():
        raise UsageError(f'"{name}" belongs to the gallery and stays; only your own styles can go.')
    path = own().get(name)
    if path is None:
        raise UnknownStyle(f'You have no style "{name}".{did_you_mean(name, own())}')
    path.unlink()
    return path


def preview_path(name: str) -> Path | None:
    """Return the picture that shows a shipped style, or None for the user's own."""
    path = BUILT_IN / "previews" / f"{name}.jpg"
    return path if name in built_in() and path.exists() else None
