"""Answers of the image operations, none of which is documented in shape."""

from __future__ import annotations

import enum
from typing import Any

from nusantara.record import Record

__all__ = ["HiddenRecord", "ImagePurpose"]


class ImagePurpose(enum.StrEnum):
    """What an image is uploaded for."""

    PAYMENT_CONFIRMATION = "payment_confirmation"
    ID_CARD = "id_card"
    OTHER_ID_CARD = "other_id_card"


class HiddenRecord(Record):
    """A record of credentials: its repr shows no value."""

    __slots__ = ()

    def __getitem__(self, key: str) -> Any:
        return _hidden(super().__getitem__(key))

    @property
    def elements(self) -> list[Any]:
        return [_hidden(element) for element in super().elements]

    def __repr__(self) -> str:
        return "HiddenRecord(***)"

    def __reduce__(self) -> tuple[Any, ...]:
        return HiddenRecord, (self.document,)


def _hidden(value: Any) -> Any:
    if isinstance(value, list):
        return [_hidden(item) for item in value]
    return HiddenRecord(value.document) if isinstance(value, Record) else value
