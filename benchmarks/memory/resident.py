"""How much memory this process has. It imports nothing that would add to it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from benchmarks.processes import peak_memory

__all__ = ["forget_peak", "peak", "resident"]

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def resident() -> float:
    """What it has now, in MB; where the system does not say, the most that it ever had."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE / 1e6
    except OSError:
        return peak_memory()


def forget_peak() -> None:
    """Begin anew to look for the most it has, where the system can."""
    try:
        _CLEAR.write_text("5")
    except OSError:
        if sys.platform == "linux":
            raise


def peak() -> float:
    """The most it had since :func:`forget_peak`, in MB."""
    try:
        status = _STATUS.read_text()
    except OSError:
        return peak_memory()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6
