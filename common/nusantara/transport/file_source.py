"""A file of a form, as one attempt reads it.

It is opened and its start is read before anything is sent: what cannot be read is told then, and a file whose size the
system does not know, or reports wrongly, has a known size if it is small.
"""

from __future__ import annotations

import contextlib
import functools
import io
import os
import select
import stat
import threading
import weakref
from collections.abc import AsyncGenerator, Callable, Generator
from pathlib import Path
from typing import Any, TypeVar

from nusantara.errors import InvalidParameter
from nusantara.progress import Meter
from nusantara.transport.file_threads import FILES, STREAMS, Threads
from nusantara.upload import File

__all__ = ["FileSource"]

T = TypeVar("T")

START = 64 * 1024
CHUNK = 1024 * 1024
LOOK = 100
"""Milliseconds after which a thread that waits for data sees that nobody waits for it any more."""


class _Seen:
    """What the attempts of a call know of a file; of a stream, whatever reads it."""

    __slots__ = ("ended", "spent", "start", "state")

    def __init__(self) -> None:
        self.state: tuple[int, ...] | None = None
        """What the file system says of the file, to see that it changes."""
        self.start = b""
        """What was read of a stream that cannot seek before anything was sent."""
        self.ended = False
        """Whether that is all."""
        self.spent = False
        """Whether something of such a stream was sent: what is left is not the file."""


_seen: weakref.WeakKeyDictionary[object, _Seen] = weakref.WeakKeyDictionary()


def _seen_of(file: File) -> _Seen:
    if hasattr(file.source, "read"):
        with contextlib.suppress(TypeError):  # Of a kind that nothing can refer to weakly.
            return _seen.setdefault(file.source, _Seen())
    return _seen.setdefault(file, _Seen())


