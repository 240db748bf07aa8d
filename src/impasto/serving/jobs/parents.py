"""A batch is a job without work of its own: it ends when all its children did."""

from collections.abc import Mapping
from typing import Any

from impasto.serving.jobs.events import Log
from impasto.serving.jobs.job import State
from impasto.serving.jobs.rows import as_json

END = """
UPDATE jobs SET state = ?, ended = ?, expires = ?, facts = ?, problem = ?
WHERE id = ? AND ended IS NULL
"""


def child_began(log: Log, parent: str, now: float) -> None:
    """Let the parent be processing, from the first child on."""
    query = "UPDATE jobs SET state = 'processing', started = ? WHERE id = ? AND state = 'starting'"
    if log.connection.execute(query, (now, parent)).rowcount:
        log.add(parent, "state", {"state": "processing"})


def child_ended(
    log: Log, parent: str, now: float, expires: float, failed: Mapping[str, Any]
) -> None:
    """Tell how many children are done, as one ended or was deleted; end the parent with the last.

    It succeeds if any child did, fails with the problem `failed` if none did and any failed.
    """
    query = "SELECT state, count(*) FROM jobs WHERE parent = ? GROUP BY state"
    states: dict[State, int] = dict(log.connection.execute(query, (parent,)).fetchall())
    ended = {state: states.get(state, 0) for state in ("succeeded", "failed", "canceled")}
    done, total = sum(ended.values()), sum(states.values())
    query = "SELECT coalesce(started, created) FROM jobs WHERE id = ? AND ended IS NULL"
    if not (row := log.connection.execute(query, (parent,)).fetchone()):
        return
    eta = (now - row[0]) / done * (total - done) if done else 0.0
    progress = {"kind": "picture", "step": done, "total": total, "eta_s": eta, "values": ended}
    log.connection.execute("UPDATE jobs SET progress = ? WHERE id = ?", (as_json(progress), parent))
    log.add(parent, "progress", progress)
    if done < total:
        return
    state = next((name for name in ("succeeded", "failed") if ended[name]), "canceled")
    problem = failed if state == "failed" else None
    log.connection.execute(END, (state, now, expires, as_json(ended), as_json(problem), parent))
    log.add(parent, "state", {"state": state, "facts": ended, "problem": problem})
