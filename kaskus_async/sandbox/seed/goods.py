"""What is for sale, or wanted, in the first data."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

__all__ = ["GOODS", "OLD_THREADS", "Row", "rows"]


@attrs.frozen
class Row:
    """One thread of the marketplace."""

    owner: str
    """``shop`` or ``smith`` for the sellers, ``me`` for the buyer."""
    forum_id: int
    prefix: str
    price: int
    discount: int
    condition: int
    mechanisms: str
    """``1`` COD, ``2`` escrow, ``3`` bought at once."""
    weight: int
    title: str
    text: str


GOODS = """
shop 221 WTS 85000 0 1 23 250 | Kopi Gayo arabika 250 gram | Sangrai sedang, [b]giling sesuai alat[/b].
shop 221 WTS 92000 10 1 23 250 | Kopi Kintamani arabika 250 gram | Asam jeruk, panen tahun ini.
shop 221 WTS 78000 0 1 2 250 | Kopi Toraja Sapan 250 gram | Bodi tebal, rempah.
shop 221 WTS 165000 15 1 123 600 | Dripper V60 keramik + 100 kertas saring | Warna putih, ukuran 02.
shop 221 WTS 540000 5 1 23 1500 | Grinder manual 38 mm | Mata pisau baja, setelan klik.
shop 221 WTS 320000 0 2 12 900 | Teko leher angsa 600 ml | Bekas pakai tiga bulan, mulus.
shop 221 WTS 45000 0 1 23 200 | Teh melati tubruk 10 bungkus | Dari Tegal, wangi alami.
shop 240 WTS 60000 20 2 12 350 | Novel Layar Senja | Bekas baca sekali, sampul aman.
shop 240 WTS 350000 0 2 12 2600 | Komik Petualangan Si Kancil lengkap | Dua belas jilid, kertas agak kuning.
shop 240 WTS 110000 25 1 23 500 | Buku resep kopi susu rumahan | Cetakan baru, 120 halaman.
shop 221 WTS 25000 0 1 1 100 | Gantungan kunci biji kopi | COD Yogyakarta saja.
shop 221 SOLD 410000 0 2 12 1200 | Moka pot 6 cangkir | Sudah laku, terima kasih.
smith 210 WTS 2150000 0 2 12 900 | Ponsel Nusa 7 64 GB | Fullset, garansi habis.
smith 210 WTS 4750000 8 2 23 2300 | Laptop Merapi 14 inci | RAM 16 GB, baterai baru diganti.
smith 210 WTS 875000 0 4 23 700 | Kamera saku Lensa X refurbish | Sudah dibersihkan dan diuji.
smith 210 WTS 135000 30 1 23 150 | Powerbank 10.000 mAh | Warna hitam, kabel dua.
smith 210 WTS 95000 0 1 2 120 | Pengisi daya cepat 20 watt | Kepala saja tanpa kabel.
smith 210 WTS 60000 0 1 12 90 | Kabel data anyaman 1 meter | Tebal, tahan tekuk.
smith 210 WTS 51000 0 1 3 0 | Voucher listrik 50.000 | Kode dikirim begitu dibayar.
smith 210 WTS 101000 0 1 3 0 | Voucher listrik 100.000 | Kode dikirim begitu dibayar.
smith 230 WTS 3200000 0 2 12 14000 | Sepeda lipat Laju 20 inci | Servis rutin, tinggal pakai.
smith 230 WTS 275000 10 1 23 400 | Set rem cakram hidrolik | Depan belakang, isi minyak.
smith 230 WTS 150000 0 1 23 900 | Ban luar 26 x 1,95 | Dua buah, alur kering.
smith 230 WTS 185000 0 4 2 1100 | Sadel kulit rekondisi | Jahitan baru, rangka lurus.
smith 230 SOLD 90000 0 1 23 300 | Lampu sepeda isi ulang | Stok habis, gan.
me 221 WTS 240000 0 2 12 1100 | French press 1 liter | Jarang dipakai, [i]nego halus[/i].
me 240 WTS 75000 0 2 2 400 | Buku Belajar Python dari Nol | Ada coretan pensil sedikit.
me 210 SOLD 650000 0 2 12 500 | Jam pintar generasi dua | Sudah laku.
me 230 WTB 1500000 0 2 1 0 | Cari sepeda gunung 27,5 second | Sekitar Bandung, lebih suka COD.
me 221 WTB 300000 0 2 1 0 | Cari timbangan kopi digital | Akurasi 0,1 gram.
"""
"""Owner, category, prefix, price, discount, condition, ways to pay, weight, then title and text."""

OLD_THREADS = """
smith 210 WTS 1250000 0 2 1 0 | [WTS] Tablet bekas layar 10 inci | Lapak lama, hubungi lewat PM.
shop 240 WTS 40000 0 2 1 0 | [WTS] Majalah lawas satu dus | Ambil sendiri di Yogyakarta.
me 230 WTB 200000 0 2 1 0 | [WTB] Helm sepeda ukuran L | Yang masih layak pakai.
"""
"""The same, for threads from before there were lapak."""


def rows(table: str) -> Iterator[Row]:
    """The rows of a table."""
    for line in table.strip().split("\n"):
        facts, title, text = line.split(" | ")
        owner, forum_id, prefix, price, discount, condition, mechanisms, weight = facts.split()
        yield Row(
            owner,
            int(forum_id),
            prefix,
            int(price),
            int(discount),
            int(condition),
            mechanisms,
            int(weight),
            title,
            text,
        )
