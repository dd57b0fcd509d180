"""An answer as it came: status, headers, body."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any, Literal, TypeVar, overload

from nusantara import codec
from nusantara.codec.charset import GUESS, find_charset
from nusantara.errors import BadResponse, DecodeError, Sent, escaped, even_half_made

__all__ = ["Response", "excerpt_of"]

T = TypeVar("T")

log = logging.getLogger("nusantara.response")

_UNREAD: Any = object()
_BEFORE = rb"[\xef\xbb\xbf\xff\xfe\0\s]*+"
"""What may stand before a document, in any of the encodings of Unicode."""
_MARKUP = re.compile(_BEFORE + rb"<").match
_HTML = re.compile(
    _BEFORE + rb"(?:<\?xml[^>]*+>\s*+|<!--.*?-->\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
).match
_TITLE = re.compile(rb"<title[^>]*>([^<]*)", re.IGNORECASE).search


class Response:
    """An HTTP answer, read whole.

    Attributes:
        status: HTTP status.
        headers: Case-insensitive; a repeated header keeps its first value on plain access.
        body: The bytes after decompression.
        length_known: Whether the answer said how long the body is. A body that just ends with the connection may have
            been cut, and no one can tell.
    """

    __slots__ = ("_document", "body", "headers", "length_known", "status")

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes, length_known: bool = True) -> None:
        self.status = status
        self.headers = headers
        self.body = body
        self.length_known = length_known
        self._document = _UNREAD

    # --- What it says

    def json(self) -> Any:
        """The body as JSON, parsed once.

        It is read as UTF-8, which JSON is whatever else is declared. Only where that fails, what is declared counts,
        and a guess where nothing is: see :attr:`charset_guessed`. What is no text is read as U+FFFD: see
        :attr:`repaired`.

        Raises:
            BadResponse: It is not JSON; a gateway's HTML page is called by its title.
        """
        document = self._document
        if document is _UNREAD:
            try:
                document = codec.loads(self.body, strict=True)
            except BadResponse as error:
                document = self._json_otherwise(error)
            self._document = document
        return document

    @overload
    def xml(self) -> Any: ...
    @overload
    def xml(self, into: type[T]) -> T: ...
    def xml(self, into: Any = None) -> Any:
        """The body as XML: what ``into`` wants, or a tree of texts. :mod:`nusantara.codec.xml` has the rules.

        Raises:
            BadResponse: It is not XML, or not safe; a gateway's HTML page is called by its title.
            DecodeError: It is not of that type.
        """
        try:
            return _read_xml(self.body, into, self.charset)
        except DecodeError:
            raise
        except BadResponse as error:
            if not self.charset_guessed:
                raise self._unusable(error, "XML") from None
        try:
            document = _read_xml(self.body, into, GUESS)
        except DecodeError:
            raise
        except BadResponse as error:
            raise self._unusable(error, "XML") from None
        self._tell_of_guess()
        return document

    def text(self) -> str:
        """The body as text, see :func:`~nusantara.codec.charset.find_charset`. Bytes that do not fit show as U+FFFD."""
        try:
            name = find_charset(self.body, self.charset).name
        except BadResponse:
            name = "utf-8"
        return self.body.decode(name, errors="replace")

    # --- What it is

    @property
    def request_id(self) -> str | None:
        """The server's own id of the request (``X-Request-Id``), if it sent one. That any vendor does is unknown."""
        value = self.headers.get("X-Request-Id")
        return None if value is None else excerpt_of(value, 100)

    @property
    def charset(self) -> str | None:
        """What the Content-Type header says of the charset."""
        for piece in self.headers.get("Content-Type", "").split(";")[1:]:
            name, _, value = piece.partition("=")
            if name.strip().lower() == "charset":
                return value.strip().strip("\"'") or None
        return None

    @property
    def charset_guessed(self) -> bool:
        """Whether nothing says what charset the body is in, and it is not UTF-8.

        It is then read as windows-1252, and may be read wrongly. With ``strict`` on (see
        :class:`~nusantara.client.Settings`) it is refused.
        """
        try:
            return find_charset(self.body, self.charset).guessed
        except BadResponse:
            return False

    @property
    def format(self) -> Literal["json", "xml", "html"] | None:
        """What the body is, whatever the Content-Type header says; None for none of these."""
        if self.body.startswith((b"{", b"[")):
            return "json"
        if _MARKUP(self.body):
            return "xml" if html_title(self.body) is None else "html"
        try:
            self.json()
        except BadResponse:
            return None
        return "json"

    @property
    def content_type_mismatch(self) -> bool:
        """Whether the Content-Type header says that the body is something else than it is.

        That alone is no error: what comes decides how it is read.
        """
        declared = self.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        found = self.format
        if not declared or found is None:
            return False
        return found != ("html" if "html" in declared else re.split("[/+]", declared)[-1])

    @property
    def repeated_keys(self) -> int:
        """How many keys of a JSON body come again in their object, where the last one counts; 0 for other bodies.

        The body is read once more to count them.
        """
        try:
            self.json()
        except BadResponse:
            return 0
        try:
            return codec.count_repeated_keys(self.body)
        except BadResponse:
            return codec.count_repeated_keys(self._in_utf8())

    @property
    def repaired(self) -> bool:
        """Whether the body holds what is no text: half of a surrogate pair, or bytes that are not of its charset.

        Each is then read as U+FFFD. With ``strict`` on (see :class:`~nusantara.client.Settings`) the body is refused.
        """
        return self._damage() is not None

    def refuse_ambiguity(self) -> None:
        """Raise :exc:`BadResponse` if the body can be read in two ways, or only in part.

        That is by a guessed charset, by a repeated key, or with U+FFFD for what is no text.
        """
        if self.charset_guessed:
            problem: BadResponse | None = BadResponse("the answer is ambiguous: nothing says what charset it is in")
        else:
            problem = self._damage()
        if problem is None and self.repeated_keys:
            problem = BadResponse("the answer is ambiguous: an object has a key twice")
        if problem is not None:
            raise self._unusable(problem, "JSON")

    def _damage(self) -> BadResponse | None:
        """What is wrong with a body that can be read but for some of its text."""
        if _MARKUP(self.body):
            return _xml_damage(self.body, self.charset)
        try:
            self.json()
            codec.loads(self._in_utf8(), strict=True)
        except BadResponse as error:
            return None if self._document is _UNREAD else error
        return None

    @even_half_made
    def __repr__(self) -> str:
        kind = excerpt_of(self.headers.get("Content-Type", "unknown type"), 100)
        return f"<Response {self.status}, {len(self.body)} bytes of {kind}>"

    def _json_otherwise(self, error: BadResponse) -> Any:
        """``error`` says why it is no JSON in UTF-8."""
        try:
            document = codec.loads(self._in_utf8())
        except BadResponse as other:
            own = _is_utf8(self.body) or self.charset_guessed
            raise self._unusable(error if own else other, "JSON") from None
        self._tell_of_guess()
        return document

    def _in_utf8(self) -> bytes:
        """The body in UTF-8, which may be damaged, from whatever charset it is in."""
        if _is_utf8(self.body):
            return self.body
        name = find_charset(self.body, self.charset).name
        if name.startswith("utf-8"):
            return self.body
        try:
            return self.body.decode(name).encode()
        except UnicodeDecodeError as error:
            place = error.start
        # Raised here, because the exception above holds the body.
        raise BadResponse(f"the answer cannot be read: invalid {name.upper()} at byte {place}")

    def _tell_of_guess(self) -> None:
        if self.charset_guessed:
            log.warning("an answer that is not UTF-8 and declares no charset was read as %s", GUESS)

    def _unusable(self, error: BadResponse, wanted: str) -> BadResponse:
        problem = error.message
        title = html_title(self.body)
        if title is not None:
            problem = f"an HTML page came instead of {wanted}: {title!r}"
        better = type(error)(f"{problem} (status {self.status})")
        better.status, better.sent = self.status, Sent.YES
        better.excerpt = excerpt_of(self.body)
        if not self.length_known and title is None and self.body:
            better.incomplete = True
            better.hint = "its end is that of the connection: it may have been cut short"
        return better


def _read_xml(body: bytes, into: Any, charset: str | None) -> Any:
    from nusantara.codec.xml import loads_xml, structure_xml

    return loads_xml(body, charset=charset) if into is None else structure_xml(body, into, charset=charset)


def _xml_damage(body: bytes, charset: str | None) -> BadResponse | None:
    from nusantara.codec.xml import repaired

    try:
        damaged = repaired(body, charset) is not None
    except BadResponse:
        return None
    return BadResponse("the answer is not usable XML: it holds text that is no Unicode") if damaged else None


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def html_title(body: bytes) -> str | None:
    """The title of an HTML page, ``""`` for a page without one, None for anything else."""
    start = body[:2048].replace(b"\0", b"")
    if not _HTML(start):
        return None
    title = _TITLE(start)
    return excerpt_of(title[1].strip()) if title else ""


def excerpt_of(text: bytes | str, length: int = 200) -> str:
    """The start of a body or a header as one line of printable text."""
    start = text[:length]
    return escaped(start if isinstance(start, str) else start.decode("utf-8", errors="backslashreplace"))
