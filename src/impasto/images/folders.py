"""Every file of a folder, at any depth and in one order."""

import os
from collections import deque
from collections.abc import Collection, Iterator
from pathlib import Path


def files_in(folder: Path, skip: Collection[Path] = ()) -> Iterator[Path]:
    """Give every file at any depth, sorted within each folder; hidden ones are left out.

    Linked folders are followed after all others and each folder is entered once, so loops end.
    The folders of `skip` are not entered, but for `folder` itself.
    """
    seen = {os.path.realpath(one) for one in skip} - {os.path.realpath(folder)}
    waiting = deque([str(folder)])
    while waiting:
        for place, below, names in os.walk(waiting.popleft()):
            real = os.path.realpath(place)
            if real in seen:
                below.clear()
                continue
            seen.add(real)
            below[:] = sorted(name for name in below if not name.startswith("."))
            inside = [os.path.join(place, name) for name in below]
            waiting.extend(path for path in inside if os.path.islink(path))
            yield from (Path(place, name) for name in sorted(names) if not name.startswith("."))
