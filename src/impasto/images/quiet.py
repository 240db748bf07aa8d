"""Keep Pillow's warnings and its own pixel limit in hand while it decodes."""

import threading
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from PIL import Image

_lock = threading.Lock()
_limits: list[int] = []  # one for each picture being decoded now
_restore = ExitStack()


@contextmanager
def quiet_pillow(max_pixels: int) -> Iterator[None]:
    """Silence Pillow's warnings and set its limit, which also guards tiles inside a file.

    Both are global to the process, so threads that decode at once share one setting, the
    largest limit; the first one in sets it and the last one out puts everything back.
    """
    with _lock:
        if not _limits:
            _restore.enter_context(warnings.catch_warnings())
            _restore.callback(setattr, Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)
            warnings.simplefilter("ignore")
        _limits.append(max_pixels)
        Image.MAX_IMAGE_PIXELS = max(_limits)
    try:
        yield
    finally:
        with _lock:
            _limits.remove(max_pixels)
            if _limits:
                Image.MAX_IMAGE_PIXELS = max(_limits)
            else:
                _restore.close()
