"""The forums and the categories of the marketplace of the first data."""

from __future__ import annotations

from kaskus_async.sandbox.entities import Forum
from kaskus_async.sandbox.stores.board import Board

__all__ = ["CATEGORIES", "FORUMS", "add_forums"]

Row = tuple[int, int, str, str]
"""Number, number of the parent, name, description."""

FORUMS: tuple[Row, ...] = (
    (12, -1, "Ruang Santai", "Duduk dulu, ngobrol kemudian"),
    (21, 12, "Obrolan Sore", "Apa saja, asal sopan"),
    (22, 12, "Cerita Warga", "Kisah dari kampung sampai kota"),
    (23, 12, "Humor Receh", "Tertawa itu gratis"),
    (40, -1, "Hobi", "Untuk yang tidak bisa diam"),
    (41, 40, "Kopi & Teh Nusantara", "Dari kebun sampai cangkir"),
    (42, 40, "Gowes", "Sepeda, rute dan bengkel"),
    (43, 40, "Fotografi", "Cahaya, lensa dan hasilnya"),
    (60, -1, "Teknologi", "Yang berkabel dan yang tidak"),
    (61, 60, "Ponsel & Gawai", "Ulasan dan tanya jawab"),
    (62, 60, "Pemrograman", "Kode, galat dan solusinya"),
    (80, -1, "Regional", "Dekat di mata, dekat di hati"),
    (81, 80, "Bandung", "Kumpul warga Bandung"),
    (82, 80, "Yogyakarta", "Kumpul warga Yogyakarta"),
)
CATEGORIES: tuple[Row, ...] = (
    (200, -1, "Forum Jual Beli", "Jual beli antarwarga"),
    (210, 200, "Elektronik", "Ponsel, laptop, kamera"),
    (221, 200, "Kopi & Alat Seduh", "Biji, bubuk dan alatnya"),
    (230, 200, "Sepeda & Suku Cadang", "Baru dan bekas"),
    (240, 200, "Buku", "Komik, novel, pelajaran"),
)


def add_forums(board: Board) -> None:
    """Add all of them."""
    for service, rows in (("forum", FORUMS), ("classified", CATEGORIES)):
        for order, (forum_id, parent_id, name, description) in enumerate(rows, start=1):
            board.add_forum(
                Forum(
                    forum_id=forum_id,
                    name=name,
                    description=description,
                    parent_id=parent_id,
                    service=service,
                    display_order=order,
                )
            )
