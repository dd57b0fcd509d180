"""The tables of other test modules, for tests of the whole."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def tables(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    """What the test modules of a folder call ``name``, of those that have it."""
    for path in sorted(folder.glob("test_*.py")):
        if f"\n{name}: " not in path.read_text(encoding="utf-8"):
            continue
        spec = importlib.util.spec_from_file_location(f"{name.lower()}_of_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield getattr(module, name)
