"""Credentials as form fields."""

from __future__ import annotations

from kaskus_async.wire import required
from nusantara.secret import HiddenText, Secret, reveal

__all__ = ["credential"]


def credential(parameter: str, value: Secret | str) -> str:
    """A credential that is sent as it is; its repr is masked."""
    return HiddenText(required(parameter, reveal(value)))
