"""Run folders of `impasto optimize`: which one is meant, and whether it may be used."""

import shutil
from pathlib import Path

from impasto.errors import OutputExists, SettingError, UsageError
from impasto.settings.optimize import OptimizeSettings
from impasto.settings.schema import from_toml
from impasto.weights.runs import RunFolder


def run_beside(output: Path) -> Path:
    """Return the run folder of a picture that is being painted.

    >>> run_beside(Path("shots/out.png")).name
    'out.png.run'
    """
    return output.with_name(output.name + ".run")


def find_run(place: Path) -> Path:
    """Return the run folder that is meant by its own name or by its picture's."""
    beside = run_beside(place.absolute() if place.name == "" else place)  # "." has no name
    for folder in (place, beside):
        if RunFolder(folder).settings.is_file():
            return folder
    if place.is_file():
        raise UsageError(f'"{place}" is finished, or another picture: there is no run "{beside}".')
    raise UsageError(
        f'There is no run "{place}" and no "{beside}". '
        "Name the picture that impasto optimize is painting, or its run folder."
    )


def settings_of_run(run: Path) -> OptimizeSettings:
    """Return the settings that a run was begun with; raise UsageError where it tells none."""
    folder = RunFolder(run)
    try:
        return from_toml(OptimizeSettings, folder.settings.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, SettingError) as error:
        anew = ", or begin anew: --overwrite" if _is_optimization(folder) else ""
        raise UsageError(
            f'"{run}" holds no run of impasto optimize, or one of another version '
            f"({getattr(error, 'strerror', None) or error}). Name another folder{anew}"
        ) from error


def check_run(run: Path, *, resume: bool, overwrite: bool) -> None:
    """Raise an error where a run folder must not be used: an unfinished run, a user's own files."""
    if not run.exists() or (run.is_dir() and not any(run.iterdir())):
        return
    if not RunFolder(run).settings.is_file():
        raise UsageError(f'"{run}" is there already, and no run. Name another place: --run FOLDER')
    if not (overwrite and _is_optimization(RunFolder(run))):
        settings_of_run(run)
    with RunFolder(run).held():
        pass  # no other process has it
    if unfinished(run) and not (resume or overwrite):
        raise OutputExists(
            f'"{run}" holds an unfinished run. Continue it: --resume ; or begin anew: --overwrite'
        )


def _is_optimization(folder: RunFolder) -> bool:
    return (folder.state / "last.json").exists()


def unfinished(run: Path) -> bool:
    """Tell whether a run has left something to go on from."""
    return RunFolder(run).state.is_dir()


def finish(run: Path, *, keep: bool) -> None:
    """Clear up after a run: all of it, or what only a continuation would need."""
    folder = RunFolder(run)
    if keep:
        shutil.rmtree(folder.state, ignore_errors=True)
    else:
        folder.remove()
