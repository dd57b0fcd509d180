"""From bytes to models and back.

:func:`loads` and :func:`dumps` read and write strict JSON; :func:`structure` and :func:`unstructure` turn JSON values
into typed ones and back. Nothing is coerced: ``None`` is never ``"None"``, ``"1"`` never 1. Only what PHP does not tell
apart is read in the place of each other:

- Where an object is due, an empty list is an empty object, and where a list is due, an empty object an empty list. The
  document as a whole is of its own type.
- Where ``None`` is allowed, ``""`` and ``false`` are ``None`` if they are nothing else of the type.
- A ``bool``, alone or beside ``None``, is also 0 or 1, or one of ``"0"``, ``"1"``, ``"false"`` and ``"true"``.

An unchanged model is written as it came, in these too.

Types that can be read: ``str``, ``int``, ``float`` (also from an integer), ``bool``, ``None``, ``Any``; ``datetime``
and ``date`` in ISO 8601; enums of strings or integers; ``Literal``; ``list[X]``, ``tuple[X, ...]``, ``dict[str, X]``;
models; ``Annotated[X, Via(...)]``; and unions of these whose members differ in their JSON type. In ``SomeEnum | str``
and ``SomeEnum | int`` an unknown value stays as it came. Any other type is a :exc:`TypeError` when it is first used.

A date and time keeps its offset, is naive if it has none, and loses what is finer than a microsecond. Where ``None`` is
allowed, a date in the year 1 is ``None``: that is how some vendors say "never". White space around it is passed over.

Reading runs generated code, one straight-line function per model, because after the network it is the largest cost of a
call. It fills an object of a plain class that has the same slots as the model and then assigns ``__class__``, which is
several times cheaper than the constructor of a frozen class.
"""

from __future__ import annotations

from nusantara.codec.jsontext import MAX_CONTAINERS, MAX_DEPTH, MAX_DIGITS, count_repeated_keys, loads
from nusantara.codec.jsontext import may_have_long_integers as may_have_long_integers
from nusantara.codec.jsontext import read_at as read_at
from nusantara.codec.malformed import Listing as Listing
from nusantara.codec.malformed import Malformed as Malformed
from nusantara.codec.malformed import claim_listing as claim_listing
from nusantara.codec.models import Mismatch
from nusantara.codec.python_values import to_dict
from nusantara.codec.reading import read_document, structure
from nusantara.codec.writing import dumps, to_document, unstructure

__all__ = [
    "MAX_CONTAINERS",
    "MAX_DEPTH",
    "MAX_DIGITS",
    "Mismatch",
    "count_repeated_keys",
    "dumps",
    "loads",
    "read_document",
    "structure",
    "to_dict",
    "to_document",
    "unstructure",
]
