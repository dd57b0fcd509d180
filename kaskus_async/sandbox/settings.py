"""What the vendor's documentation leaves open, to be set as a test needs it."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from nusantara.errors import InvalidParameter

__all__ = ["Settings"]

_SIGNATURE_METHODS = ("HMAC-SHA1", "HMAC-SHA256", "HMAC-SHA512", "PLAINTEXT")


def _check_methods(instance: Settings, attribute: attrs.Attribute[Sequence[str]], value: Sequence[str]) -> None:
    if isinstance(value, str) or not value or not set(value) <= set(_SIGNATURE_METHODS):
        raise InvalidParameter(attribute.name, f"must be some of {', '.join(_SIGNATURE_METHODS)}, not {value!r}")


def _check_seconds(instance: Settings, attribute: attrs.Attribute[int], value: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InvalidParameter(attribute.name, f"must be whole seconds from 1, not {value!r}")


def _check_skew(instance: Settings, attribute: attrs.Attribute[int], value: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidParameter(attribute.name, f"must be whole seconds, not {value!r}")


def _check_count(instance: Settings, attribute: attrs.Attribute[int], value: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise InvalidParameter(attribute.name, f"must be a whole number from 0, not {value!r}")


@attrs.define(slots=False, on_setattr=attrs.setters.validate)
class Settings:
    """Every value can be changed at run time on ``sandbox.kaskus``; a reset brings the first ones back."""

    timestamp_window: int = attrs.field(default=300, validator=_check_seconds)
    """Seconds by which the time of an OAuth 1 signature may be off, either way. The vendor's is not known."""
    clock_skew: int = attrs.field(default=0, validator=_check_skew)
    """Seconds by which the clock that checks those times is ahead of the sandbox's, or behind if negative. A client
    cannot learn of it: the ``Date`` of a refusal is by the sandbox's clock."""
    signature_methods: Sequence[str] = attrs.field(default=("HMAC-SHA1",), validator=_check_methods)
    """Every known client signs with HMAC-SHA1; others can be let in."""
    bearer_lifetime: int = attrs.field(default=3600, validator=_check_seconds)
    """Seconds that an OAuth 2 token lasts. The reference's example says 3600."""
    sundul_count: int = attrs.field(default=5, validator=_check_count)
    """How often a thread of the marketplace may be bumped. Answers with 0 and 5 left were seen."""
