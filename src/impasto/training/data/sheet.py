"""A contact sheet of a data set: first what is wrong with it, then pictures from all over it."""

import io
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from impasto.errors import OutputError
from impasto.images.resize import FloatPicture
from impasto.images.sheet import contact_sheet
from impasto.images.source import open_picture
from impasto.training.data.check import Checked
from impasto.weights.files import write_atomically

BAD, SHOWN = 24, 48  # how many with problems at most, and how many in all
SIDE = 160
LONGEST = 22  # letters of a caption


def write_sheet(checked: Checked, path: Path) -> None:
    """Write the sheet, a JPEG file; OutputError where it cannot be written."""
    check_sheet(path)
    file = io.BytesIO()
    page = contact_sheet(list(_cells(checked)), columns=8, side=SIDE)
    Image.fromarray(page).save(file, "JPEG", quality=88)
    write_atomically(path, file.getvalue())


def check_sheet(path: Path) -> None:
    """Raise OutputError where the name of a sheet is none of a JPEG file."""
    if path.suffix.lower() not in (".jpg", ".jpeg"):
        raise OutputError(f'The sheet "{path}" is no .jpg file. Name it: {path.stem}.jpg')


def _cells(checked: Checked) -> Iterator[tuple[str, FloatPicture]]:
    readable = {picture.file for picture in checked.pictures}
    bad = [problem for problem in checked.problems if problem.file in readable][:BAD]
    for problem in bad:
        name = Path(problem.file).name[len(problem.kind) + 2 - LONGEST :]
        yield f"{problem.kind}: {name}", _small(checked, problem.file)
    good = [picture.file for picture in checked.good()]
    step = max(1, len(good) / (SHOWN - len(bad)))
    for number in range(min(len(good), SHOWN - len(bad))):
        file = good[int(number * step)]
        yield file[-LONGEST:], _small(checked, file)


def _small(checked: Checked, file: str) -> FloatPicture:
    return open_picture(checked.files.places[file]).thumbnail(SIDE)
