"""Known weights of encoders: where they come from, what they hash to, where they lie."""

import hashlib
import http.client
import os
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from impasto.device.folders import cache_folder
from impasto.device.progress import OnProgress, Progress
from impasto.errors import ModelError, did_you_mean
from impasto.weights.files import sha256_of, write_atomically

CHUNK = 1 << 20
TIMEOUT_S = 30
TORCHVISION = "https://download.pytorch.org/models/"
CAFFE = "https://web.eecs.umich.edu/~justincj/models/"


@dataclass(frozen=True)
class KnownWeights:
    """A published weights file.

    `sha256` is the whole hash, or the leading digits of it where nothing more was published:
    torchvision's and Johnson's file names carry the first eight.
    """

    address: str
    sha256: str
    megabytes: int  # about

    @property
    def file(self) -> str:
        """The name of the file, the same in the cache as at its address."""
        return urlsplit(self.address).path.rpartition("/")[2]


# Caffe: the weights of Simonyan and Zisserman, as converted by Johnson (pytorch-vgg).
KNOWN = {
    "vgg19": KnownWeights(
        TORCHVISION + "vgg19-dcbb9e9d.pth",
        "dcbb9e9dad569fff7a846263a77324fc34978fea2bfb039c012d710e1776ae44",
        575,
    ),
    "vgg19-caffe": KnownWeights(CAFFE + "vgg19-d01eb7cb.pth", "d01eb7cb", 575),
    "vgg16": KnownWeights(
        TORCHVISION + "vgg16-397923af.pth",
        "397923af8e79cdbb6a7127f12361acd7a2f83e06b05044ddf496e83de57a5bf0",
        553,
    ),
    "vgg16-caffe": KnownWeights(CAFFE + "vgg16-00b39a1b.pth", "00b39a1b", 553),
    "resnet50": KnownWeights(  # IMAGENET1K_V2
        TORCHVISION + "resnet50-11ad3fa6.pth",
        "11ad3fa62ca79e40addfd354a8ec4b7c75143b3038b8d2a807fbc68deab379ca",
        103,
    ),
}


class WeightsFile(NamedTuple):
    """A file that is there, and its SHA-256."""

    path: Path
    sha256: str


def find_weights(
    name: str, given: Path | None = None, on_progress: OnProgress | None = None
) -> WeightsFile:
    """Return the weights called `name`: the given file, else from the cache, else downloaded.

    A given file may hold any weights; only one that bears the name of the known file must be it.
    With ``IMPASTO_OFFLINE=1`` nothing is downloaded.

    Raises:
        ModelError: the name is unknown, the file is missing or another, or cannot be downloaded.
        OutputError: the cache cannot be written.
    """
    known = _known(name)
    path = given or cache_folder() / "weights" / known.file
    if given is None and not path.is_file():
        _download(known, path, on_progress)
    try:
        sha256 = sha256_of(path)
    except OSError as error:
        raise ModelError(
            f"Cannot read the weights file {path}: {error.strerror or error}. Check the path."
        ) from error
    if path.name == known.file and not sha256.startswith(known.sha256):
        raise ModelError(
            f"{path} is not the published file: its SHA-256 is {sha256}, expected {known.sha256}. "
            f"Delete it; {known.address} has the right one."
        )
    return WeightsFile(path, sha256)


def _known(name: str) -> KnownWeights:
    if name not in KNOWN:
        raise ModelError(
            f'There are no known weights "{name}".{did_you_mean(name, KNOWN)} '
            f"Known: {', '.join(KNOWN)}."
        )
    return KNOWN[name]


def _download(known: KnownWeights, place: Path, on_progress: OnProgress | None) -> None:
    if os.environ.get("IMPASTO_OFFLINE", "0") not in ("", "0"):
        raise _unreachable(known, place, "IMPASTO_OFFLINE is set")
    write_atomically(place, _checked(known, place, on_progress))


def _checked(known: KnownWeights, place: Path, on_progress: OnProgress | None) -> Iterator[bytes]:
    """Give the file's bytes and raise ModelError at the end where their hash is another."""
    digest, done, begun = hashlib.sha256(), 0, time.monotonic()
    for chunk, total in _received(known, place):
        digest.update(chunk)
        done += len(chunk)
        if on_progress is not None:
            eta_s = (time.monotonic() - begun) * max(total - done, 0) / done
            on_progress(Progress("download", done, max(total, done), eta_s))
        yield chunk
    found = digest.hexdigest()
    if not found.startswith(known.sha256):
        raise ModelError(
            f"What came from {known.address} is not the published file ({done} bytes): its SHA-256 "
            f"is {found}, expected {known.sha256}. It was deleted. Try again; if that does not "
            f"help, put the right file at {place}."
        )


def _received(known: KnownWeights, place: Path) -> Iterator[tuple[bytes, int]]:
    """Give chunk by chunk what comes from the address, each with the size of the whole."""
    try:
        with urllib.request.urlopen(known.address, timeout=TIMEOUT_S) as answer:
            total = int(answer.headers["Content-Length"] or known.megabytes * 1_000_000)
            while chunk := answer.read(CHUNK):
                yield chunk, total
    except (OSError, http.client.HTTPException) as error:  # OSError: also urllib's own
        if isinstance(error, urllib.error.HTTPError):
            error.close()  # it holds the connection
        raise _unreachable(known, place, str(getattr(error, "reason", error))) from error


def _unreachable(known: KnownWeights, place: Path, why: str) -> ModelError:
    return ModelError(
        f"Cannot download the weights {known.file} from {known.address}: {why}. Put the file "
        f"({known.megabytes} MB) at {place} by hand, or use --encoder embedded, which is part of "
        "Impasto and works offline."
    )
