"""Problems: what a client is told when something goes wrong (RFC 9457), and never more."""

import re
from collections.abc import Mapping
from typing import Any

from impasto.errors import ImpastoError, PictureError, UsageError
from impasto.serving.workers.base import Canceled, OutOfMemory, OutOfTime, Refused, WorkerLost

TYPE = "https://impasto.dev/problems/"  # a name that stays; nothing need be there
MEDIA_TYPE = "application/problem+json"

# Matters of HTTP, jobs and workers; each of Impasto's own errors is a problem of its name as well.
KINDS: Mapping[str, tuple[int, str]] = {
    "bad-request": (400, "The request is not understood"),
    "unauthorized": (401, "A token is needed"),
    "foreign-origin": (403, "Only pages of this server may do this"),
    "forbidden": (403, "This is not allowed here"),
    "not-found": (404, "There is nothing here"),
    "unknown-asset": (404, "There is no such asset"),
    "unknown-model": (404, "There is no such model"),
    "method-not-allowed": (405, "This cannot be done here"),
    "not-acceptable": (406, "No such form of answer"),
    "request-timeout": (408, "The request came too slowly"),
    "conflict": (409, "This cannot be done now"),
    "id-taken": (409, "Another job goes by this id"),
    "style-taken": (409, "Another style goes by this name"),
    "body-too-large": (413, "The request is too large"),
    "batch-too-large": (413, "The batch has too many photos"),
    "unsupported-media-type": (415, "The request is in a form that is not read"),
    "invalid-request": (422, "The request holds a value that is not allowed"),
    "key-reused": (422, "The idempotency key belongs to another request"),
    "fetch-failed": (422, "The address cannot be used"),
    "wrong-host": (421, "This server does not go by that name"),
    "headers-too-large": (431, "The request has too many headers"),
    "unlike-results": (422, "These results cannot be judged so"),
    "client-left": (499, "The client left before all of its request was here"),
    "queue-full": (429, "Too many jobs are waiting"),
    "quota-used": (429, "The quota of this token is used up"),
    "internal-error": (500, "Something went wrong here"),
    "worker-lost": (500, "The process that did the work ended"),
    "batch-failed": (500, "Nothing of the batch succeeded"),
    "out-of-time": (504, "The work took longer than it may"),
    "out-of-memory": (507, "The work needed more memory than it may use"),
    "canceled": (409, "The job was canceled"),
    "storage-full": (507, "The server has no room for more"),
    "not-ready": (503, "The server is not ready"),
}
# What failed inside is told by its kind alone: its words are for the terminal.
TITLES: Mapping[str, str] = {
    "UsageError": "The request cannot be done",
    "UnknownStyle": "There is no such style",
    "UnknownModel": "There is no such model",
    "SettingError": "A setting is not allowed",
    "PictureError": "The picture cannot be read",
    "NotAPicture": "The file is in no format that is read here",
    "TruncatedPicture": "The file ends before the picture does",
    "PictureTooLarge": "The picture has more pixels than allowed",
    "OutputError": "The result cannot be written",
    "OutputExists": "The result is there already",
    "ModelError": "The model cannot be used",
    "EncoderMismatch": "The style was made by another style encoder",
    "EngineError": "The engine cannot do this",
    "MissingExtra": "An optional part is not installed on the server",
    "TrainingError": "The training cannot start or continue",
    "Diverged": "The training lost its way: the loss is no number any more",
    "Interrupted": "The work was stopped",
}
WORKERS: Mapping[type[Exception], str] = {
    OutOfTime: "out-of-time",
    OutOfMemory: "out-of-memory",
    WorkerLost: "worker-lost",
    Canceled: "canceled",
}
FLAG = re.compile(r"(?<![\w-])--([a-z][a-z-]*[a-z])")
COMMAND = re.compile(r"[^.!?:]*:? ?\bimpasto [a-z].*|[^.!?]*\bpip install\b.*")
PLACE = re.compile(r'"?(?<![\w<])(?:/(?!v1/)|[A-Za-z]:\\)[^\s",;]+"?')


class Problem(Exception):
    """A problem that a client is told.

    Args:
        name: one of `KINDS`, or of an error of Impasto, in kebab-case.
        detail: what came, what is allowed, what to do next.
        headers: what the response has beside the problem, as ``Retry-After``.
        more: other members of the problem.
    """

    def __init__(
        self,
        name: str,
        detail: str = "",
        *,
        status: int = 0,
        title: str = "",
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        known = KINDS.get(name, (500, ""))
        self.name, self.detail, self.more = name, detail, more
        self.status, self.title = status or known[0], title or known[1]
        self.headers = dict(headers or {})
        super().__init__(detail or self.title)

    def to_json(self, instance: str = "") -> dict[str, Any]:
        """Return the problem as it is sent; `instance` names this one occasion in the log."""
        told = {"type": TYPE + self.name, "title": self.title, "status": self.status}
        told |= {"detail": self.detail} if self.detail else {}
        told |= {"instance": instance} if instance else {}
        return told | self.more


def problem_of(error: BaseException) -> Problem:
    """Return what a client is told of an error: our own words where they are for it, else a kind.

    >>> problem_of(KeyError("a secret")).title
    'Something went wrong here'
    """
    if isinstance(error, Problem):
        return error
    if isinstance(error, Refused):
        told = dict(error.problem)
        name = str(told.pop("type", TYPE + "internal-error")).removeprefix(TYPE)
        known = {key: told.pop(key, None) for key in ("detail", "status", "title", "instance")}
        return Problem(
            name, known["detail"] or "", status=known["status"] or 0, title=known["title"] or ""
        )
    if isinstance(error, ImpastoError):
        return _of_ours(error)
    for kind, name in WORKERS.items():
        if isinstance(error, kind):
            return Problem(name)
    return Problem("internal-error")


def _of_ours(error: ImpastoError) -> Problem:
    kind = type(error).__name__
    # The words of other errors speak of files and programs of the server.
    told = isinstance(error, UsageError | PictureError)
    return Problem(
        re.sub(r"(?<!^)(?=[A-Z])", "-", kind).lower(),
        for_client(str(error)) if told else "",
        status=error.http_status,
        title=TITLES.get(kind, "Something went wrong here"),
    )


def for_client(words: str) -> str:
    """Return the words of an error without flags, commands and paths, which a client has not.

    >>> for_client('--strength must be at most 2, got 3')
    'strength must be at most 2, got 3'
    >>> for_client('There is no style "a-b". See all names with: impasto styles')
    'There is no style "a-b".'
    """
    words = FLAG.sub(lambda found: found[1].replace("-", "_"), words)
    return PLACE.sub("the file", COMMAND.sub("", words)).strip()
