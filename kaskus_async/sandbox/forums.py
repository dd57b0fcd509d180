"""Forums and their threads."""

from __future__ import annotations

from kaskus_async.sandbox.operation import Operation

__all__ = ["ROUTES"]

ROUTES: tuple[Operation, ...] = ()
