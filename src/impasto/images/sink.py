"""Write pictures: window by window, and never a half-written file."""

import contextlib
import os
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import numpy as np

from impasto.errors import OutputError, OutputExists, did_you_mean
from impasto.images.formats import BY_SUFFIX, Format, encode
from impasto.images.transparency import Bytes, on_white
from impasto.images.window import Window


class Sink(Protocol):
    """A picture file that is written window by window, inside ``with``."""

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put the finished file in its place, or after an error leave no trace."""

    def write(self, window: Window, pixels: Bytes, alpha: Bytes | None = None) -> None:
        """Take the window's pixels, uint8, h w 3, and its alpha, uint8, h w."""


def create_picture(
    path: str | Path,
    height: int,
    width: int,
    *,
    alpha: bool = False,
    quality: int = 95,
    overwrite: bool = False,
    metadata: bytes | None = None,
) -> Sink:
    """Prepare to write a picture file; the suffix names the format.

    Everything that can be known to fail is checked here, before any work. The file is encoded
    beside its place and renamed at the end, so there is never half a picture, and a picture
    that is replaced stays whole until then.

    JPEG and BMP know no transparency: there alpha is laid on white. GIF has 256 colors, and
    alpha below one half becomes transparent. BMP and GIF have no place for XMP, and JPEG only
    for 64 KB: then it goes into a second file, the name with ``.xmp`` added.

    Args:
        alpha: whether the windows bring an alpha channel.
        quality: 1 to 100 for JPEG, WebP (100 is lossless) and AVIF.
        metadata: an XMP packet, see `impasto.provenance.disclosure`.

    Raises:
        OutputExists: the file is there and ``overwrite`` is false.
        OutputError: the format is unknown, the folder missing or not writable.
    """
    path = Path(path)
    kind = _format(path)
    if not 1 <= quality <= 100:
        raise OutputError(f"The quality {quality} is not within 1 to 100.")
    if max(height, width) > kind.max_side or min(height, width) < 1:
        raise OutputError(
            f"{kind.name} holds 1 to {kind.max_side:,} pixels a side, not {width} x {height}. "
            "Write PNG or TIFF."
        )
    sidecar = metadata is not None and len(metadata) > kind.max_metadata
    _check_place(path, overwrite, sidecar)
    return _FileSink(
        path,
        kind,
        np.zeros((height, width, 4 if alpha and kind.alpha else 3), np.uint8),
        quality=quality,
        metadata=metadata,
        sidecar=sidecar,
    )


class _FileSink:
    """Gathers the windows as bytes and encodes them at the end with Pillow."""

    def __init__(
        self,
        path: Path,
        kind: Format,
        pixels: Bytes,
        *,
        quality: int,
        metadata: bytes | None,
        sidecar: bool,
    ) -> None:
        self._path = path
        self._kind = kind
        self._pixels = pixels
        self._quality = quality
        self._metadata = metadata
        self._sidecar = sidecar
        self._missing = pixels.shape[0] * pixels.shape[1]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self._finish()

    def write(self, window: Window, pixels: Bytes, alpha: Bytes | None = None) -> None:
        """Take the window's pixels, uint8, h w 3, and its alpha, uint8, h w."""
        if pixels.dtype != np.uint8 or pixels.shape != (window.height, window.width, 3):
            raise OutputError(
                f"A window of {window.height} x {window.width} needs as many uint8 pixels of "
                f"three channels, not {pixels.dtype} {pixels.shape}."
            )
        target = self._pixels[window.slices]
        if target.shape[2] == 4:
            target[..., :3] = pixels
            target[..., 3] = 255 if alpha is None else alpha
        else:
            target[...] = pixels if alpha is None else on_white(pixels, alpha)
        self._missing -= window.height * window.width

    def _finish(self) -> None:
        if self._missing > 0:
            raise OutputError(
                f'"{self._path}" was not written: {self._missing:,} pixels were never painted.'
            )
        extra = _sidecar_path(self._path)
        parts = [_part_path(self._path), _part_path(extra)]
        try:
            with parts[0].open("wb") as file:
                inside = None if self._sidecar else self._metadata
                encode(file, self._kind, self._pixels, quality=self._quality, metadata=inside)
            if self._sidecar and self._metadata is not None:
                parts[1].write_bytes(self._metadata)
                parts[1].replace(extra)
            parts[0].replace(self._path)
        except (OSError, ValueError, MemoryError) as error:
            reason = getattr(error, "strerror", None) or "encoding failed"
            raise OutputError(f'"{self._path}" cannot be written: {reason}.') from error
        finally:
            for part in parts:
                with contextlib.suppress(OSError):
                    part.unlink(missing_ok=True)


def _format(path: Path) -> Format:
    suffix = path.suffix.lower()
    if suffix in BY_SUFFIX:
        return BY_SUFFIX[suffix]
    came = f'has the unknown suffix "{path.suffix}"' if suffix else "has no suffix"
    raise OutputError(
        f'The output "{path}" {came}.{did_you_mean(suffix, BY_SUFFIX)} '
        f"It names the format: {' '.join(BY_SUFFIX)}"
    )


def _check_place(path: Path, overwrite: bool, sidecar: bool) -> None:
    try:
        _check_vacant(path, overwrite, sidecar)
        part = _part_path(path)
        part.open("wb").close()  # the honest test of folder, name and disk
        part.unlink()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the name is not valid"
        raise OutputError(f'"{path}" cannot be written: {reason}.') from error


def _check_vacant(path: Path, overwrite: bool, sidecar: bool) -> None:
    if not path.parent.is_dir():
        raise OutputError(f'There is no folder "{path.parent}". Make it: mkdir -p "{path.parent}"')
    if path.is_dir():
        raise OutputError(f'The output "{path}" is a folder. Name a file.')
    for taken in (path, _sidecar_path(path)) if sidecar else (path,):
        if os.path.lexists(taken) and not overwrite:
            raise OutputExists(
                f'"{taken}" is there already. Choose another --output, or replace it: --overwrite'
            )


def _part_path(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.part")


def _sidecar_path(path: Path) -> Path:
    return path.with_name(path.name + ".xmp")
