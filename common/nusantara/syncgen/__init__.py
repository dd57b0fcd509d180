"""Writes the synchronous classes from the source of the async ones.

    python -m nusantara.syncgen [--check] [PACKAGE ...]

For each module of a package that defines clients or resources, ``package/part.py``, there is one module of real Python
text, ``package/sync/part.py``. Without packages named, those below the current directory are taken.

Text comes from the source, so that annotations, defaults and docstrings are verbatim and the output is the same on
every Python. Facts come from an import: what is a coroutine function, which class a name stands for.

| in the async class | in the sync class |
| --- | --- |
| ``async def f(...) -> T`` | ``def f(...) -> T`` that runs it in the portal |
| property whose type is a resource | the sync twin of that resource, built once |
| plain function or property | forwarded |
| ... of type ``Pager[T]`` | ``SyncPager[T]`` |
| ... of type ``Self`` | a client or resource around what it returns |
| class attribute | the same value |
| ``__init__`` of a client | the same parameters |
| parameter of type ``Secret | str`` | wrapped first of all |
| ``aclose``, ``__aenter__``, ``__aexit__`` | ``close``, ``with``: written by hand in :mod:`nusantara.sync.facade` |
| private | left out |

Inherited members are written out in each class, but for those of :class:`~nusantara.client.AsyncClient`, which have a
twin of their own. Everything else (overloads, async generators, awaitables and functions
that give them, unknown decorators, relative imports, ...) stops the generator with file and line: nothing is left out
in silence.
"""

from __future__ import annotations

from nusantara.syncgen.command import main
from nusantara.syncgen.packages import generate
from nusantara.syncgen.source import Problem

__all__ = ["Problem", "generate", "main"]
