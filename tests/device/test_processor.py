"""Processor facts are read from what systems write, and asking never fails."""

import os
import sys
import time
from pathlib import Path

import pytest

from impasto.device import processor
from impasto.device.processor import (
    Processor,
    best_precision,
    container_share,
    parse_cpuinfo,
    this_processor,
    usable_cores,
)

INTEL = "processor\t: 0\nmodel name\t: Xeon\nflags\t\t: fpu avx2 avx512f avx512_bf16 amx_bf16\n"
ARM = "processor\t: 0\nBogoMIPS\t: 50\nFeatures\t: fp asimd asimdhp sve bf16\n"


def test_flags_become_features() -> None:
    features = frozenset({"avx2", "avx512", "avx512_bf16", "amx_bf16"})
    assert parse_cpuinfo(INTEL) == ("Xeon", features)
    assert parse_cpuinfo(ARM) == ("", frozenset({"neon", "fp16", "sve", "bf16"}))
    assert parse_cpuinfo("") == ("", frozenset())


@pytest.mark.parametrize(
    ("features", "precision"),
    [
        ({"avx2"}, "f32"),
        ({"avx2", "avx512"}, "f32"),
        ({"avx512", "avx512_bf16"}, "bf16"),
        ({"amx_bf16"}, "bf16"),
        ({"neon", "bf16"}, "bf16"),
        (set(), "f32"),
    ],
)
def test_bf16_only_where_it_is_native(features: set[str], precision: str) -> None:
    assert best_precision(Processor("p", 2, "x", frozenset(features))) == precision


def test_this_machine_has_facts_quickly() -> None:
    this_processor.cache_clear()
    start = time.process_time()
    found = this_processor()
    assert time.process_time() - start < 0.05
    assert found.name and found.architecture
    assert 1 <= found.cores <= (os.cpu_count() or 1)


@pytest.mark.parametrize("system", ["linux", "darwin", "win32", "plan9"])
def test_no_system_is_an_error(monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(processor, "_first_processor", lambda: 1 / 0)
    this_processor.cache_clear()
    found = this_processor()
    this_processor.cache_clear()
    assert found.name and found.cores >= 1


def test_containers_limit_the_cores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "cgroup"
    own.write_text("0::/slice/job\n")
    job = tmp_path / "fs" / "slice" / "job"
    job.mkdir(parents=True)
    assert container_share(tmp_path / "fs", own) == 0
    (job / "cpu.max").write_text("max 100000\n")
    assert container_share(tmp_path / "fs", own) == 0
    (job.parent / "cpu.max").write_text("150000 100000\n")
    assert container_share(tmp_path / "fs", own) == 1.5
    monkeypatch.setattr(processor, "container_share", lambda: 0.5)
    assert usable_cores() == 1


def test_old_control_groups_and_nonsense(tmp_path: Path) -> None:
    absent = tmp_path / "absent"
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu" / "cpu.cfs_period_us").write_text("100000")
    (tmp_path / "cpu" / "cpu.cfs_quota_us").write_text("-1")
    assert container_share(tmp_path, absent) == 0
    (tmp_path / "cpu" / "cpu.cfs_quota_us").write_text("250000")
    assert container_share(tmp_path, absent) == 2.5
    (tmp_path / "cpu.max").write_text("nonsense")
    assert container_share(tmp_path, absent) == 2.5
