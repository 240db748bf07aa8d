"""A worker process: ``python -m impasto.serving.workers.main ROLE``, driven by its first streams.

Messages come by standard input and go by standard output. What anybody prints goes to standard
error. The process ends with its input, also in the middle of work: then the server is gone.
"""

import contextlib
import importlib
import logging
import os
import queue
import sys
import threading
import uuid
from collections.abc import Mapping
from typing import Any, BinaryIO

from impasto.errors import ImpastoError, Interrupted
from impasto.serving.problems import problem_of
from impasto.serving.workers.channel import Message, read, write
from impasto.serving.workers.limits import Limits, limit_processor
from impasto.serving.workers.roles import ROLES, Call, Handler, Wish

OUT_OF_MEMORY = 12  # exit code; such a process is not used again
log = logging.getLogger("impasto.serving.worker")


class Worker:
    """Does the calls of one server, one after another; a thread hears wishes meanwhile."""

    def __init__(self, source: BinaryIO, sink: BinaryIO) -> None:
        self._source, self._sink = source, sink
        self._calls: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._writing = threading.Lock()
        self._wish: Wish = ""

    def serve(self, role: str) -> None:
        """Open the role that the first message sets up, then answer until the input ends."""
        first = read(self._source)
        if first is None:
            return
        Limits.from_json(first.payload["limits"]).apply()
        module = importlib.import_module(ROLES.get(role, role))
        handlers: Mapping[str, Handler] = module.open_role(first.payload["settings"])
        threading.Thread(target=self._listen, daemon=True).start()
        self._send(Message("ready"))
        while True:
            self._send(self._answer(handlers, self._calls.get()))

    def _listen(self) -> None:
        while (message := read(self._source)) is not None:
            if message.kind == "stop":
                self._wish = message.payload["wish"]
            else:
                self._wish = ""
                self._calls.put(message)
        os._exit(0)  # the server is gone: nobody wants what is being done

    def _answer(self, handlers: Mapping[str, Handler], message: Message) -> Message:
        wanted = message.payload
        if wanted["limit_s"]:
            limit_processor(wanted["limit_s"])
        call = Call(wanted["payload"], message.blob, self._tell, lambda: self._wish)
        try:
            payload, blob = handlers[message.kind](call)
            return Message("done", payload, blob)
        except Interrupted:
            return Message("canceled")
        except ImpastoError as error:
            return Message("refused", problem_of(error).to_json())
        except MemoryError:
            with contextlib.suppress(MemoryError):
                self._send(Message("memory"))
            os._exit(OUT_OF_MEMORY)
        except Exception as error:
            id = uuid.uuid4().hex
            log.exception("error %s", id)
            return Message("refused", problem_of(error).to_json(f"urn:uuid:{id}"))

    def _tell(self, event: Mapping[str, Any]) -> None:
        self._send(Message("event", event))

    def _send(self, message: Message) -> None:
        try:
            with self._writing:
                write(self._sink, message)
        except BrokenPipeError:
            os._exit(0)


def main(arguments: list[str]) -> None:
    """Serve in this process as the role that is named."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)  # what a library prints must not be taken for a message
    Worker(source, sink).serve(arguments[0])


if __name__ == "__main__":
    main(sys.argv[1:])
