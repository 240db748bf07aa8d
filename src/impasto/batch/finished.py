"""What an earlier run left: paintings that are finished, and part files that never will be.

Every painting discloses the hashes of its photo, style, settings and model, and is renamed into
place whole. So the painting itself is the journal, and no second record can disagree with it.
"""

import contextlib
import os
import re
from collections.abc import Iterable
from pathlib import Path

from impasto.batch.tasks import Task
from impasto.methods.fast import FastStylizer
from impasto.methods.fingerprint import fingerprint
from impasto.provenance.disclosure import read_disclosure
from impasto.weights.files import sha256_of

PART = re.compile(r"\.(?P<name>.+)\.(?P<process>\d+)\.part")


def is_finished(task: Task, stylizer: FastStylizer) -> bool:
    """Return whether the output is there, of this photo, style and settings by this very model.

    Costs reading the photo once for its hash; nothing is decoded.
    """
    told = read_disclosure(task.output) if task.output.is_file() else None
    if told is None or not task.picture.is_file():
        return False
    expected = {
        "content_sha256": sha256_of(task.picture),
        "fingerprint": fingerprint(task.style, task.settings),
        "model_sha256": stylizer.model.sha256,
    }
    return bool(expected.items() <= told["settings"].items())


def sweep(outputs: Iterable[Path]) -> None:
    """Delete part files of these outputs whose process is gone, as after a kill."""
    wanted: dict[Path, set[str]] = {}
    for output in outputs:
        wanted.setdefault(output.parent, set()).update((output.name, output.name + ".xmp"))
    for folder, names in wanted.items():
        for path in folder.glob(".*.part"):
            found = PART.fullmatch(path.name)
            if found and found["name"] in names and not _runs(int(found["process"])):
                with contextlib.suppress(OSError):
                    path.unlink()


def _runs(process: int) -> bool:
    if os.name == "nt":
        return False  # there a file that is being written cannot be deleted anyway
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # it runs, and belongs to somebody else
        return True
    return True
