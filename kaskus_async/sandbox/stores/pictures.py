"""Pictures that were uploaded."""

from __future__ import annotations

import hashlib

import attrs

__all__ = ["Picture"]


@attrs.frozen
class Picture:
    """A picture that was uploaded."""

    name: str
    content_type: str
    data: bytes = attrs.field(repr=False)

    @property
    def key(self) -> str:
        """Its path in the store."""
        return f"images/{self.name}"

    @property
    def key_digest(self) -> str:
        """By which the state of the upload is asked for."""
        return hashlib.md5(self.key.encode(), usedforsecurity=False).hexdigest()
