"""Times as people type them."""

import re

from impasto.errors import SettingError

_SECONDS = {"s": 1, "m": 60, "h": 3600}


def seconds_of(text: str, flag: str = "--time") -> float:
    """Return the seconds of a time as typed; raise SettingError for anything else.

    >>> seconds_of("90s"), seconds_of("10m"), seconds_of("1.5h"), seconds_of("45")
    (90.0, 600.0, 5400.0, 45.0)
    """
    found = re.fullmatch(r"(\d+\.?\d*|\.\d+)\s*([smh]?)", text.strip())
    if found is None or float(found[1]) == 0:
        raise SettingError(f'{flag} must be a time as 90s, 10m or 1.5h, got "{text}".')
    return float(found[1]) * _SECONDS[found[2] or "s"]
