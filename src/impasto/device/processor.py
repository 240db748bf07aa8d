"""Facts about the processor, found in a millisecond without any engine; never an error."""

import contextlib
import math
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

# Features that decide how fast a network runs; what a system calls them, what we call them.
LINUX_FLAGS = {
    "avx2": "avx2",
    "avx512f": "avx512",
    "avx512_bf16": "avx512_bf16",
    "avx512_fp16": "avx512_fp16",
    "amx_bf16": "amx_bf16",
    "amx_int8": "amx_int8",
    "amx_fp16": "amx_fp16",
    "asimd": "neon",
    "bf16": "bf16",
    "asimdhp": "fp16",
    "sve": "sve",
}
MAC_FLAGS = {
    "hw.optional.avx2_0": "avx2",
    "hw.optional.avx512f": "avx512",
    "hw.optional.AdvSIMD": "neon",
    "hw.optional.arm.FEAT_BF16": "bf16",
    "hw.optional.arm.FEAT_FP16": "fp16",
}
WINDOWS_FLAGS = {40: "avx2", 41: "avx512", 19: "neon"}  # arguments of IsProcessorFeaturePresent
NATIVE_BF16 = {"amx_bf16", "avx512_bf16", "bf16"}


@dataclass(frozen=True)
class Processor:
    """A processor: its name, the cores that this process may use, its architecture and features."""

    name: str
    cores: int
    architecture: str
    features: frozenset[str]


@cache
def this_processor() -> Processor:
    """Return the facts about this machine's processor; whatever cannot be found is left out."""
    name, features = "", frozenset[str]()
    read: dict[str, Callable[[], tuple[str, frozenset[str]]]] = {
        "linux": lambda: parse_cpuinfo(_first_processor()),
        "darwin": _mac,
        "win32": _windows,
    }
    with contextlib.suppress(Exception):  # facts are a help, never a condition
        name, features = read[sys.platform]()
    name = name or platform.processor() or platform.machine() or "unknown processor"
    return Processor(name, usable_cores(), platform.machine().lower(), features)


def best_precision(processor: Processor) -> Literal["bf16", "f32"]:
    """Return ``bf16`` where the processor computes in it natively, else ``f32``.

    >>> best_precision(Processor("an old one", 4, "x86_64", frozenset({"avx2"})))
    'f32'
    """
    return "bf16" if processor.features & NATIVE_BF16 else "f32"


def usable_cores() -> int:
    """Return how many cores this process may keep busy: its affinity, or its container's share."""
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    share = container_share()
    return max(1, min(cores, math.ceil(share))) if share else cores


def container_share(
    root: Path = Path("/sys/fs/cgroup"), own: Path = Path("/proc/self/cgroup")
) -> float:
    """Return how many cores the container may use on average, or 0 where there is no limit."""
    shares = []
    try:
        groups = [line.partition("::")[2] for line in own.read_text().splitlines() if "::" in line]
    except OSError:
        groups = []
    for group in groups or [""]:
        folder = root / group.strip("/")
        for level in (folder, *folder.parents):  # every group above may set a tighter limit
            if level.is_relative_to(root):
                shares.append(_quota(level))
    shares.append(_old_quota(root / "cpu"))
    return min((share for share in shares if share > 0), default=0.0)


def parse_cpuinfo(text: str) -> tuple[str, frozenset[str]]:
    """Return name and features from the first block of ``/proc/cpuinfo``.

    >>> parse_cpuinfo("model name : Old One\\nflags : fpu avx2")
    ('Old One', frozenset({'avx2'}))
    """
    facts: dict[str, str] = {}
    for line in text.splitlines():
        key, _, value = line.partition(":")
        facts.setdefault(key.strip().lower(), value.strip())
    words = (facts.get("flags") or facts.get("features") or "").split()
    return facts.get("model name", ""), frozenset(
        LINUX_FLAGS[word] for word in words if word in LINUX_FLAGS
    )


def _first_processor() -> str:
    lines = []
    with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
        for line in file:
            if not line.strip():
                break
            lines.append(line)
    return "".join(lines)


def _quota(level: Path) -> float:
    """Return the share that a version 2 control group grants, ``cpu.max`` being "QUOTA PERIOD"."""
    try:
        quota, period = (level / "cpu.max").read_text().split()
        return 0.0 if quota == "max" else int(quota) / int(period)
    except (OSError, ValueError, ZeroDivisionError):
        return 0.0


def _old_quota(folder: Path) -> float:
    try:
        quota = int((folder / "cpu.cfs_quota_us").read_text())
        return max(0.0, quota / int((folder / "cpu.cfs_period_us").read_text()))
    except (OSError, ValueError, ZeroDivisionError):
        return 0.0


def _mac() -> tuple[str, frozenset[str]]:
    import ctypes

    library = ctypes.CDLL("libSystem.dylib")

    def ask(name: str) -> bytes:
        answer = ctypes.create_string_buffer(256)
        size = ctypes.c_size_t(256)
        failed = library.sysctlbyname(name.encode(), answer, ctypes.byref(size), None, 0)
        return b"" if failed else answer.raw[: size.value]

    found = (ours for theirs, ours in MAC_FLAGS.items() if ask(theirs).strip(b"\0"))
    return ask("machdep.cpu.brand_string").rstrip(b"\0").decode(), frozenset(found)


def _windows() -> tuple[str, frozenset[str]]:
    import ctypes
    import importlib

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009  (absent elsewhere)
    winreg = importlib.import_module("winreg")
    path = r"HARDWARE\DESCRIPTION\System\CentralProcessor\0"
    with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, path) as key:
        name = str(winreg.QueryValueEx(key, "ProcessorNameString")[0]).strip()
    present = kernel.IsProcessorFeaturePresent
    return name, frozenset(ours for theirs, ours in WINDOWS_FLAGS.items() if present(theirs))
