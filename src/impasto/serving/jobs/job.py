"""A job: what was asked for, how far it is, what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

State = Literal["starting", "processing", "succeeded", "failed", "canceled"]
Lane = Literal["short", "long"]
ENDED: frozenset[State] = frozenset({"succeeded", "failed", "canceled"})

# What is waited for goes first; a batch fills what is left.
INTERACTIVE, NORMAL, BATCH = 0, 10, 20


@dataclass(frozen=True)
class Output:
    """One file that a job made; its bytes are the asset of this id."""

    name: str  # "painting.jpg"
    asset: str  # sha256, hex
    media_type: str
    size: int  # bytes
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True)
class Job:
    """One job as it is in the table; times are seconds since 1970."""

    id: str
    kind: str  # "stylization", "optimization", "training", "batch", "sheet"
    request: Mapping[str, Any]  # plain JSON, with asset ids for files
    owner: str = ""  # name of the token that asked
    lane: Lane = "short"
    priority: int = NORMAL  # lower goes first
    state: State = "starting"
    parent: str | None = None  # the batch that it belongs to
    created: float = 0.0
    started: float | None = None
    ended: float | None = None
    expires: float | None = None
    attempts: int = 0
    progress: Mapping[str, Any] | None = None  # the last `Progress`, without its preview's path
    outputs: tuple[Output, ...] = field(default=())
    facts: Mapping[str, Any] | None = None  # what was measured: {"seconds": 0.21, ...}
    problem: Mapping[str, Any] | None = None  # RFC 9457, where it failed
    stop: Literal["", "cancel", "finish"] = (
        ""  # what the user wished: drop it, or keep what is there
    )
    webhook: Mapping[str, Any] | None = None  # {"url": ..., "events": [...]}