class FileSource:
    """A file, open for one attempt.

    Attributes:
        size: In bytes; None if only its end will tell.
    """

    def __init__(self, file: File, name: str) -> None:
        self._file = file
        self._name = name
        self._seen = _seen_of(file)
        self._threads: Threads = FILES if isinstance(file.source, Path) else STREAMS
        self._stream: Any = None
        self._start = b""
        self._once = False
        """Whether it cannot be read again: a pipe, a terminal, a stream."""
        self._waits_on: int | None = None
        """Descriptor of what may keep a read waiting for ever, where it can be asked first."""
        self._lock = threading.Lock()
        self._reading = self._closed = False
        self.size: int | None = None

    @classmethod
    async def open(cls, file: File, name: str) -> FileSource:
        """Open it and read its start.

        Raises:
            InvalidParameter: It cannot be read (again), or has changed since the last attempt.
        """
        source = cls(file, name)
        if isinstance(file.source, (bytes, memoryview)):
            source.size = memoryview(file.source).nbytes
            return source
        try:
            await source._run(source._open)
            await source._run(source._read_start)
        except BaseException:
            source.close()
            raise
        return source

    async def pieces(self) -> AsyncGenerator[bytes | memoryview, None]:
        """The content; progress is told of a piece that has been taken. A stream counts as read from the first on."""
        meter, sent = Meter(self._file.progress), 0
        found: AsyncGenerator[bytes | memoryview, None]
        found = self._in_memory() if self._stream is None else self._from_file()
        async with contextlib.aclosing(found):
            async for piece in found:
                yield piece
                sent += len(piece)
                meter.show(sent, self.size)
        meter.done(sent, self.size)

    async def _in_memory(self) -> AsyncGenerator[bytes | memoryview, None]:
        content = memoryview(self._file.source).cast("B")  # type: ignore[arg-type]
        for start in range(0, len(content), CHUNK):
            yield content[start : start + CHUNK]

    async def _from_file(self) -> AsyncGenerator[bytes | memoryview, None]:
        if self._once:
            self._seen.spent, self._seen.start = True, b""
        piece, self._start = self._start, b""
        left = self.size
        while piece:
            yield piece
            if left is not None:
                left -= len(piece)
            piece = b"" if left == 0 else await self._run(functools.partial(self._read_on, left))

    def close(self) -> None:
        """Be done with it. A thread that is reading is so when it sees this."""
        with self._lock:
            self._closed = True
            if not self._reading:
                self._close_stream()

    async def _run(self, act: Callable[[], T]) -> T:
        with self._lock:
            self._reading = True
        return await self._threads.run(functools.partial(self._do, act))

    # --- In a thread

    def _do(self, act: Callable[[], T]) -> T:
        try:
            with self._in_words():
                if self._closed:
                    raise InterruptedError
                return act()
        finally:
            with self._lock:
                self._reading = False
                if self._closed:
                    self._close_stream()

    def _close_stream(self) -> None:
        if isinstance(self._file.source, Path) and self._stream is not None:
            self._stream.close()

    def _open(self) -> None:
        source: Any = self._file.source
        if isinstance(source, Path):
            # A pipe is opened at once, whether somebody writes to it or not.
            self._stream = open(source, "rb", 0, opener=_open_at_once)  # noqa: SIM115
        elif isinstance(source, io.TextIOBase):
            raise InvalidParameter(self._name, "is a text file; open it in binary mode")
        else:
            self._stream = source
        if getattr(self._stream, "closed", False):
            raise InvalidParameter(self._name, "is a file that was closed")
        found = self._status()
        ordinary = found is not None and stat.S_ISREG(found.st_mode)
        if isinstance(source, Path):
            self._once = not ordinary
        else:
            self._once = not (hasattr(source, "seekable") and source.seekable())
        if self._once and found is not None and not ordinary:
            self._threads = STREAMS
            if hasattr(select, "poll") and type(getattr(self._stream, "raw", self._stream)) is io.FileIO:
                self._waits_on = self._stream.fileno()

    def _read_start(self) -> None:
        if self._once:
            if self._seen.spent:
                raise InvalidParameter(
                    self._name, "was a stream that cannot be read a second time; give a path instead"
                )
            self._read_start_once()
            return
        reported = self._reported_size()
        if reported:  # Without, the system makes the file up anew for each look.
            self._compare()
        self._start, ended = self._fill(b"")
        if ended:
            self.size = len(self._start)
            self._compare_at_end()
        elif reported >= len(self._start):
            self.size = reported

    def _read_start_once(self) -> None:
        """What was read of it stays with the file, for an attempt that comes after one that sent nothing."""
        seen = self._seen
        if not seen.ended:
            seen.start, seen.ended = self._fill(seen.start)
        if not seen.start:
            raise InvalidParameter(self._name, "is a stream with nothing in it, or was read to its end before")
        self._start = seen.start
        if seen.ended:
            self.size = len(seen.start)

    def _reported_size(self) -> int:
        if isinstance(self._file.source, Path):
            return os.fstat(self._stream.fileno()).st_size
        try:
            size: int = self._stream.seek(0, os.SEEK_END)
        except OSError:  # What the system makes up has no end to go to.
            size = 0
        self._stream.seek(0)
        return size

    def _fill(self, start: bytes) -> tuple[bytes, bool]:
        """Read on to the size of a start; the end of the file may come before."""
        while len(start) < START:
            piece = self._read(START - len(start))
            if not piece:
                return start, True
            start += piece
        return start, False

    def _read_on(self, left: int | None) -> bytes:
        piece = self._read(CHUNK if left is None else min(CHUNK, left))
        if left is not None:
            if not piece:
                raise InvalidParameter(self._name, "became shorter while it was sent")
            if len(piece) == left:
                self._compare_at_end()
        return piece

    def _read(self, size: int) -> bytes:
        stream = self._stream
        piece: object = None
        while piece is None:
            if self._waits_on is None:
                piece = stream.read(size)
                break
            self._wait(self._waits_on)
            piece = stream.read1(size) if hasattr(stream, "read1") else stream.read(size)
        if not isinstance(piece, bytes):
            raise InvalidParameter(self._name, f"gives {type(piece).__name__} instead of bytes")
        return piece

    def _wait(self, descriptor: int) -> None:
        """A thread within a read could not be stopped, and the file could not be closed by whoever opened it."""
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        while not poll.poll(LOOK):
            if self._closed:
                raise InterruptedError

    def _status(self) -> os.stat_result | None:
        try:
            return os.fstat(self._stream.fileno())
        except (OSError, AttributeError):
            return None

    def _compare_at_end(self) -> None:
        if self._seen.state is not None:
            self._compare()

    def _compare(self) -> None:
        """Refuse a file that has changed. What a program has opened may be its own to change."""
        if not isinstance(self._file.source, Path):
            return
        now = os.fstat(self._stream.fileno())
        state = now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns
        if self._seen.state not in (None, state):
            raise InvalidParameter(self._name, "the file has changed since it was first read for this call")
        self._seen.state = state

    @contextlib.contextmanager
    def _in_words(self) -> Generator[None]:
        try:
            yield
        except InvalidParameter:
            raise
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise InvalidParameter(self._name, f"cannot be read: {reason}") from None


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
