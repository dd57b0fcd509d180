"""Exceptions from outside a thread."""

from __future__ import annotations

import ctypes


def inject(ident: int | None, error: type[BaseException]) -> None:
    """Raise in another thread. It shows once that thread runs Python code again, so not in the middle of a wait."""
    assert ident is not None
    assert ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(error)) == 1
