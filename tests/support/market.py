"""What a purchase on the sandbox needs: something for sale, and an address of the buyer."""

from __future__ import annotations

from typing import Any

from support.flavours import Flavour

__all__ = ["open_lapak", "save_address"]


async def open_lapak(seller: Flavour[Any]) -> str:
    """Something for 40,000 rupiah: the id of its thread."""
    sent_from = await seller(
        lambda k: k.fjb.addresses.create(5, 36, 601, "Rumah", "Jl. Melati 1", "Penjual Contoh", "08000001")
    )
    opened = await seller(
        lambda k: k.fjb.lapak.create(
            221,
            "Penggiling kopi manual",
            "Masih [b]bagus[/b], jarang dipakai.",
            prefix="WTS",
            condition=2,
            price=50_000,
            discount=20,
            payment_mechanism=[2],
            shipping_method=[1, 2],
            address_id=sent_from.id,
            weight=800,
        )
    )
    return str(opened.thread_id)


async def save_address(buyer: Flavour[Any]) -> int:
    """Where the buyer has things sent to."""
    saved = await buyer(
        lambda k: k.fjb.addresses.create(9, 88, 1290, "Kos", "Jl. Anggrek 2", "Pembeli Contoh", "08000002")
    )
    return int(saved.id)
