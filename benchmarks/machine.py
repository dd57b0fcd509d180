"""Where and with what a run was made; its figures mean little without."""

from __future__ import annotations

import datetime
import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks import peers
from benchmarks.processes import ROOT, STEADY_HEAP, can_pin

__all__ = ["facts", "load"]

_PACKAGES = (
    "nusantara",
    "aiohttp",
    "yarl",
    "multidict",
    "attrs",
    "cattrs",
    "orjson",
    "uvloop",
    "requests",
    "urllib3",
    "httpx",
    "oauthlib",
    "lxml",
    "tenacity",
)


def facts() -> dict[str, str]:
    """What stands above the tables."""
    return {
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "machine": f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "commit": _commit(),
        "packages": ", ".join(
            [
                *(f"{name} {_version(name)}" for name in _PACKAGES),
                *(f"{peer} {peers.version_of(peer) or '(not installed)'}" for peer in peers.PEERS),
            ]
        ),
        "cores": "server on one, contenders on another" if can_pin() else "NOT PINNED: compare with nothing",
        "heap": ", ".join(f"{name}={os.environ.get(name, value)}" for name, value in STEADY_HEAP.items()),
        "load before": load(),
    }


def _commit() -> str:
    """The commit that is measured, and whether anything was changed since."""
    try:
        return subprocess.run(
            ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "(not known)"


def load() -> str:
    """Processes that wanted a core in the last minute; a quiet machine has next to none before a run."""
    return f"{os.getloadavg()[0]:.2f}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "(not installed)"
