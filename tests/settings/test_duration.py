"""Times as people type them."""

import pytest

from impasto.errors import SettingError
from impasto.settings.duration import seconds_of


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("10m", 600), ("1.5h", 5400), ("45", 45), (" .5m ", 30), ("2 m", 120)],
)
def test_times_are_read(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "0", "0s", "-3m", "ten", "1d", "1h30m", "s", "1e3"])
def test_other_times_are_refused_by_the_name_of_the_option(text: str) -> None:
    with pytest.raises(SettingError, match=r"--budget must be a time as 90s, 10m or 1\.5h"):
        seconds_of(text, "--budget")
