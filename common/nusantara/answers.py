"""What the answers to calls said beside their results: status, headers, request id, and how long they took.

    with capture_answers() as answers:
        hot = await kaskus.threads.hot()
    print(answers[-1].status, answers[-1].headers.get("Date"), answers[-1].elapsed)

Nothing is kept, and a call does nothing more, while no such block is open.
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import Context, ContextVar, copy_context
from typing import TYPE_CHECKING, Final

import attrs

from nusantara.introspection import documented

if TYPE_CHECKING:
    from nusantara.response import Response

__all__ = ["CapturedAnswer", "capture_answers"]


@documented
@attrs.frozen(slots=True, kw_only=True)
class CapturedAnswer:
    """One answer, of whatever status, to one try of a call."""

    vendor: str
    method: str
    template: str
    """Path with placeholders, as in ``/v1/messages/{id}.json``."""
    operation: str | None
    """What made the call, as in ``threads.hot``; None for ``client.request()`` and for calls for tokens."""
    status: int
    """HTTP status. A vendor may say no in an answer with 200."""
    headers: Mapping[str, str] = attrs.field(repr=False)
    """Their names are compared without case."""
    size: int
    """Bytes of the body after decompression."""
    request_id: str | None
    """The server's own id of the request (``X-Request-Id``), if it sent one."""
    attempts: int
    """Tries of the call so far, this one included."""
    elapsed: float
    """Seconds from the beginning of this try to the end of its answer, a wait for a free connection included."""


@attrs.define(eq=False)
class _Block:
    answers: list[CapturedAnswer]
    older: frozenset[threading.Thread]
    """The threads that were there before it. In another, nothing tells where it comes from."""


open_blocks: Final[list[_Block]] = []
"""Those of the whole process. Looked at first, because it is empty nearly always."""
_within: ContextVar[tuple[_Block, ...]] = ContextVar("nusantara.answers", default=())
_caller: ContextVar[threading.Thread | None] = ContextVar("nusantara.caller", default=None)


@contextmanager
def capture_answers(*, threads: bool = True) -> Generator[list[CapturedAnswer]]:
    """Collect every answer that comes within the block, in the order in which they came; also those that a call tried
    again after, those of pages, and those that became an error.

    What belongs to the block: calls made in it, in coroutines and tasks begun in it, and calls of the synchronous
    clients made in it. Blocks within blocks each have their own list. Files from other hosts are no answers.

    Args:
        threads: Also calls made in threads that were started since the block began. Of a thread nothing tells who has
            started it, so that in a program that starts threads for other work as well, theirs are seen, too.
    """
    block = _Block([], frozenset(threading.enumerate() if threads else ()))
    token = _within.set((*_within.get(), block))
    open_blocks.append(block)
    try:
        yield block.answers
    finally:
        open_blocks.remove(block)
        _within.reset(token)
        # What was begun within it may live on, and has the block in its context.
        block.answers, block.older = [], frozenset()


def context_of_thread() -> Context | None:
    """A context like this one, whose calls are known to be those of this thread wherever they run; None, which stands
    for this one, while no block is open."""
    if not open_blocks:
        return None
    context = copy_context()
    context.run(_caller.set, threading.current_thread())
    return context


def note_answer(
    vendor: str,
    method: str,
    template: str,
    operation: str | None,
    response: Response,
    attempts: int,
    elapsed: float,
) -> None:
    """Give an answer to the open blocks that it belongs to."""
    within = _within.get()
    caller = _caller.get() or threading.current_thread()
    seeing = [block for block in list(open_blocks) if block in within or (block.older and caller not in block.older)]
    if not seeing:
        return
    answer = CapturedAnswer(
        vendor=vendor,
        method=method,
        template=template,
        operation=operation,
        status=response.status,
        headers=response.headers,
        size=len(response.body),
        request_id=response.request_id,
        attempts=attempts,
        elapsed=elapsed,
    )
    for block in seeing:
        block.answers.append(answer)
