"""A lock among processes, on a file: with it a file store lets one at a time renew its token."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
import random
import sys
import threading
import time
from collections.abc import Generator
from pathlib import Path
from typing import Final

__all__ = ["FileLock"]

log = logging.getLogger("nusantara.token_store")

_Holder = tuple[int, int]
"""Tells one holding of a lock from the next: the lock file's inode, and when it was last taken, in nanoseconds."""

_NO_FOLLOW: Final = getattr(os, "O_NOFOLLOW", 0)


class FileLock:
    """A lock file, locked through the operating system, which lets go of it when the process dies. Taken once.

    To take the lock from a hung process, its file is removed: who comes then finds no file and makes a new one, and the
    hung process is left with the lock on a file that is not there any more.

    Args:
        path: The lock file. Its folder is there.
        lease: Seconds after which a process that still holds the lock is taken for hung.
    """

    def __init__(self, path: Path, lease: float) -> None:
        self._path = path
        self._lease = lease
        self._descriptor = -1
        self._given_up = False
        self._settling = threading.Lock()
        """Held for as long as it takes to note that the lock was taken, or that nobody wants it any more."""

    async def acquire(self) -> None:
        """Wait for the lock. Files are touched in threads, because a disk may be slow.

        Raises:
            OSError: The file cannot be opened or locked.
        """
        seen: object = None
        since = time.monotonic()
        while True:
            holder = await self._try_in_thread()
            if holder is None:
                return
            # The lease is counted by who waits, on its own clock: from when it first saw this holder.
            if holder != seen:
                seen, since = holder, time.monotonic()
            elif time.monotonic() - since > self._lease and await asyncio.to_thread(self._take_from, holder):
                log.warning("a process held the lock %s for over %g s and lost it", self._path, self._lease)
            await asyncio.sleep(random.uniform(0.02, 0.06))  # noqa: S311

    async def release(self) -> None:
        """Let go of it."""
        await asyncio.shield(asyncio.get_running_loop().run_in_executor(None, self._release))

    @property
    def valid(self) -> bool:
        """Whether nobody has taken it away. Looks at the file."""
        return self._is(self._descriptor)

    # --- In threads

    async def _try_in_thread(self) -> _Holder | None:
        loop = asyncio.get_running_loop()
        try:
            return await asyncio.shield(loop.run_in_executor(None, self._try_once))
        except asyncio.CancelledError:
            # The thread goes on, and must not be left with the lock.
            with self._settling:
                self._given_up, taken = True, self._descriptor >= 0
            if taken:
                loop.run_in_executor(None, self._release)
            raise

    def _try_once(self) -> _Holder | None:
        """Take the lock if it is free; otherwise say who has it."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | _NO_FOLLOW, 0o600)
        try:
            if not _lock_file(descriptor):
                status = os.fstat(descriptor)
                return status.st_ino, status.st_mtime_ns
            if not self._is(descriptor):
                return 0, 0  # It was released or taken away just now.
            os.utime(descriptor if os.utime in os.supports_fd else self._path)
            with self._settling:
                self._descriptor, descriptor = descriptor, -1
                unwanted = self._given_up
        finally:
            if descriptor >= 0:
                os.close(descriptor)
        if unwanted:
            self._release()
        return None

    def _take_from(self, holder: _Holder) -> bool:
        """Remove the lock file of a hung process. Of several that wait, one does."""
        with contextlib.suppress(OSError), _one_at_a_time(self._path.parent) as alone:
            status = os.stat(self._path)
            if alone and (status.st_ino, status.st_mtime_ns) == holder:
                self._path.unlink()
                return True
        return False

    def _release(self) -> None:
        with contextlib.suppress(OSError), _one_at_a_time(self._path.parent) as alone:
            if alone and self.valid:
                self._path.unlink()
        os.close(self._descriptor)

    def _is(self, descriptor: int) -> bool:
        """Whether the open file is the one that the path leads to."""
        try:
            return os.path.samestat(os.fstat(descriptor), os.stat(self._path))
        except OSError:
            return False


if sys.platform == "win32":
    import msvcrt

    def _lock_file(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    @contextlib.contextmanager
    def _one_at_a_time(folder: Path) -> Generator[bool]:
        # An open file cannot be removed there, so nothing has to be kept from racing.
        yield False

else:
    import fcntl

    def _lock_file(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (errno.EAGAIN, errno.EACCES):
                return False
            raise
        return True

    @contextlib.contextmanager
    def _one_at_a_time(folder: Path) -> Generator[bool]:
        """Whether this process alone may remove lock files in a folder. Never waits."""
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            yield _lock_file(descriptor)
        finally:
            os.close(descriptor)
