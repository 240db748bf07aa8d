"""Quotas of tokens: jobs at once and jobs a day, and the headers that tell of them."""

import time

from impasto.serving.guards.tokens import Grant
from impasto.serving.jobs.store import JobStore
from impasto.serving.problems import Problem

DAY, HOUR = 86_400, 3600


def check_quota(jobs: JobStore, grant: Grant, coming: int) -> dict[str, str]:
    """Return the headers that tell what is left; raise Problem where too little is.

    Args:
        coming: jobs that are asked for.
    """
    if grant.queue:
        waiting = jobs.count(grant.name, ("starting", "processing"))
        if waiting + coming > grant.queue:
            raise _used(f"This token may have {grant.queue} jobs at once.", "queue", grant.queue, 5)
    if not grant.a_day:
        return {}
    left = grant.a_day - jobs.count_since(grant.name, time.time() - DAY + HOUR)
    wait = HOUR - int(time.time()) % HOUR  # jobs are counted by whole hours
    if coming > left:
        raise _used(f"This token may have {grant.a_day} jobs a day.", "day", grant.a_day, wait)
    return _headers("day", grant.a_day, left - coming, wait)


def _used(words: str, name: str, quota: int, wait: int) -> Problem:
    headers = {"Retry-After": str(wait), **_headers(name, quota, 0, wait)}
    return Problem("quota-used", words, headers=headers)


def _headers(name: str, quota: int, left: int, wait: int) -> dict[str, str]:
    window = f";w={DAY}" if name == "day" else ""
    return {
        "RateLimit-Policy": f'"{name}";q={quota}{window}',
        "RateLimit": f'"{name}";r={max(left, 0)};t={wait}',
    }
