"""Folders in which workers leave what they make; a long job finds its own again."""

import hashlib
import os
import shutil
from pathlib import Path

from impasto.serving.jobs.job import Job
from impasto.serving.jobs.queries import Queries

LONG = "long-"
EVERY = 1_000_000  # jobs


class Folders:
    """Folders of workers. Those of short jobs are used again, as making and removing takes time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._free: list[Path] = []
        self._made = 0

    def of(self, job: Job) -> Path:
        """Return a folder for an attempt: an empty one, or what the last one of a long job left."""
        if job.lane == "long":
            path = self.folder / name_of(job)
            path.mkdir(parents=True, exist_ok=True)
            return path
        if self._free:
            return self._free.pop()
        self._made += 1
        path = self.folder / f"{self._made}"
        path.mkdir(parents=True)
        return path

    def give_back(self, path: Path, *, goes_on: bool) -> None:
        """Take a folder back at the end of an attempt; `goes_on` if there will be another."""
        if path.name.startswith(LONG):
            if not goes_on:
                shutil.rmtree(path, ignore_errors=True)
        elif os.listdir(path):  # something went wrong, and may go on
            shutil.rmtree(path, ignore_errors=True)
        else:
            self._free.append(path)

    def clean(self, jobs: Queries) -> None:
        """Remove what an earlier server left, but for long jobs that have not ended."""
        going_on = {name_of(job) for job in jobs.list(state="processing", limit=EVERY)}
        for path in self.folder.iterdir() if self.folder.is_dir() else ():
            if path.name not in going_on:
                shutil.rmtree(path, ignore_errors=True)


def name_of(job: Job) -> str:
    """Return the name of a long job's folder: not its id, which may be a client's word."""
    return LONG + hashlib.sha256(job.id.encode()).hexdigest()[:32]
