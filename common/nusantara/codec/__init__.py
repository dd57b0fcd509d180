"""From bytes to models and back.

:func:`loads` and :func:`dumps` read and write strict JSON; :func:`structure` and :func:`unstructure` turn JSON values
into typed ones and back. Nothing is coerced: ``None`` is never ``"None"``, ``True`` never 1, ``"1"`` never 1.

Types that can be read: ``str``, ``int``, ``float`` (also from an integer), ``bool``, ``None``, ``Any``; ``datetime``
and ``date`` in ISO 8601; enums of strings or integers; ``Literal``; ``list[X]``, ``tuple[X, ...]``, ``dict[str, X]``;
models; ``Annotated[X, Via(...)]``; and unions of these whose members differ in their JSON type. In ``SomeEnum | str``
and ``SomeEnum | int`` an unknown value stays as it came. Any other type is a :exc:`TypeError` when it is first used.

A date and time keeps its offset, is naive if it has none, and loses what is finer than a microsecond. Where ``None`` is
allowed, a date in the year 1 is ``None``: that is how some vendors say "never".

Reading runs generated code, one straight-line function per model, because after the network it is the largest cost of a
call. It fills an object of a plain class that has the same slots as the model and then assigns ``__class__``, which is
several times cheaper than the constructor of a frozen class.
"""

from __future__ import annotations

from nusantara.codec.jsontext import MAX_CONTAINERS, MAX_DEPTH, MAX_DIGITS, count_repeated_keys, loads
from nusantara.codec.jsontext import may_have_long_integers as may_have_long_integers
from nusantara.codec.jsontext import read_at as read_at
from nusantara.codec.models import Mismatch
from nusantara.codec.reading import structure
from nusantara.codec.writing import dumps, to_document, unstructure

__all__ = [
    "MAX_CONTAINERS",
    "MAX_DEPTH",
    "MAX_DIGITS",
    "Mismatch",
    "count_repeated_keys",
    "dumps",
    "loads",
    "structure",
    "to_document",
    "unstructure",
]
