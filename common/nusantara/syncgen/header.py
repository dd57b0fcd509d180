"""The first line of a generated file, by which it is known again."""

from __future__ import annotations

__all__ = ["COMMAND", "MARK", "header"]

COMMAND = "python -m nusantara.syncgen"
MARK = f'Written by "{COMMAND}"'


def header(module: str, is_package: bool) -> str:
    """The first line of what is written from a module."""
    file = module.replace(".", "/") + ("/__init__.py" if is_package else ".py")
    return f"# {MARK} from {file}. Do not edit."
