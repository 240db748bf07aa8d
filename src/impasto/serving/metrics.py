"""Figures of a running server, for Prometheus."""

from collections.abc import Iterator, Mapping
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from impasto.serving.assets import Assets
from impasto.serving.jobs.job import ENDED, Job
from impasto.serving.jobs.store import JobStore
from impasto.serving.workers.base import Executor

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4
SHORT_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120)
LONG_S = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200, 28800)
SIZES = {"small": 600_000, "medium": 4_000_000, "large": 16_000_000}  # pixels, at most
disable_created_metrics()  # type: ignore[no-untyped-call]  # twice the lines, and nobody asks


class Metrics:
    """What is counted, and what is looked at when somebody asks."""

    def __init__(self, jobs: JobStore, assets: Assets, executor: Executor) -> None:
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "impasto_requests", "Requests that were answered.", ["route", "status"],
            registry=registry,
        )  # fmt: skip
        self._answering = Histogram(
            "impasto_request_seconds", "From a request to the end of its answer.", ["route"],
            buckets=SHORT_S, registry=registry,
        )  # fmt: skip
        self._ended = Counter(
            "impasto_jobs_ended", "Jobs that ended.", ["kind", "state"], registry=registry
        )
        self._waited = Histogram(
            "impasto_job_wait_seconds", "From asking for a job to its start.", ["kind", "lane"],
            buckets=SHORT_S, registry=registry,
        )  # fmt: skip
        self._ran = Histogram(
            "impasto_job_run_seconds", "From the start of a job to its end.", ["kind", "size"],
            buckets=LONG_S, registry=registry,
        )  # fmt: skip
        self._pixels = Counter("impasto_pixels", "Pixels of results.", ["kind"], registry=registry)
        registry.register(Looks(jobs, assets, executor))
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)

    def job_changed(self, job: Job) -> None:
        """Count a job that began or ended; called after each change of its state."""
        if job.state == "processing" and job.attempts == 1 and job.started is not None:
            self._waited.labels(job.kind, job.lane).observe(max(0.0, job.started - job.created))
        if job.state not in ENDED:
            return
        self._ended.labels(job.kind, job.state).inc()
        if job.state == "succeeded" and job.started is not None and job.ended is not None:
            pixels = pixels_of(job)
            self._pixels.labels(job.kind).inc(pixels)
            self._ran.labels(job.kind, size_of(pixels)).observe(job.ended - job.started)

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Count an answer.

        Args:
            route: its pattern, such as ``/v1/jobs/{id}``; never what a client wrote.
        """
        self._requests.labels(route, str(status)).inc()
        self._answering.labels(route).observe(seconds)

    def page(self) -> bytes:
        """Return all figures in the text format of Prometheus."""
        return generate_latest(self._registry)


class Looks(Collector):
    """Figures that are looked up when they are asked for."""

    def __init__(self, jobs: JobStore, assets: Assets, executor: Executor) -> None:
        self._jobs, self._assets, self._executor = jobs, assets, executor

    def collect(self) -> Iterator[Metric]:
        """Give the figures as they are now."""
        counts = self._jobs.counts().items()
        yield _gauge("impasto_jobs", "Jobs that are kept.", ["lane", "state"], dict(counts))
        waiting = {(lane,): number for lane, number in self._jobs.waiting().items()}
        yield _gauge("impasto_queue_depth", "Jobs that wait for a worker.", ["lane"], waiting)
        free = {(lane,): self._executor.free(lane) for lane in ("short", "long")}
        yield _gauge("impasto_workers_free", "Tasks that can begin now.", ["lane"], free)
        yield from self._uploads()
        yield from self._processes()

    def _uploads(self) -> Iterator[Metric]:
        yield CounterMetricFamily(
            "impasto_uploads", "Uploads that were taken.", self._assets.received
        )
        refused = CounterMetricFamily(
            "impasto_uploads_refused", "Uploads that were refused.", labels=["reason"]
        )
        for reason, number in self._assets.refused.items():
            refused.add_metric([reason], number)
        yield refused

    def _processes(self) -> Iterator[Metric]:
        """Give what is known of worker processes; other executors have none."""
        executor: Any = self._executor
        if not hasattr(executor, "processes"):
            return
        memory = [process.memory or 0 for process in executor.processes()]
        yield GaugeMetricFamily("impasto_workers", "Worker processes that live.", len(memory))
        yield GaugeMetricFamily(
            "impasto_workers_memory_bytes", "Memory of all worker processes.", sum(memory)
        )
        yield GaugeMetricFamily(
            "impasto_worker_memory_bytes_max", "Memory of the largest one.", max(memory, default=0)
        )
        yield CounterMetricFamily(
            "impasto_workers_lost", "Worker processes that ended unasked.", executor.lost
        )


def pixels_of(job: Job) -> int:
    """Return the pixels of all pictures that a job made."""
    return sum((output.width or 0) * (output.height or 0) for output in job.outputs)


def size_of(pixels: int) -> str:
    """Return the class of size that a number of pixels belongs to.

    >>> size_of(512 * 512), size_of(50_000_000)
    ('small', 'huge')
    """
    return next((name for name, most in SIZES.items() if pixels <= most), "huge")


def _gauge(
    name: str, words: str, labels: list[str], values: Mapping[Any, int]
) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(name, words, labels=labels)
    for key, value in values.items():
        gauge.add_metric(key, value)
    return gauge
