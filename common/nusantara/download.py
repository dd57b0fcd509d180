"""Fetching a file from an address that a vendor's answer names.

Such an address is somebody else's: it gets no credential, no cookie and no header of the client, it may not lead into
the local network, and nothing it says decides where the file is put. The file appears under its name only when it is
whole.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import re
import ssl
import stat
import tempfile
from collections.abc import Generator
from email.utils import parsedate_to_datetime
from pathlib import Path

import aiohttp
import attrs
from yarl import URL

from nusantara.checks import check_flag, check_mode
from nusantara.errors import (
    BadResponse,
    ConnectionLost,
    InvalidParameter,
    NoAnswer,
    NusantaraError,
    Phase,
    Sent,
    ServerError,
    Timeout,
    UnsafeRedirect,
    WriteFailed,
)
from nusantara.introspection import documented
from nusantara.progress import Meter, Progress
from nusantara.response import Response, excerpt_of
from nusantara.transport import (
    REDIRECTS,
    Intake,
    Note,
    PartFile,
    checked_address,
    codings_of,
    connector_for_files,
    is_local,
    translate,
)

__all__ = ["Download", "Source", "check_folder", "check_source", "check_target", "download", "is_local", "path_of"]

CHUNK = 1024 * 1024
ATTEMPTS_WITHOUT_PROGRESS = 5
PAUSE = 0.5
CONNECT_TIMEOUT = 5.0
IDLE_TIMEOUT = 15.0
MAX_REDIRECTS = 5
FLOOR = 1024
"""Bytes a second, over :data:`FLOOR_SECONDS`, below which a connection counts as broken."""
FLOOR_SECONDS = 30.0


@attrs.frozen(slots=True, kw_only=True)
class Source:
    """Where a file is, and what is known of it beforehand."""

    url: str = attrs.field(repr=False)
    """May hold a signature, so no repr or error shows more of it than the host."""
    size: int | None = None
    """Bytes, where the vendor says."""
    local: bool = False
    """Whether it may be in the local network, as where the vendor itself is a sandbox there."""
    proxy: str | None = attrs.field(default=None, repr=False)
    ssl: ssl.SSLContext | None = None

    @property
    def mark(self) -> str:
        """What this address is known by. A query is often a signature that is another each time."""
        place = self.url.partition("#")[0].partition("?")[0]
        return hashlib.sha256(place.encode("utf-8", "surrogatepass")).hexdigest()


@documented
@attrs.frozen(slots=True, kw_only=True)
class Download:
    """A file that was fetched."""

    path: Path
    size: int
    """Bytes."""
    verified: bool
    """Whether its length was known and is right. Without a known length, a cut cannot be told from the end."""
    content_type: str | None = None
    """What its server calls it, such as ``image/jpeg``; something else may be in it. None where it does not say, or
    where all of the file was here already."""


async def download(
    source: Source,
    target: Path,
    *,
    overwrite: bool = False,
    resume: bool = True,
    mode: int = 0o600,
    progress: Progress | None = None,
) -> Download:
    """Fetch a file, taking up where a broken connection left off if the server can.

    What a download of the same address to the same target has left that was killed is gone on with, if the server says
    that the file is still the same one; everything else that killed downloads have left in the folder is removed.

    Args:
        target: Name of the file, in a folder that exists.
        overwrite: Replace a file that is there. It stays as it is until the new one is whole.
        resume: Whether to go on with what was left. Not on Windows, and not after the system has been started anew.
        mode: Who may read and write the file, as for ``os.open``: by default its owner alone, since it may hold the
            chats of others. The umask of the process takes from it.
        progress: Called with the bytes here and the bytes in all, see :mod:`nusantara.progress`.

    Raises:
        InvalidParameter: The target cannot be used, or exists.
        UnsafeRedirect: The address is not https, or leads into the local network.
        BadResponse: What came is not the file.
        WriteFailed: The disk is full or refuses; nothing is left behind.
    """
    check_flag("overwrite", overwrite)
    check_flag("resume", resume)
    check_mode("mode", mode)
    await asyncio.to_thread(check_target, target, overwrite)
    with _writing():
        part = await _part_file(target, mode, source.mark if resume else None)
    try:
        async with aiohttp.ClientSession(
            connector=connector_for_files(source.local, source.proxy, source.ssl),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            read_bufsize=CHUNK,
            timeout=aiohttp.ClientTimeout(
                total=None, connect=CONNECT_TIMEOUT, sock_read=IDLE_TIMEOUT, ceil_threshold=86_400
            ),
        ) as session:
            transfer = _Transfer(source, session, part, Meter(progress))
            await transfer.run()
        with _writing():
            await asyncio.to_thread(part.settle)
            await asyncio.to_thread(part.place, target, overwrite)
    finally:
        part.discard()
    return Download(
        path=target,
        size=transfer.written,
        verified=transfer.total is not None,
        content_type=transfer.content_type,
    )


def check_source(source: Source) -> None:
    """See that the address, which a caller gives, is one that may be asked.

    Raises:
        InvalidParameter: It is not.
    """
    if not isinstance(source.url, str):
        raise InvalidParameter("url", f"must be an address as text, not {type(source.url).__name__}")
    problem = None
    try:
        checked_address(URL(source.url), source.local)
    except UnsafeRedirect as error:
        problem = f"cannot be asked: {error.message}"
    except ValueError:
        problem = "is no address"
    if problem is not None:
        raise InvalidParameter("url", problem)


def path_of(target: str | os.PathLike[str]) -> Path:
    """A file name that a caller gives.

    Raises:
        InvalidParameter: It is none.
    """
    if not isinstance(target, (str, os.PathLike)) or not isinstance(os.fspath(target), str):
        raise InvalidParameter("target", f"must be the name of a file as text or Path, not {type(target).__name__}")
    if not os.fspath(target):
        raise InvalidParameter("target", "must not be empty")
    return Path(target)


async def _part_file(target: Path, mode: int, source: str | None) -> PartFile:
    """Made in a thread. If the download is cancelled meanwhile, what the thread makes is removed again."""
    making = asyncio.ensure_future(asyncio.to_thread(PartFile, target, mode, source))

    def remove(made: asyncio.Future[PartFile]) -> None:
        if not made.cancelled() and made.exception() is None:
            made.result().discard()

    try:
        return await asyncio.shield(making)
    except asyncio.CancelledError:
        making.add_done_callback(remove)
        raise


def check_target(target: Path, overwrite: bool) -> None:
    """See that a file can be made under this name. Blocks for as long as the disk takes.

    Raises:
        InvalidParameter: There is no such folder, it cannot be written to, or there is a file.
    """
    try:
        if not target.parent.is_dir():
            raise InvalidParameter("target", "its folder does not exist")
        check_folder(target.parent)
        mode = target.lstat().st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        raise InvalidParameter("target", f"cannot be used: {error.strerror}") from None
    except ValueError as error:
        if isinstance(error, InvalidParameter):
            raise
        raise InvalidParameter("target", "holds a character that no file name can hold") from None
    if stat.S_ISDIR(mode):
        raise InvalidParameter("target", "is a folder")
    if not overwrite:
        raise InvalidParameter("target", "there is a file of this name", hint="choose another, or give overwrite=True")


def check_folder(folder: Path) -> None:
    """See that files can be made in a folder, by making one without a name.

    Raises:
        InvalidParameter: They cannot.
    """
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise InvalidParameter("target", f"its folder cannot be written to: {error.strerror}") from None


@contextlib.contextmanager
def _writing() -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise WriteFailed(f"the file cannot be written: {error.strerror or error}") from None


class _Transfer:
    """One file on its way, over as many connections as it takes."""

    def __init__(self, source: Source, session: aiohttp.ClientSession, part: PartFile, meter: Meter) -> None:
        self._source = source
        self._session = session
        self._part = part
        self._file = part.file
        self._meter = meter
        self.written = 0
        self.total = source.size
        self._validator: str | None = None
        """ETag or date by which the server can tell that the file is still the same."""
        if part.note is not None:
            self.written, self._validator = part.file.tell(), _sendable(part.note.validator)
            self.total = part.note.total if self.total is None else self.total
        self.content_type: str | None = None
        self._answered = False

    async def run(self) -> None:
        fruitless = 0
        if self.total is not None and self.written > self.total:
            await self._restart()
        while True:
            before = self.written
            try:
                await self._attempt()
                self._check_length()
            except NusantaraError as error:
                if self._answered:
                    error.sent = Sent.YES
                if not _can_go_on(error):
                    raise
                fruitless = 0 if self.written > before else fruitless + 1
                if fruitless == ATTEMPTS_WITHOUT_PROGRESS:
                    raise
                await asyncio.sleep(PAUSE * fruitless)
                continue
            self._meter.done(self.written, self.total)
            return

    async def _attempt(self) -> None:
        headers = {"Accept-Encoding": "identity", "User-Agent": "nusantara"}
        if self.written:
            if self._validator is None:
                await self._restart()  # Nothing would show that the rest belongs to the same file.
            else:
                headers |= {"Range": f"bytes={self.written}-", "If-Range": self._validator}
        try:
            answer = await self._get(headers)
            try:
                await self._take(answer)
            finally:
                answer.close()
        except NusantaraError:  # First, because our Timeout is an OSError too.
            raise
        except (aiohttp.ClientError, OSError, UnicodeError) as error:
            failure = translate(error, CONNECT_TIMEOUT)
            raise (failure or ConnectionLost("the transfer broke")).with_traceback(None) from None

    async def _get(self, headers: dict[str, str]) -> aiohttp.ClientResponse:
        url = checked_address(URL(self._source.url), self._source.local)
        for _ in range(MAX_REDIRECTS + 1):
            answer = await self._session.get(url, headers=headers, allow_redirects=False, proxy=self._source.proxy)
            self._answered = True
            if answer.status not in REDIRECTS:
                return answer
            answer.close()
            try:
                url = url.join(URL(answer.headers.get("Location", "")))
            except ValueError:
                raise UnsafeRedirect("the file's server redirects to an unreadable address") from None
            url = checked_address(url, self._source.local)
        raise UnsafeRedirect(f"more than {MAX_REDIRECTS} redirects on the way to the file")

    async def _take(self, answer: aiohttp.ClientResponse) -> None:
        if answer.status == 206:
            await self._check_part(answer)
        elif answer.status == 416:
            size = answer.headers.get("Content-Range", "").removeprefix("bytes */")
            if self.total == self.written and size in ("", str(self.total)):
                return
            await self._restart()
            raise ConnectionLost("the server has another idea of the file's size")
        elif answer.status == 200:
            if self.written:
                await self._restart()
            if answer.content_length is not None and self.total is None:
                self.total = answer.content_length
        else:
            await _refuse(answer)
        if codings_of(answer.headers):
            raise BadResponse("the file came compressed, which was not asked for")
        declared = answer.headers.get("Content-Type")
        self.content_type = excerpt_of(declared, 100) if declared else None
        validator = _validator(answer)
        note: Note | None = None
        if validator is not None and (validator != self._validator or not self.written):
            note = Note(source=self._source.mark, validator=validator, total=self.total)
        self._validator = validator
        floor = _Floor()
        # From here on, what comes before the connection breaks is not lost: nothing is waited for in between.
        async for chunk in Intake.pieces(answer, CHUNK, IDLE_TIMEOUT):
            floor.came(len(chunk))
            if note is not None:
                await asyncio.to_thread(self._part.write_note, note)
                note = None
            with _writing():
                await asyncio.to_thread(self._file.write, chunk)
            self.written += len(chunk)
            if self.total is not None and self.written > self.total:
                raise BadResponse(f"the file is longer than the {self.total} bytes announced")
            self._meter.show(self.written, self.total)
            floor.go_on()

    async def _restart(self) -> None:
        with _writing():
            await asyncio.to_thread(self._part.forget_note)
            await asyncio.to_thread(self._file.seek, 0)
            await asyncio.to_thread(self._file.truncate)
        self.written = 0
        self.total = self._source.size

    async def _check_part(self, answer: aiohttp.ClientResponse) -> None:
        """See that a part of the file joins what is here."""
        value = answer.headers.get("Content-Range", "")
        span = _SPAN(value)
        if span is None or int(span[1]) != self.written or (span[3] != "*" and self.total not in (None, int(span[3]))):
            raise BadResponse(f"asked for the file from byte {self.written}, got {excerpt_of(value, 60)!r}")
        if answer.content_length not in (None, int(span[2]) - int(span[1]) + 1):
            raise BadResponse("the part of the file is not as long as it says")
        if span[3] != "*":
            self.total = int(span[3])
        if self.written and _validator(answer) not in (None, self._validator):
            await self._restart()
            raise ConnectionLost("the file has changed on the server")

    def _check_length(self) -> None:
        if self.total is not None and self.written != self.total:
            raise BadResponse(f"the file has {self.written} bytes where {self.total} were announced")


class _Floor:
    """Ends a transfer that drips. The time that a slow disk or progress callback takes does not count."""

    def __init__(self) -> None:
        self._clock = asyncio.get_running_loop().time
        self._since = self._now = self._clock()
        self._came = 0

    def came(self, size: int) -> None:
        """So many bytes are here."""
        self._now = self._clock()
        self._came += size
        elapsed = self._now - self._since
        if elapsed < FLOOR_SECONDS:
            return
        if self._came < FLOOR * elapsed:
            raise Timeout(Phase.IDLE_READ, f"the file came slower than {FLOOR} bytes a second")
        self._since, self._came = self._now, 0

    def go_on(self) -> None:
        """They are dealt with, and more are waited for."""
        self._since += self._clock() - self._now


def _can_go_on(error: NusantaraError) -> bool:
    if isinstance(error, BadResponse):
        return error.incomplete
    if isinstance(error, ServerError):
        return True
    return isinstance(error, NoAnswer) and not getattr(error, "permanent", False)


_SPAN = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)").fullmatch


def _validator(answer: aiohttp.ClientResponse) -> str | None:
    """What may stand in If-Range: a strong ETag, or a date before that of the answer.

    Within the second of the answer, the file may have changed again (RFC 9110 section 8.8.2.2).
    """
    etag = answer.headers.get("ETag", "")
    if etag.startswith('"'):
        return _sendable(etag)
    modified = answer.headers.get("Last-Modified", "")
    try:
        before, now = (parsedate_to_datetime(text).timestamp() for text in (modified, answer.headers.get("Date", "")))
    except (ValueError, TypeError, OverflowError):
        return None
    return _sendable(modified) if before < now else None


def _sendable(validator: str) -> str | None:
    """What is not ASCII may come, but cannot be sent back byte for byte."""
    return validator if validator.isascii() and validator.isprintable() and validator else None


async def _refuse(answer: aiohttp.ClientResponse) -> None:
    from nusantara.call import api_error

    body = await answer.content.read(2048)
    error = api_error(Response(answer.status, answer.headers, body), f"the file's server answered {answer.status}")
    raise error
