"""Why a job is not taken."""


class QueueFull(Exception):
    """As many jobs wait as may; there should be room after `retry_after_s` seconds."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"The queue is full. Try again in {retry_after_s} seconds.")
        self.retry_after_s = retry_after_s


class KeyReused(Exception):
    """The idempotency key came before with another request."""


class IdTaken(Exception):
    """Another job has this id."""
