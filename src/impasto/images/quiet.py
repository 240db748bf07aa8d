"""Keep the decoders' warnings, messages and Pillow's own pixel limit in hand."""

import logging
import os
import threading
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from PIL import Image

_lock = threading.Lock()
_limits: list[int] = []  # one for each picture being decoded now
_restore = ExitStack()
_logs = [logging.getLogger(name) for name in ("PIL", "tifffile", "pyvips")]
_tiff_lock = threading.Lock()


@contextmanager
def quiet_pillow(max_pixels: int) -> Iterator[None]:
    """Silence decoders and set Pillow's limit, which also guards tiles inside a file.

    Both are global to the process, so threads that decode at once share one setting, the
    largest limit; the first one in sets it and the last one out puts everything back.
    """
    with _lock:
        if not _limits:
            _restore.enter_context(warnings.catch_warnings())
            _restore.callback(setattr, Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)
            warnings.simplefilter("ignore")
            silent = logging.NullHandler()  # else Python prints what nobody handles
            for log in _logs:
                log.addHandler(silent)
                _restore.callback(log.removeHandler, silent)
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


@contextmanager
def quiet_libtiff() -> Iterator[None]:
    """Send the process's standard error to nowhere while libtiff decodes.

    Libtiff prints its complaints there by itself and Pillow does not stop it. One TIFF is
    decoded at a time; what other threads print meanwhile is lost, so hold this briefly.
    """
    with _tiff_lock, ExitStack() as restore:
        try:
            kept = os.dup(2)
        except OSError:  # there is no standard error: nothing to silence
            yield
            return
        restore.callback(os.close, kept)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        restore.callback(os.close, nowhere)
        os.dup2(nowhere, 2)
        restore.callback(os.dup2, kept, 2)
        yield
