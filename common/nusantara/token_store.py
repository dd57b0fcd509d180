"""Where tokens are kept between runs, and shared between processes."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import logging
import os
import random
import stat
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Final, Protocol

from nusantara.errors import ConfigurationError

__all__ = ["FileStore", "MemoryStore", "TokenStore"]

log = logging.getLogger("nusantara.token_store")


class TokenStore(Protocol):
    """A place for one credential: an object of JSON values, with the secrets in clear.

    Its methods are coroutines, so that a store may also be a file on a slow disk or a server.
    """

    async def load(self) -> dict[str, Any] | None:
        """What was saved last, or None."""
        ...

    async def save(self, document: Mapping[str, Any]) -> None:
        """Replace what is there. Either all of it is saved or the old document stays."""
        ...

    async def delete(self) -> None:
        """Forget what is there, if anything is."""
        ...

    def lock(self) -> AbstractAsyncContextManager[None]:
        """Keep everyone else who uses the same store from passing this point, as while a token is renewed.

        A holder that disappears must not keep the others out for ever.
        """
        ...


class MemoryStore:
    """Keeps a credential for as long as this object lives. Any thread and event loop may use it."""

    def __init__(self, document: Mapping[str, Any] | None = None) -> None:
        self._document = None if document is None else dict(document)
        self._lock = threading.Lock()

    async def load(self) -> dict[str, Any] | None:
        return None if self._document is None else dict(self._document)

    async def save(self, document: Mapping[str, Any]) -> None:
        self._document = dict(document)

    async def delete(self) -> None:
        self._document = None

    @asynccontextmanager
    async def lock(self) -> AsyncIterator[None]:
        while not self._lock.acquire(blocking=False):
            await asyncio.sleep(0.01)
        try:
            yield
        finally:
            self._lock.release()

    def __repr__(self) -> str:
        return "MemoryStore(***)"


FORMAT: Final = 1
LARGEST: Final = 64 * 1024


class FileStore:
    """Keeps a credential in a file that only its owner can read.

    The file is replaced as a whole, so that it is never half written, whenever the process or the machine dies. A
    folder that is missing is made. Any number of processes may share the file; their lock is a file beside it,
    ``NAME.lock``.

    Args:
        path: The file; ``~`` is the home folder.
        lease: Seconds after which a process that still holds the lock is taken for hung and loses it. One that has died
            loses it at once. (On Windows, a hung process keeps it.)
    """

    def __init__(self, path: str | os.PathLike[str], *, lease: float = 60.0) -> None:
        self._path = Path(path).expanduser()
        self._lease = lease
        self._held: _Lock | None = None

    @property
    def path(self) -> Path:
        return self._path

    async def load(self) -> dict[str, Any] | None:
        """What was saved last, or None. A file that others can read is closed to them.

        Raises:
            ConfigurationError: The file cannot be read, or is damaged.
        """
        return await asyncio.to_thread(self._load)

    async def save(self, document: Mapping[str, Any]) -> None:
        """Replace the file.

        Raises:
            ConfigurationError: It cannot be written, or the lock was lost to another process in the meantime.
        """
        await asyncio.to_thread(self._save, dict(document))

    async def delete(self) -> None:
        """Remove the file, if it is there."""
        await asyncio.to_thread(self._delete)

    @asynccontextmanager
    async def lock(self) -> AsyncIterator[None]:
        """Keep out everyone else who uses the same file, in this process and in others."""
        held = await self._acquire()
        self._held = held
        try:
            yield
        finally:
            self._held = None
            held.release()

    def __repr__(self) -> str:
        return f"FileStore({os.fspath(self._path)!r})"

    # --- The file

    def _load(self) -> dict[str, Any] | None:
        try:
            with open(self._path, "rb") as file:
                self._close_to_others(file.fileno())
                body = file.read(LARGEST + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unusable("read", error) from None
        document: Any = None
        with contextlib.suppress(ValueError, RecursionError):
            document = json.loads(body) if len(body) <= LARGEST else None
        # Raised here, because the exceptions above hold what is in the file.
        if not isinstance(document, dict) or not isinstance(document.get("token"), dict):
            raise ConfigurationError(f"the token file {self._path} is damaged", hint="delete it and log in again")
        if document.get("format") != FORMAT:
            raise ConfigurationError(
                f"the token file {self._path} was written by another version", hint="delete it and log in again"
            )
        token: dict[str, Any] = document["token"]
        return token

    def _close_to_others(self, descriptor: int) -> None:
        if os.name != "posix":
            return
        mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
        if mode & 0o077:
            os.fchmod(descriptor, 0o600)
            log.warning(
                "the token file %s could be read by others (mode %o); it is now closed to them", self._path, mode
            )

    def _save(self, document: dict[str, Any]) -> None:
        body = json.dumps({"format": FORMAT, "token": document}, ensure_ascii=False, indent=1).encode()
        target = self._target()
        temporary = target.with_name(f".{target.name}.{os.getpid()}.{random.getrandbits(64):016x}.tmp")
        try:
            self._sweep(target)
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW, 0o600)
            try:
                with open(descriptor, "wb") as file:
                    file.write(body)
                    file.flush()
                    os.fsync(descriptor)
                if self._held is not None and not self._held.valid:
                    raise ConfigurationError(
                        f"the lock on {self._path} was lost to another process, so it is not saved"
                    )
                os.replace(temporary, target)
            except BaseException:
                with contextlib.suppress(OSError):
                    temporary.unlink()
                raise
            _sync_folder(target.parent)
        except OSError as error:
            raise self._unusable("written", error) from None

    def _delete(self) -> None:
        try:
            self._path.unlink(missing_ok=True)
            _sync_folder(self._path.parent)
        except FileNotFoundError:
            pass  # There is not even the folder.
        except OSError as error:
            raise self._unusable("deleted", error) from None

    def _target(self) -> Path:
        """The file itself where the path is a link, in a folder that is there."""
        target = Path(os.path.realpath(self._path))
        try:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise self._unusable("written", error) from None
        return target

    def _sweep(self, target: Path) -> None:
        """Remove what killed processes have left behind."""
        for left in target.parent.glob(f".{_without_wildcards(target.name)}.*.tmp"):
            with contextlib.suppress(OSError):
                if time.time() - left.stat().st_mtime > self._lease:
                    left.unlink()

    def _unusable(self, what: str, error: OSError) -> ConfigurationError:
        return ConfigurationError(f"the token file {self._path} cannot be {what}: {error.strerror or error}")

    # --- The lock

    async def _acquire(self) -> _Lock:
        lock = _Lock(self._target().with_name(f"{self._path.name}.lock"))
        seen: object = None
        since = time.monotonic()
        while True:
            try:
                holder = lock.try_once()
            except OSError as error:
                raise self._unusable("locked", error) from None
            if holder is None:
                return lock
            # The lease is counted by who waits, on its own clock: from when it first saw this holder.
            if holder != seen:
                seen, since = holder, time.monotonic()
            elif time.monotonic() - since > self._lease and lock.take_from(holder):
                log.warning("a process held the lock on %s for over %g s and lost it", self._path, self._lease)
            await asyncio.sleep(random.uniform(0.02, 0.06))  # noqa: S311


_Holder = tuple[int, int]
"""Tells one holding of a lock from the next: the lock file's inode, and when it was last taken, in nanoseconds."""

