"""The settings of the server: the flags of ``impasto serve`` and the variables ``IMPASTO_...``."""

from dataclasses import dataclass
from pathlib import Path

from impasto.settings.fields import check, setting


@dataclass(frozen=True)
class ServerSettings:
    """How the server listens, what it takes, and what it may use."""

    host: str = setting(
        "127.0.0.1", "Address to listen on; another than this machine's own needs a token."
    )
    port: int = setting(
        8000, "Port to listen on; 0 takes any that is free.", minimum=0, maximum=65535
    )
    folder: Path | None = setting(
        None, "Where jobs and pictures lie; without it a folder of the user's."
    )
    storage: str | None = setting(
        None, "Where pictures lie, as s3://bucket/prefix; without it in the server's folder."
    )
    workers: int = setting(0, "Processes that paint; 0 takes what is best.", minimum=0, maximum=256)
    long_workers: int = setting(
        1, "Processes for optimisations, trainings and very large pictures.", minimum=0, maximum=64
    )
    threads: int = setting(
        0, "Processor threads of each process; 0 takes what is best.", minimum=0, maximum=1024
    )
    device: str = setting("auto", "Where painting runs: auto, cpu, or a device that doctor lists.")
    memory: int = setting(
        6144,
        "Memory that one process may use before it is ended; 0 is no limit.",
        minimum=0,
        unit="MB",
    )
    max_body: int = setting(32, "Largest upload.", minimum=1, maximum=65536, unit="MB")
    max_pixels: int = setting(50_000_000, "Refuse larger pictures.", minimum=64, unit="pixels")
    max_output: int = setting(268_435_456, "Refuse larger results.", minimum=64, unit="pixels")
    queue: int = setting(1000, "Jobs that may wait; more are answered with 429.", minimum=1)
    time_limit: float = setting(300, "Longest time of a painting.", minimum=1, unit="seconds")
    long_limit: float = setting(
        86_400, "Longest time of an optimisation or training.", minimum=1, unit="seconds"
    )
    keep: float = setting(
        24, "How long finished jobs and uploads are kept.", minimum=0.001, unit="hours"
    )
    hosts: tuple[str, ...] = setting((), "Names that this server goes by, beside its address.")
    origins: tuple[str, ...] = setting(
        (), "Other web pages that may use the API, as https://example.org."
    )
    fetch: bool = setting(False, "Take pictures by https address too, and send webhooks.")
    data: Path | None = setting(
        None,
        "Photos that trainings learn on where a client gives none: a folder, or what impasto "
        "dataset prepare wrote.",
    )
    report: Path | None = setting(None, "A report of impasto evaluate, judged by people at /rate.")

    def __post_init__(self) -> None:
        check(self)
