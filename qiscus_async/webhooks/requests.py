"""What a request must be like to be accepted, and what it is answered, whichever server it came to."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import attrs

from nusantara.introspection import documented
from nusantara.secret import Secret
from qiscus_async.webhooks.errors import InvalidEvent
from qiscus_async.webhooks.events import CommentPosted, Event, parse_event
from qiscus_async.webhooks.secret_path import SecretPath
from qiscus_async.webhooks.signature import SIGNATURE_HEADER, verify

__all__ = ["Headers", "Refused", "Reply", "Rules"]

Headers = Sequence[tuple[bytes, bytes]]
"""Names and values as they came: decoded ones may hold what cannot be encoded again."""

FUTURE: Final = 60.0
"""Seconds that the sender's clock may be ahead of ours."""
_SIGNATURE: Final = SIGNATURE_HEADER.lower().encode()


@documented
@attrs.frozen(slots=True)
class Reply:
    """What a server is to answer; there is no body."""

    status: int
    headers: Mapping[str, str] = attrs.field(factory=dict)
    closes: bool = False
    """Whether the connection should be closed, because the rest of the request is not wanted. Only HTTP/1 has a header
    for that."""


class Refused(Exception):
    """A request that is answered with an error.

    Args:
        problem: In words of ours, for the log.
        level: Of the log.
    """

    def __init__(self, status: int, problem: str, *, level: int = logging.WARNING) -> None:
        super().__init__(problem)
        self.status = status
        self.level = level


class Rules:
    """The rules of one receiver, as its settings have them."""

    def __init__(
        self,
        path: SecretPath,
        *,
        signature_key: Secret | None,
        max_age: float | None,
        max_body: int,
        clock: Callable[[], float],
    ) -> None:
        self._path = path
        self._signature_key = signature_key
        self._max_age = max_age
        self._max_body = max_body
        self._clock = clock

    def check_head(self, method: str, secret: str, headers: Headers) -> None:
        """See that the body is worth reading.

        Args:
            secret: What stands in the path where the secret should.

        Raises:
            Refused: It is not.
        """
        if not self._path.matches(secret):
            # No warning: strangers could fill the log with them.
            raise Refused(401, "wrong secret in the path", level=logging.INFO)
        if method != "POST":
            raise Refused(405, "not a POST")
        for length in _values(headers, b"content-length"):
            if length.isdigit():
                # Of many digits it is too large, and no number that Python would read.
                self.check_size(int(length[:20]))
        kinds = _values(headers, b"content-type")
        # The vendor documents no content type. One that is declared has to be right.
        if kinds and not (len(kinds) == 1 and _is_json(kinds[0])):
            raise Refused(415, "declared as something else than JSON")
        if any(coding.strip().lower() not in (b"", b"identity") for coding in _values(headers, b"content-encoding")):
            raise Refused(415, "compressed")

    def check_size(self, size: int) -> None:
        """See that a body of so many bytes is not too large.

        Raises:
            Refused: It is.
        """
        if size > self._max_body:
            raise Refused(413, f"a body of more than {self._max_body} bytes")

    def read(self, headers: Headers, body: bytes) -> Event:
        """The event in a body.

        Raises:
            Refused: It is not signed as it should be, too old, or no event.
        """
        if self._signature_key is not None:
            signatures = _values(headers, _SIGNATURE)
            if len(signatures) != 1 or not verify(body, signatures[0], self._signature_key):
                raise Refused(401, "signature missing, wrong or given twice")
        try:
            event = parse_event(body)
        except InvalidEvent as error:
            raise Refused(400, error.message) from None
        if self._max_age is not None:
            self._check_age(event, self._max_age)
        return event

    def _check_age(self, event: Event, max_age: float) -> None:
        posted = event.message.posted_at if isinstance(event, CommentPosted) else None
        if posted is None:
            raise Refused(401, "signed, but does not say when it was posted")
        age = self._clock() - posted.timestamp()
        if not -FUTURE <= age <= max_age:
            raise Refused(401, f"signed, but {age:.0f} s old")


def _values(headers: Headers, name: bytes) -> list[bytes]:
    return [value for key, value in headers if key.lower() == name]


def _is_json(content_type: bytes) -> bool:
    kind = content_type.partition(b";")[0].strip().lower()
    return kind in (b"application/json", b"text/json") or (kind.startswith(b"application/") and kind.endswith(b"+json"))
