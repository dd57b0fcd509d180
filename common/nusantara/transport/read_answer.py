"""How an answer is read: judged by its status line, whole, decompressed, and within the cap on bodies."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp.hdrs import CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING

from nusantara.errors import BadResponse, ConnectionLost, NusantaraError, Phase, Sent, Timeout, TooLarge
from nusantara.options import Options
from nusantara.response import Response, excerpt_of
from nusantara.transport.failures import incomplete, lost_text, refused_redirect, translate

if TYPE_CHECKING:
    from aiohttp.streams import StreamReader
    from multidict import CIMultiDictProxy

__all__ = ["REDIRECTS", "codings_of", "read_response"]

RATIO_CHECKED_FROM = 1024 * 1024
MAX_RATIO = 200
MAX_PADDING = 64 * 1024
"""Zeros behind a gzip body, in bytes."""
REDIRECTS = frozenset({301, 302, 303, 307, 308})
NO_CODINGS = frozenset({"", "identity", "none", "binary", "7bit", "8bit", "utf-8", "utf8", "us-ascii", "iso-8859-1"})
"""What servers write into Content-Encoding of a body that has none: words for nothing, and charsets."""


async def read_response(
    method: str, status: int, headers: CIMultiDictProxy[str], content: StreamReader, options: Options
) -> Response:
    """Judge an answer by its status line and read its body."""
    if status in REDIRECTS:
        raise refused_redirect(status, headers.get("Location", ""))
    codings = codings_of(headers) if CONTENT_ENCODING in headers else ()
    try:
        read = _read if status < 400 else _read_refusal
        body = await read(headers, codings, content, options.max_body)
        return Response(status, headers, body, _length_known(method, status, headers, codings))
    except (aiohttp.ClientError, BadResponse) as error:
        if status < 400:
            raise _unread(error, status, options.timeout.idle_read) from None
        return Response(status, headers, b"", True)  # The status says what matters.


def codings_of(headers: CIMultiDictProxy[str]) -> tuple[str, ...]:
    """How the body is coded, in the order in which that was done."""
    words = [word.strip().lower() for line in headers.getall(CONTENT_ENCODING, ()) for word in line.split(",")]
    return tuple(word for word in words if word not in NO_CODINGS)


async def _read_refusal(
    headers: CIMultiDictProxy[str], codings: tuple[str, ...], content: StreamReader, cap: int
) -> bytes:
    """As :func:`_read`, but a body that cannot be decoded is given as it came: it may hold the vendor's words."""
    body = await _read(headers, (), content, cap)
    try:
        return await _decoded(_once(body), codings, cap) if codings else body
    except BadResponse:
        return body


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body


async def _read(headers: CIMultiDictProxy[str], codings: tuple[str, ...], content: StreamReader, cap: int) -> bytes:
    """The whole body, decoded, within the cap."""
    if not codings and content.is_eof():  # A small answer is here as a whole with its headers.
        body: bytes = content.read_nowait()
        if len(body) > cap:
            raise TooLarge(f"the body is larger than the cap of {cap} bytes")
        return body
    announced = headers.get(CONTENT_LENGTH)
    length = None if announced is None else int(announced)  # The parser lets nothing but digits through.
    if length is not None and length > cap:
        raise TooLarge(f"the body announces {length} bytes, more than the cap of {cap}")
    if codings:
        return await _decoded(content.iter_any(), codings, cap)
    if length is not None:
        return await content.read()  # The parser lets no more than the announced length through.
    return await _collect_body(content.iter_any(), cap)


async def _decoded(chunks: AsyncIterator[bytes], codings: tuple[str, ...], cap: int) -> bytes:
    if codings not in (("gzip",), ("x-gzip",), ("deflate",)):
        raise BadResponse(f"the body is encoded as {excerpt_of(', '.join(codings), 40)!r}, which was not asked for")
    return await _collect_body(_inflate(chunks, codings[0]), cap)


async def _collect_body(chunks: AsyncIterator[bytes], cap: int) -> bytes:
    pieces = bytearray()
    async for chunk in chunks:
        pieces += chunk
        if len(pieces) > cap:
            raise TooLarge(f"the body is larger than the cap of {cap} bytes")
    return bytes(pieces)


async def _inflate(chunks: AsyncIterator[bytes], encoding: str) -> AsyncIterator[bytes]:
    """Decompress in bounded steps, so that a small answer cannot fill the memory."""
    inflater: Any = None
    taken = given = padding = 0
    async for chunk in chunks:
        taken += len(chunk)
        if inflater is None:
            # "deflate" is zlib by RFC 9110, but some servers send the bare stream: the first byte tells them apart.
            bare = encoding == "deflate" and chunk[0] & 0x0F != 8
            inflater = zlib.decompressobj(-zlib.MAX_WBITS if bare else zlib.MAX_WBITS | 32)
        while chunk:
            if inflater.eof:
                if encoding != "deflate" and padding < MAX_PADDING:
                    # The last block may be filled up with zeros, which the gzip tool passes over as well.
                    before, chunk = len(chunk), chunk.lstrip(b"\0")
                    padding += before - len(chunk)
                    if not chunk:
                        break
                if encoding == "deflate" or not chunk.startswith(b"\x1f"):
                    raise BadResponse(f"something else follows the {encoding} body")
                inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)  # Several such streams are one body (RFC 1952).
            try:
                piece = inflater.decompress(chunk, 256 * 1024)
            except zlib.error as error:
                raise BadResponse(f"the body is not the {encoding} it is said to be: {error}") from None
            given += len(piece)
            if given > RATIO_CHECKED_FROM and given > taken * MAX_RATIO:
                raise TooLarge(f"the body inflates more than {MAX_RATIO} times: {taken} bytes to over {given}")
            yield piece
            chunk = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
    if inflater is not None and not inflater.eof:
        raise incomplete(f"the {encoding} body ends in the middle")


def _length_known(method: str, status: int, headers: Mapping[str, str], codings: tuple[str, ...]) -> bool:
    if CONTENT_LENGTH in headers or method == "HEAD":
        return True
    transfer = headers.get(TRANSFER_ENCODING)
    if transfer is not None and transfer.lower() != "chunked":
        raise BadResponse(f"the body travels as {excerpt_of(transfer.encode(), 40)!r}, which was not asked for")
    # A compressed body says itself where it ends.
    return transfer is not None or bool(codings) or status == 204


def _unread(error: aiohttp.ClientError | BadResponse, status: int, idle_read: float | None) -> NusantaraError:
    """Why the body of an answer of this status cannot be had."""
    failure: NusantaraError
    if isinstance(error, aiohttp.SocketTimeoutError):
        failure = Timeout(Phase.IDLE_READ, f"the body stalled for {idle_read:g} s")
    elif isinstance(error, BadResponse):
        failure = error
    else:
        failure = translate(error, None) or ConnectionLost(lost_text(error))
    failure.status, failure.sent = status, Sent.YES
    return failure