_NO_FOLLOW: Final = getattr(os, "O_NOFOLLOW", 0)


class _Lock:
    """A lock file, locked through the operating system, which lets go of it when the process dies.

    To take the lock from a hung process, its file is removed: who comes then finds no file and makes a new one, and the
    hung process is left with the lock on a file that is not there any more.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1

    def try_once(self) -> _Holder | None:
        """Take the lock if it is free; otherwise say who has it."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | _NO_FOLLOW, 0o600)
        try:
            if not _lock_file(descriptor):
                status = os.fstat(descriptor)
                return status.st_ino, status.st_mtime_ns
            if not self._is(descriptor):
                return 0, 0  # It was released or taken away just now.
            os.utime(descriptor if os.utime in os.supports_fd else self._path)
            self._descriptor, descriptor = descriptor, -1
            return None
        finally:
            if descriptor >= 0:
                os.close(descriptor)

    @property
    def valid(self) -> bool:
        """Whether nobody has taken it away."""
        return self._is(self._descriptor)

    def take_from(self, holder: _Holder) -> bool:
        """Remove the lock file of a hung process. Of several that wait, one does."""
        with contextlib.suppress(OSError), _one_at_a_time(self._path.parent) as alone:
            status = os.stat(self._path)
            if alone and (status.st_ino, status.st_mtime_ns) == holder:
                self._path.unlink()
                return True
        return False

    def release(self) -> None:
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
    def _one_at_a_time(folder: Path) -> Iterator[bool]:
        # An open file cannot be removed there, so nothing has to be kept from racing.
        yield False

    def _sync_folder(folder: Path) -> None:
        pass

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
    def _one_at_a_time(folder: Path) -> Iterator[bool]:
        """Whether this process alone may remove lock files in a folder. Never waits."""
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            yield _lock_file(descriptor)
        finally:
            os.close(descriptor)

    def _sync_folder(folder: Path) -> None:
        """Make a replaced or removed file survive a power cut."""
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _without_wildcards(name: str) -> str:
    return "".join(f"[{char}]" if char in "*?[" else char for char in name)
