"""What all payloads share: they are read leniently and made strictly.

The server answers a payload that lacks something with a nameless "Validation error". So whoever makes one by hand
without a required part gets an error that names it; a document that came from the server is read whatever it lacks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from nusantara.errors import InvalidParameter
from nusantara.model import Model, model

__all__ = ["Part", "each", "one", "required"]


@model
class Part(Model):
    """A payload or a piece of one."""

    def __attrs_post_init__(self) -> None:
        # Not reached by reading, which does not go through the constructor.
        self.check()

    def check(self, where: str = "") -> None:
        """See that nothing is missing that the server asks for.

        Args:
            where: What the names in errors begin with, as in ``buttons[0].``.

        Raises:
            InvalidParameter: It names the part that is missing or of the wrong kind.
        """


def required(part: Part, where: str, *names: str) -> None:
    """Refuse what is missing or empty."""
    for name in names:
        value = getattr(part, name)
        if value is None or (isinstance(value, (str, list, tuple)) and not value):
            raise InvalidParameter(f"{where}{name}", f"must be given: a {type(part).__name__} needs it")
        if isinstance(value, float) and not math.isfinite(value):
            raise InvalidParameter(f"{where}{name}", f"must be a finite number, not {value!r}")


def each(parts: Sequence[Part], where: str, kind: type[Part]) -> None:
    """Check every part of a list."""
    for index, part in enumerate(parts):
        one(part, f"{where}[{index}]", kind)


def one(part: Part, where: str, kind: type[Part]) -> None:
    """Check a part within another."""
    if not isinstance(part, kind):
        raise InvalidParameter(where, f"must be a {kind.__name__}, not {type(part).__name__}")
    part.check(f"{where}.")
