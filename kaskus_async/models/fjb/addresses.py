"""Answers of the address operations. Users write them, so the text in them is untrusted."""

from __future__ import annotations

from kaskus_async.models.threads import ShippingAddress
from nusantara.model import LooseStr, Model, field, model

__all__ = ["Address", "AddressList"]


@model
class Address(ShippingAddress):
    """A saved address. ``name`` is the title that it was saved under."""

    id: LooseStr = field(keys=("id", "address_id"))


@model
class AddressList(Model):
    """The saved addresses of the signed-in user."""

    data: list[Address] = field(factory=list)
