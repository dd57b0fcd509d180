"""Where tokens are kept between runs, and shared between processes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import random
import stat
import threading
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from nusantara.checks import check_seconds
from nusantara.errors import ConfigurationError, InvalidParameter, StoreUnavailable, even_half_made
from nusantara.secret import HiddenBytes, HiddenText, Secret, is_mask
from nusantara.signing import FileLock, TokenStore

__all__ = ["FileStore", "MemoryStore", "TokenStore"]

log = logging.getLogger("nusantara.token_store")


class MemoryStore:
    """Keeps a credential for as long as this object lives. Any thread and event loop may use it."""

    def __init__(self, document: Mapping[str, Any] | None = None) -> None:
        self._document = None if document is None else _checked(document)
        self._lock = threading.Lock()

    async def load(self) -> dict[str, Any] | None:
        return None if self._document is None else dict(self._document)

    async def save(self, document: Mapping[str, Any]) -> None:
        self._document = _checked(document)

    async def delete(self) -> None:
        self._document = None

    @asynccontextmanager
    async def lock(self) -> AsyncGenerator[None]:
        while not self._lock.acquire(blocking=False):
            await asyncio.sleep(0.01)
        try:
            yield
        finally:
            self._lock.release()

    def __repr__(self) -> str:
        return "MemoryStore(***)"


def _checked(document: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a document. Its secrets are in clear: what is shown in their place would be of no use to anybody."""
    for name, value in document.items():
        if isinstance(value, Secret) or (isinstance(value, str) and is_mask(value)):
            raise InvalidParameter(f"document[{name!r}]", "must be the text of the secret, which reveal() gives")
    return dict(document)


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
        try:
            self._path = Path(path).expanduser()
        except (TypeError, RuntimeError) as error:
            raise InvalidParameter("path", f"is not the path of a file: {error}") from None
        if not self._path.name or is_mask(self._path.name):
            raise InvalidParameter("path", "is not the path of a file")
        check_seconds("lease", lease)
        self._lease = lease
        self._held: FileLock | None = None

    @property
    def path(self) -> Path:
        return self._path

    async def load(self) -> dict[str, Any] | None:
        """What was saved last, or None. A file that others can read is closed to them.

        Raises:
            StoreUnavailable: The file cannot be read.
            ConfigurationError: It is damaged.
        """
        return await asyncio.to_thread(self._load)

    async def save(self, document: Mapping[str, Any]) -> None:
        """Replace the file.

        Raises:
            StoreUnavailable: It cannot be written.
            ConfigurationError: The lock was lost to another process in the meantime.
            InvalidParameter: The document has a secret that is not in clear.
        """
        # Hidden, so that no traceback of a disk that fails shows what was to be written.
        document = {
            name: HiddenText(value) if isinstance(value, str) else value for name, value in _checked(document).items()
        }
        # The lock of now: the thread may go on when nobody waits for it any more, and the lock has been left.
        await asyncio.to_thread(self._save, document, self._held)

    async def delete(self) -> None:
        """Remove the file, if it is there."""
        await asyncio.to_thread(self._delete)

    @asynccontextmanager
    async def lock(self) -> AsyncGenerator[None]:
        """Keep out everyone else who uses the same file, in this process and in others.

        Raises:
            StoreUnavailable: The lock file cannot be made or locked.
        """
        target = await asyncio.to_thread(self._target)
        held = FileLock(target.with_name(f"{self._path.name}.lock"), self._lease)
        try:
            await held.acquire()
        except OSError as error:
            raise self._unusable("locked", error) from None
        self._held = held
        try:
            yield
        finally:
            self._held = None
            await held.release()

    @even_half_made
    def __repr__(self) -> str:
        return f"FileStore({os.fspath(self._path)!r})"

    # --- The file

    def _load(self) -> dict[str, Any] | None:
        try:
            with open(self._path, "rb") as file:
                self._close_to_others(file.fileno())
                body = HiddenBytes(file.read(LARGEST + 1))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unusable("read", error) from None
        token, problem = _read(body)
        if problem:
            raise ConfigurationError(f"the token file {self._path} {problem}", hint="delete it and log in again")
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

    def _save(self, document: dict[str, Any], held: FileLock | None) -> None:
        body = _written(document)
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
                if held is not None and not held.valid:
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

    def _unusable(self, what: str, error: OSError) -> StoreUnavailable:
        return StoreUnavailable(f"the token file {self._path} cannot be {what}: {error.strerror or error}")


_NO_FOLLOW: Final = getattr(os, "O_NOFOLLOW", 0)


def _sync_folder(folder: Path) -> None:
    """Make a replaced or removed file survive a power cut."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(body: bytes) -> tuple[dict[str, Any] | None, str | None]:
    """The document in a file, or what is wrong with the file."""
    document: Any = None
    with contextlib.suppress(ValueError, RecursionError):
        document = json.loads(body) if len(body) <= LARGEST else None
    if not isinstance(document, dict) or not isinstance(document.get("token"), dict):
        return None, "is damaged"
    if document.get("format") != FORMAT:
        return None, "was written by another version"
    return document["token"], None


def _written(document: Mapping[str, Any]) -> bytes:
    try:
        return HiddenText(
            json.dumps({"format": FORMAT, "token": document}, ensure_ascii=False, allow_nan=False, indent=1)
        ).encode()
    except UnicodeEncodeError:
        problem = "holds a lone surrogate, which has no UTF-8 form"
    except (TypeError, ValueError, RecursionError) as error:
        problem = f"cannot be written as JSON: {error}"
    # Raised here, because the exceptions above hold the document.
    raise InvalidParameter("document", problem)


def _without_wildcards(name: str) -> str:
    return "".join(f"[{char}]" if char in "*?[" else char for char in name)
