"""Paint small copies of pictures as they will look at full size; what was opened last is kept."""

import io
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from impasto.errors import NotAPicture, SettingError
from impasto.images.guard import kind_of
from impasto.images.masks import Mask, mask_from_picture
from impasto.images.scale import scaled
from impasto.images.sink import create_picture
from impasto.images.source import MAX_PIXELS, ArraySource, Source, open_picture
from impasto.images.window import whole
from impasto.methods.base import Painter, Region
from impasto.methods.fast import FastStylizer
from impasto.methods.paint import painted_strips
from impasto.methods.preview import Preview
from impasto.methods.regions import Photo
from impasto.methods.stylize import method_of, open_stylizer
from impasto.serving.tasks.request import file_of, settings_from, words_of
from impasto.serving.tasks.stylization import meant, stylizer_of
from impasto.serving.workers.base import Task
from impasto.settings.stylize import StylizeSettings

USUAL, LONGEST = 384, 1024  # long side of a preview
FRAME = 1920  # long side of a camera's picture at most
HEAD = 32  # bytes that tell a format
KEPT = 16  # opened pictures, and masks
QUALITY = 88  # of the JPEG that is sent: it is seen for a moment


class Previews:
    """Paints previews, one after another.

    Args:
        device, threads: where painting runs, as `StylizeSettings` has them.
        max_pixels: larger pictures are refused.
    """

    def __init__(
        self, *, device: str = "auto", threads: int = 0, max_pixels: int = MAX_PIXELS
    ) -> None:
        self._machine = StylizeSettings(device=device, threads=threads)
        self._max_pixels = max_pixels
        self._open = lru_cache(KEPT)(lambda path, size: _small(path, size, max_pixels))
        self._mask = cast(Callable[[Path, Source, float], Mask], lru_cache(KEPT)(_mask))
        self._preview = lru_cache(KEPT)(Preview)

    def stylizer(self) -> FastStylizer:
        """Return the stylizer of the painter."""
        return open_stylizer(self._machine)

    def paint(self, wanted: Mapping[str, Any], frame: bytes = b"") -> tuple[dict[str, Any], bytes]:
        """Return width and height of a preview, and its bytes as JPEG.

        Args:
            wanted: a request as `LiveRequest` has it, and `inputs`, paths by asset id.
            frame: the bytes of a JPEG, where the content is ``frame``.

        Raises ImpastoError for what cannot be painted.
        """
        if wanted.get("select"):
            raise SettingError("select works on whole pictures. Give regions with masks instead.")
        inputs = {id: Path(path) for id, path in wanted["inputs"].items()}
        task = Task("live", "stylization", wanted, inputs, Path(), max_pixels=self._max_pixels)
        size = min(wanted.get("size") or USUAL, LONGEST)
        source = (
            _frame(frame, size) if frame else self._open(file_of(task, wanted["content"]), size)
        )
        painter = self._painter(task, source)
        return {"width": source.width, "height": source.height}, _jpeg(painter)

    def _painter(self, task: Task, source: Source) -> Painter:
        machine = self._machine
        settings = settings_from(
            task, StylizeSettings, device=machine.device, threads=machine.threads
        )
        stylizer = stylizer_of(task, settings)
        regions = [
            Region(
                self._mask(file_of(task, one["mask"]), source, settings.feather),
                meant(task, stylizer, words_of(one["style"])) if one.get("style") else None,
                one.get("weight", 1.0),
            )
            for one in task.request.get("regions", ())
        ]
        style = meant(task, stylizer, words_of(task.request.get("style") or ()))
        return method_of(self._preview(stylizer), settings).prepare(source, style, regions)


def _small(path: Path, size: int, max_pixels: int) -> Source:
    return _reduced(open_picture(path, max_pixels=max_pixels), size)


def _frame(jpeg: bytes, size: int) -> Source:
    """Open a camera's picture: a JPEG, and a small one."""
    if kind_of(jpeg[:HEAD]) != "JPEG":
        raise NotAPicture("A frame must be a JPEG file.")
    return _reduced(open_picture(jpeg, max_pixels=FRAME * FRAME), size)


def _reduced(source: Source, size: int) -> Source:
    """Return a copy in memory, reduced but never enlarged."""
    small = scaled(source, min(size, max(source.height, source.width)))
    window = whole(small.height, small.width)
    return ArraySource("picture", small.read(window), small.alpha(window))


def small_jpeg(source: Source, size: int) -> bytes:
    """Return a reduced copy of a picture as JPEG."""
    return _jpeg(Photo(_reduced(source, size)))


def _mask(path: Path, source: Source, feather: float) -> Mask:
    """Return a mask at the size of a preview, so that it is not reduced again for each."""
    mask = mask_from_picture(path, source).feathered(feather)
    return Mask(mask.read(whole(source.height, source.width), source.height, source.width))


def _jpeg(painter: Painter) -> bytes:
    file, source = io.BytesIO(), painter.source
    sink = create_picture(
        file,
        source.height,
        source.width,
        alpha=source.has_alpha,
        quality=QUALITY,
        chroma="4:2:0",
        format="jpg",
    )
    sink.write(painted_strips(painter, 8))
    return file.getvalue()
