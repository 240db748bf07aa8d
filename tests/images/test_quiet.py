"""Pillow's warnings and limit are held while a picture is decoded, then put back."""

import logging
import os
import threading
import warnings

import pytest
from PIL import Image

from impasto.images.quiet import quiet_libtiff, quiet_pillow


def test_warnings_are_silent_inside_and_back_after() -> None:
    with quiet_pillow(100):
        warnings.warn("not heard", stacklevel=1)
    with pytest.raises(UserWarning):
        warnings.warn("heard", stacklevel=1)


def test_the_limit_is_the_largest_of_those_at_work_and_is_put_back() -> None:
    before = Image.MAX_IMAGE_PIXELS
    with quiet_pillow(100):
        with quiet_pillow(300):
            assert Image.MAX_IMAGE_PIXELS == 300
        assert Image.MAX_IMAGE_PIXELS == 100
    assert before == Image.MAX_IMAGE_PIXELS


def test_an_error_inside_puts_everything_back() -> None:
    before = Image.MAX_IMAGE_PIXELS
    with pytest.raises(KeyError), quiet_pillow(100):
        raise KeyError
    assert before == Image.MAX_IMAGE_PIXELS


def test_threads_share_one_setting_and_the_last_puts_it_back() -> None:
    before, filters = Image.MAX_IMAGE_PIXELS, list(warnings.filters)
    together = threading.Barrier(4, timeout=10)

    def decode(limit: int) -> None:
        for _ in range(20):
            with quiet_pillow(limit):
                together.wait()

    threads = [threading.Thread(target=decode, args=(100 + i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert before == Image.MAX_IMAGE_PIXELS
    assert filters == list(warnings.filters)


def test_what_pillow_logs_is_not_printed(capfd: pytest.CaptureFixture[str]) -> None:
    with quiet_pillow(100):
        logging.getLogger("PIL.TiffImagePlugin").error("not heard")
    assert capfd.readouterr().err == ""


def test_standard_error_is_silent_and_back_after(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyError), quiet_libtiff():
        os.write(2, b"not heard")
        raise KeyError
    os.write(2, b"heard")
    assert capfd.readouterr().err == "heard"
