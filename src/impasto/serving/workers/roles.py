"""What a worker process can be: each role is a module that gives what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

# A role's module has `open_role(settings) -> Mapping[str, Handler]`, called once in the process,
# within its limits. A name that is not here is a module itself.
ROLES: Mapping[str, str] = {
    "paint": "impasto.serving.workers.painting",
    "read": "impasto.serving.workers.reader",
    "live": "impasto.serving.live.worker",
}

Wish = Literal["", "cancel", "finish"]
Answer = tuple[Mapping[str, Any], bytes]  # plain values, and bytes


@dataclass(frozen=True)
class Call:
    """What a worker is asked to do."""

    payload: Mapping[str, Any]
    blob: bytes
    tell: Callable[[Mapping[str, Any]], None]  # sends an event to the server
    stopped: Callable[[], Wish]  # what is wished of the running call


# Does one thing. What it raises of Impasto's errors is told as a problem, anything else is not.
Handler = Callable[[Call], Answer]
