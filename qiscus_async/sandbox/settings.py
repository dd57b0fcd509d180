"""How the sandbox behaves where the vendor's documentation leaves a choice, and what a test wants to switch."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from typing import Any

import attrs

from nusantara.errors import InvalidParameter

__all__ = ["Duplicates", "Edition", "Settings"]


class Edition(enum.StrEnum):
    """Which keys the answers have."""

    DOCUMENTED = "documented"
    """Exactly those of the reference's samples."""
    LIVE = "live"
    """Those and the further ones that public clients and their tests have seen in real answers."""


class Duplicates(enum.StrEnum):
    """What becomes of a comment whose ``unique_temp_id`` is taken in its room. What the vendor does is not known."""

    IGNORE = "ignore"
    """The first comment is the answer; nothing is stored."""
    STORE = "store"
    """Stored as a second comment."""
    REFUSE = "refuse"
    """A validation error."""


def _addresses(value: str | Iterable[str] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    addresses = (value,) if isinstance(value, str) else tuple(value)
    if not all(isinstance(address, str) for address in addresses):
        raise InvalidParameter("webhook_urls", f"must be addresses, not {value!r}")
    return addresses


def _text(_: Any, field: Any, value: Any) -> None:
    if not isinstance(value, str):
        raise InvalidParameter(field.name, f"must be a text, not {value!r}")


def _number(least: float, *, whole: bool = False, optional: bool = False) -> Callable[[Any, Any, Any], None]:
    def check(_: Any, field: Any, value: Any) -> None:
        if value is None and optional:
            return
        if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)) or value < least:
            kind = "a whole number" if whole else "a number"
            raise InvalidParameter(field.name, f"must be {kind} of at least {least:g}, not {value!r}")

    return check


def _refusal(_: Any, field: Any, value: Any) -> None:
    if value not in (400, 401, 403):
        raise InvalidParameter(field.name, f"must be 400, 401 or 403, not {value!r}")


def _bool(_: Any, field: Any, value: Any) -> None:
    if not isinstance(value, bool):
        raise InvalidParameter(field.name, f"must be true or false, not {value!r}")


@attrs.define(slots=False, kw_only=True, eq=False)
class Settings:
    """Every setting may be changed at run time on the state; a reset brings the first values back."""

    edition: Edition = attrs.field(default=Edition.LIVE, converter=Edition)
    duplicates: Duplicates = attrs.field(default=Duplicates.IGNORE, converter=Duplicates)
    refused_status: int = attrs.field(default=401, validator=_refusal)
    """HTTP status for a wrong secret of the right app: 400, 401 or 403. Which one the vendor sends is not known."""
    participants_only: bool = attrs.field(default=False, validator=_bool)
    """Whether a comment of somebody who is not in the room is refused. What the vendor does is not known."""
    participants_as_objects: bool | None = attrs.field(default=None, validator=attrs.validators.optional(_bool))
    """Whether creating a room and changing its participants answer with objects instead of identifiers. ``None``: as
    the edition has it. The documented one has identifiers; clients of the live one read objects after creating and
    removing, and identifiers after adding."""

    backup_polls: int = attrs.field(default=2, validator=_number(0, whole=True))
    """An export or import is finished when it is read for this many times at the earliest..."""
    backup_seconds: float = attrs.field(default=0.0, validator=_number(0))
    """... and not before it is this old."""
    exports_rows: int | None = attrs.field(default=None, validator=_number(0, whole=True, optional=True))
    """Exports get this many made-up rows of equal length instead of the data; never held in memory."""
    export_failure: str = attrs.field(default="", validator=_text)
    """If set, exports fail with this message. The vendor's ``status`` for it is not known; here it is ``failed``."""
    download_redirect: bool = attrs.field(default=False, validator=_bool)
    """Whether the address of a download answers with a redirect to the file."""

    webhook_urls: tuple[str, ...] = attrs.field(default=(), converter=_addresses)
    """Where a new comment is announced; nothing else is, broadcasts and system events included."""
    webhook_secret: str | None = attrs.field(default=None, repr=False, validator=attrs.validators.optional(_text))
    """If set, each webhook carries ``QISCUS-SDK-SIGNATURE``: HMAC-SHA256 of the body with this key, in hex."""
    webhook_attempts: int = attrs.field(default=3, validator=_number(1, whole=True))
    """How often a webhook is sent at most; a 2xx ends it early. The vendor's number is not known."""
    webhook_retry_delay: float = attrs.field(default=0.1, validator=_number(0))
    """Seconds before the second attempt; doubled for each further one."""

    @property
    def webhook_url(self) -> str | None:
        """The first of ``webhook_urls``; setting it makes it the only one."""
        return next(iter(self.webhook_urls), None)

    @webhook_url.setter
    def webhook_url(self, url: str | None) -> None:
        self.webhook_urls = (url,) if url else ()
