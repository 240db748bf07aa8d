"""Write pictures: strip by strip, and never a half-written file."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, Protocol

from impasto.errors import OutputError, did_you_mean
from impasto.images.formats import BY_SUFFIX, Chroma, Encoding, Format, encode
from impasto.images.metadata import NOTHING, Metadata
from impasto.images.places import beside, check_place
from impasto.images.rows import Layout, pack
from impasto.images.samples import DEPTHS, Samples
from impasto.images.transparency import Blend
from impasto.images.window import Strip

Place = str | Path | BinaryIO


class Sink(Protocol):
    """A picture file that is ready to be written."""

    def write(self, strips: Iterable[Strip]) -> None:
        """Take the strips in order, from top to bottom, and put the file in its place.

        After any exception, also one of the strips' own or an interruption, there is no trace.

        Raises:
            OutputError: rows are missing, too many or of the wrong kind; the disk is full.
        """


def create_picture(
    place: Place,
    height: int,
    width: int,
    *,
    alpha: bool = False,
    depth: int = 8,
    quality: int = 95,
    chroma: Chroma = "4:4:4",
    blend: Blend = "gamma",
    overwrite: bool = False,
    metadata: bytes | None = None,
    kept: Metadata = NOTHING,
    format: str | None = None,
) -> Sink:
    """Prepare to write a picture file; its suffix names the format.

    Everything that can be known to fail is checked here, before any work. The file is encoded
    beside its place and renamed at the end, so there is never half a picture, and a picture
    that is replaced stays whole until then. PNG and TIFF are written in the memory of a few
    strips, at any size; the other formats gather the picture first.

    JPEG and BMP know no transparency: there alpha is laid on white. GIF has 256 colors, and
    alpha below one half becomes transparent. Only PNG and TIFF hold 16 bits; the others are
    written at 8. BMP and GIF have no place for XMP, and JPEG only for 64 KB: then it goes into
    a second file, the name with ``.xmp`` added.

    Args:
        place: a path, or a file open for writing bytes, which may be a pipe and stays open.
        height: rows of pixels that the strips bring together.
        width: columns of pixels that each strip has.
        alpha: whether the strips bring an alpha channel.
        depth: bits of a sample, 8 or 16; strips of another depth are converted.
        quality: 1 to 100 for JPEG, WebP (100 is lossless) and AVIF.
        chroma: how JPEG and AVIF sample color: at every pixel (``4:4:4``), at every second one
            across (``4:2:2``), or across and down (``4:2:0``). WebP has ``4:2:0`` only.
        blend: how alpha is laid on white, in ``gamma`` or ``linear`` light.
        metadata: an XMP packet, see `impasto.provenance.disclosure`.
        kept: of the picture that was painted: resolution, profile of the pixels, EXIF. GIF has
            no place for a resolution. Of EXIF only what `kept_exif` lists is written.
        format: a suffix such as ``png``; needed for an open file, and goes before a path's own.

    Raises:
        OutputExists: the file is there and ``overwrite`` is false.
        OutputError: the format is unknown, the folder missing or not writable.
    """
    name = _name(place)
    kind = _format(place, name, format)
    if not 1 <= quality <= 100:
        raise OutputError(f"The quality {quality} is not within 1 to 100.")
    if depth not in DEPTHS:
        raise OutputError(f"The depth {depth} is not one of 8 and 16.")
    if max(height, width) > kind.max_side or min(height, width) < 1:
        raise OutputError(
            f"{kind.name} holds 1 to {kind.max_side:,} pixels a side, not {width} x {height}. "
            "Write PNG or TIFF."
        )
    sidecar = metadata if metadata is not None and len(metadata) > kind.max_metadata else None
    if isinstance(place, str | Path):
        place = Path(place)
        check_place(place, overwrite, sidecar is not None)
    else:
        _check_file(place, name, kind, sidecar)
    layout = Layout(height, width, 4 if alpha and kind.alpha else 3, depth if kind.deep else 8)
    how = Encoding(quality, chroma, None if sidecar else metadata, kept)
    return _FileSink(place, name, kind, layout, how, blend, sidecar)


class _FileSink:
    """Encodes the strips into a file beside the place, or into an open file."""

    def __init__(
        self,
        place: Path | BinaryIO,
        name: str,
        kind: Format,
        layout: Layout,
        how: Encoding,
        blend: Blend,
        sidecar: bytes | None,
    ) -> None:
        self._place = place
        self._name = name
        self._kind = kind
        self._layout = layout
        self._how = how
        self._blend: Blend = blend
        self._sidecar = sidecar
        self._raised: Exception | None = None  # by the strips, so none of our own

    def write(self, strips: Iterable[Strip]) -> None:
        """Take the strips in order and put the finished file in its place."""
        parts = self._watched(pack(strips, self._layout, self._blend))
        try:
            with self._open() as file:
                encode(file, self._kind, parts, self._layout, self._how)
        except (OSError, ValueError, MemoryError) as error:
            if error is self._raised:
                raise
            reason = getattr(error, "strerror", None) or "encoding failed"
            raise OutputError(f'"{self._name}" cannot be written: {reason}.') from error

    def _open(self) -> AbstractContextManager[BinaryIO]:
        if isinstance(self._place, Path):
            return beside(self._place, self._sidecar)
        return _through(self._place, self._kind.seeks)

    def _watched(self, parts: Iterator[Samples]) -> Iterator[Samples]:
        try:
            yield from parts
        except Exception as error:
            self._raised = error
            raise


@contextmanager
def _through(place: BinaryIO, seeks: bool) -> Iterator[BinaryIO]:
    """Give an open file, or one on disk that is copied to it where the encoder must seek."""
    if seeks:
        with TemporaryFile() as whole:
            yield whole
            whole.seek(0)
            shutil.copyfileobj(whole, place)
    else:
        yield place
    place.flush()


def _name(place: Place) -> str:
    return str(place) if isinstance(place, str | Path) else str(getattr(place, "name", "output"))


def _format(place: Place, name: str, format: str | None) -> Format:
    open_file = not isinstance(place, str | Path)
    if open_file and format is None:
        raise OutputError(f'"{name}" is an open file: name the format, such as format="png".')
    suffix = Path(name).suffix if format is None else "." + format.removeprefix(".")
    if suffix.lower() in BY_SUFFIX:
        return BY_SUFFIX[suffix.lower()]
    came = f'The output "{name}" has ' + (
        f'the unknown suffix "{suffix}"' if suffix else "no suffix"
    )
    if format is not None:
        came = f'There is no format "{format}"'
    raise OutputError(
        f"{came}.{did_you_mean(suffix.lower(), BY_SUFFIX)} "
        f"It names the format: {' '.join(BY_SUFFIX)}"
    )


def _check_file(file: BinaryIO, name: str, kind: Format, sidecar: bytes | None) -> None:
    if sidecar is not None:
        raise OutputError(
            f"{kind.name} has no place for these {len(sidecar):,} bytes of metadata, and an open "
            "file has no second one beside it. Write PNG, or to a path."
        )
    try:
        file.write(b"")
    except (OSError, ValueError, TypeError, AttributeError) as error:
        reason = getattr(error, "strerror", None) or "it is not open for writing bytes"
        raise OutputError(f'"{name}" cannot be written: {reason}.') from error
