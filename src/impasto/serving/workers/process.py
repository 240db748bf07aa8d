"""A worker process as the server has it: asked, watched, and killed when it must be."""

import asyncio
import contextlib
import os
import re
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable, Mapping
from typing import Any

from impasto.serving.workers.base import Canceled, OutOfMemory, OutOfTime, Refused, WorkerLost
from impasto.serving.workers.channel import MOST_HEAD, BrokenChannel, Message, receive, send
from impasto.serving.workers.limits import MB, Limits, memory_of

START_S = 120.0  # until a worker must be ready: the first one on a machine compiles the network
LOOK_S = 0.2  # between looks at its memory
# What the server knows and a worker need not.
SECRET = re.compile(r"TOKEN|SECRET|PASSWORD|CREDENTIAL|^AWS_|^DATABASE", re.IGNORECASE)

OnEvent = Callable[[Mapping[str, Any]], None]


class Process:
    """One worker process. Made by `start`; it does one call at a time, others wait their turn."""

    def __init__(self, process: asyncio.subprocess.Process, limits: Limits) -> None:
        assert process.stdin and process.stdout
        self._process, self._limits = process, limits
        self._to, self._from = process.stdin, process.stdout
        self._turn = asyncio.Lock()
        self._ended = self._too_large = False

    @classmethod
    async def start(cls, role: str, limits: Limits, settings: Mapping[str, Any]) -> "Process":
        """Start a worker and wait until it is ready.

        Args:
            role: one of `roles.ROLES`.
            settings: plain values that the role is opened with.

        Raises WorkerLost where it cannot be started, OutOfTime where it does not get ready.
        """
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "impasto.serving.workers.main", role),
            stdin=PIPE,
            stdout=PIPE,
            limit=MOST_HEAD,
            env={key: value for key, value in os.environ.items() if not SECRET.search(key)},
        )
        worker = cls(process, limits)
        first = Message("start", {"limits": limits.to_json(), "settings": dict(settings)})
        try:
            await worker._done(first, lambda event: None, START_S)
        except BaseException:
            await worker.stop()
            raise
        return worker

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return not self._ended and self._process.returncode is None

    @property
    def memory(self) -> int | None:
        """Bytes of memory that it uses now; None where nobody tells."""
        return memory_of(self.pid) if self._process.returncode is None else 0

    async def call(
        self,
        name: str,
        payload: Mapping[str, Any],
        blob: bytes = b"",
        *,
        on_event: OnEvent = lambda event: None,
        limit_s: float | None = None,
    ) -> tuple[Mapping[str, Any], bytes]:
        """Ask for something and return the answer: plain values, and bytes.

        A call that is canceled, as a task of asyncio, ends the process.

        Raises:
            Refused: with a problem to show.
            Canceled: by `stop_call`.
            OutOfTime, OutOfMemory, WorkerLost: the process has ended, and cannot be asked again.
        """
        async with self._turn:
            if not self.alive:
                raise WorkerLost
            wanted = {"payload": dict(payload), "limit_s": limit_s}
            return await self._done(Message(name, wanted, blob), on_event, limit_s)

    async def stop_call(self, *, finish: bool = False) -> None:
        """Ask the running call to end: with what it has (finish), or dropping everything."""
        await send(self._to, Message("stop", {"wish": "finish" if finish else "cancel"}))

    def kill(self) -> None:
        """End the process now; the call that runs raises WorkerLost."""
        self._ended = True
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def stop(self) -> None:
        """End the process now and wait until it is gone."""
        self.kill()
        self._to.close()
        await self._process.wait()
        with contextlib.suppress(ConnectionError):
            await self._to.wait_closed()

    async def _done(
        self, message: Message, on_event: OnEvent, limit_s: float | None
    ) -> tuple[Mapping[str, Any], bytes]:
        watch = asyncio.create_task(self._watch())
        try:
            async with asyncio.timeout(limit_s):
                await send(self._to, message)
                return await self._answer(on_event)
        except (Refused, Canceled):
            raise
        except BaseException as error:
            self.kill()
            if isinstance(error, TimeoutError):
                raise OutOfTime from error
            raise
        finally:
            watch.cancel()

    async def _answer(self, on_event: OnEvent) -> tuple[Mapping[str, Any], bytes]:
        while True:
            try:
                message = await receive(self._from)
            except BrokenChannel as error:
                raise WorkerLost from error
            match message:
                case None:
                    raise OutOfMemory if self._too_large else WorkerLost
                case Message("event", event):
                    on_event(event)
                case Message("done" | "ready", payload, blob):
                    return payload, blob
                case Message("refused", problem):
                    raise Refused(problem)
                case Message("canceled"):
                    raise Canceled
                case _:
                    raise OutOfMemory

    async def _watch(self) -> None:
        while self._limits.memory:
            await asyncio.sleep(LOOK_S)
            if (self.memory or 0) > self._limits.memory * MB:
                self._too_large = True
                self.kill()
