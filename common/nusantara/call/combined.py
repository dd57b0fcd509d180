"""Operations made of others: what fails after a step that was carried out says so.

Such an operation checks all that is local before its first step: a value that cannot be used costs nothing at the
vendor, however often it is tried.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator

from nusantara.errors import NusantaraError, Sent

__all__ = ["after"]


@contextlib.contextmanager
def after(made: object = None, *, hint: str | None = None) -> Generator[None]:
    """A block whose errors come after something was carried out.

    Args:
        made: What there is now, for :attr:`NusantaraError.made`.
        hint: How to go on with it, where the error has no hint of its own.
    """
    try:
        yield
    except NusantaraError as error:
        if error.sent is Sent.NO:
            error.sent = Sent.YES
        error.made = made
        error.hint = error.hint or hint
        raise
