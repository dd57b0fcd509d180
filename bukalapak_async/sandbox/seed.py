"""The first data of the sandbox. All people, shops, goods and orders are invented."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import attrs

__all__ = ["ADMIN_ID", "MAIN_USER_ID", "PARTNER_ID", "PEOPLE", "TALKS", "Line", "Person", "Talk"]

JAKARTA = datetime.timezone(datetime.timedelta(hours=7))

ADMIN_ID = "6"
"""The administrator, who alone may be written to in categories above 0."""
MAIN_USER_ID = "71203"
"""The user whose credentials the sandbox hands out."""
PARTNER_ID = "155218"
"""Somebody who writes with the main user: the other side, for tests with two."""


@attrs.frozen(slots=True)
class Person:
    """A user, before the parts that follow from the identifier."""

    id: str
    name: str
    username: str


PEOPLE = (
    Person(ADMIN_ID, "Administrator", "admin"),
    Person(MAIN_USER_ID, "Warung Kayuh", "warungkayuh"),
    Person(PARTNER_ID, "Laras Widuri", "laraswiduri"),
    Person("46031", "Layanan Pelanggan ", "layanan"),
    Person("160774", "Bimo Pratomo", "bimopratomo"),
    Person("98412", "Sekar Melati", "sekarmelati"),
    Person("203155", "Toko Ban Sejati", "bansejati"),
    Person("187640", "Galih Anggoro", "galihanggoro"),
    Person("121908", "Nirmala Dewanti", "nirmala.d"),
    Person("230017", "Onderdil Rimba", "onderdilrimba"),
    Person("77356", "Yoga Permadi", "yogapermadi"),
    Person("144290", "Intan Kirana", "intankirana"),
    Person("215863", "Cakra Wibawa", "cakrawibawa"),
    Person("168501", "Kios Helm Andalan", "helmandalan"),
)


@attrs.frozen(slots=True)
class Line:
    """One message of a talk."""

    sender_id: str
    receiver_id: str
    at: datetime.datetime
    body_bb: str


@attrs.frozen(slots=True)
class Talk:
    """A conversation between two users."""

    one: str
    other: str
    start: datetime.datetime
    script: str
    """A line each: ``<`` from the other, ``>`` from the one, minutes since the line before, text."""
    unread: int = 0
    """How many of the last messages to the one are not read yet."""
    product_id: str | None = None
    """What the other asks about in the first message."""

    def lines(self) -> Iterator[Line]:
        """The messages, oldest first."""
        at = self.start
        for line in self.script.strip().splitlines():
            direction, minutes, text = line.split(" ", 2)
            at += datetime.timedelta(minutes=int(minutes), seconds=len(text) % 60)
            sender, receiver = (self.one, self.other) if direction == ">" else (self.other, self.one)
            yield Line(sender, receiver, at, text.replace(" / ", "\n"))


def _at(month: int, day: int, hour: int, minute: int) -> datetime.datetime:
    return datetime.datetime(2017, month, day, hour, minute, tzinfo=JAKARTA)


TALKS = (
    Talk(
        MAIN_USER_ID,
        ADMIN_ID,
        _at(6, 5, 9, 12),
        """
< 0 Halo Warung Kayuh, / / Selamat datang. Lapakmu sudah aktif dan bisa mulai menerima pesanan. / / Terima kasih.
< 4330 Halo Warung Kayuh, / / Barang [b]Sadel Kulit Motif Batik[/b] kami turunkan, fotonya buram. Mohon unggah lagi.
> 52 Siap, fotonya sudah saya ganti. Mohon dicek lagi ya.
< 185 Terima kasih, barangnya sudah tayang kembali.
""",
    ),
    Talk(
        MAIN_USER_ID,
        "46031",
        _at(6, 11, 14, 3),
        """
> 0 Siang, saldo penjualan saya minggu lalu kok belum masuk ya?
< 75 Selamat siang, mohon nomor transaksinya.
> 6 Nomornya 170604118. Pembeli sudah konfirmasi terima barang.
< 240 Sudah kami cek, dananya masuk paling lambat besok pukul 12.00.
> 1130 Sudah masuk, terima kasih bantuannya.
""",
    ),
    Talk(
        MAIN_USER_ID,
        "160774",
        _at(6, 19, 20, 41),
        """
< 0 gan, rantai 9 speed ready?
> 12 Ready gan, silakan langsung diorder.
< 3 bisa kirim ke Bantul pakai kurir biasa?
> 9 Bisa, 2 sampai 3 hari sampai.
< 2 oke saya transfer malam ini
""",
        product_id="k7x2a",
    ),
    Talk(
        MAIN_USER_ID,
        "98412",
        _at(6, 28, 8, 17),
        """
< 0 Pagi kak, keranjang rotan yang besar masih ada?
> 21 Pagi kak, masih 3 buah.
< 5 Ukurannya berapa ya? Takut kebesaran di sepeda mini.
> 14 Panjang 34 cm, lebar 25 cm, tinggi 26 cm. Aman untuk sepeda mini kak.
< 8 Baik, saya pesan 1. Tolong dibungkus rapi ya, buat kado.
> 4 Siap kak, saya bungkus kertas cokelat dan pita.
< 4420 Sudah sampai, cantik sekali. Makasih kak!
""",
        product_id="m1q9c",
    ),
    Talk(
        MAIN_USER_ID,
        "203155",
        _at(7, 3, 10, 30),
        """
> 0 Selamat pagi, harga ban luar 26 x 1.95 kalau ambil 2 lusin berapa?
< 47 Pagi, kalau 2 lusin bisa 58.000 per buah. Ongkir dari kami.
> 18 55.000 bisa? Saya ambil rutin tiap bulan.
< 33 56.000 paling bagus ya. Kalau cocok saya siapkan sore ini.
> 2 Deal. Saya bayar lewat rekening bersama.
< 1510 Barang sudah dikirim, resinya menyusul malam ini.
""",
    ),
    Talk(
        MAIN_USER_ID,
        "187640",
        _at(7, 9, 16, 55),
        """
< 0 Mas, pedal yang saya terima kok ulirnya kiri semua?
> 30 Waduh, maaf mas. Boleh minta fotonya?
< 11 Sudah saya unggah di halaman diskusi transaksi.
> 26 Betul, kami salah ambil. Besok kami kirim penggantinya, ongkir kami yang tanggung.
< 7 Oke mas, ditunggu.
> 1240 Pengganti sudah dikirim ya mas. Yang lama tidak usah dikembalikan.
< 2875 Sudah pas. Terima kasih tanggung jawabnya.
""",
    ),
    Talk(
        MAIN_USER_ID,
        "121908",
        _at(7, 16, 11, 8),
        """
< 0 Permisi, bel sepeda yang bunyinya "kring kring" itu ada warna hijau?
> 40 Ada kak, hijau tosca dan hijau daun.
< 6 Yang tosca ya 2. Kalau ½ lusin ada potongan?
> 15 Kalau 6 buah jadi 21.000 per buah kak.
< 9 Baik, 6 buah. 4 tosca, 2 hijau daun.
""",
        product_id="p4d0e",
    ),
    Talk(
        MAIN_USER_ID,
        "230017",
        _at(7, 24, 19, 22),
        """
< 0 Bos, kami ada stok rem cakram lokal, mau titip jual?
> 95 Boleh lihat daftar harganya dulu?
< 20 Sepasang 145.000, garansi 3 bulan. Minimal 5 pasang.
> 610 Saya coba 5 pasang dulu ya.
""",
    ),
    Talk(
        MAIN_USER_ID,
        "77356",
        _at(8, 2, 21, 14),
        """
< 0 Malam, lampu depan yang bisa dicas masih ada?
> 7 Malam mas, ada. Sisa 2.
< 1 tahan air ga?
> 3 Tahan hujan mas, tapi jangan direndam.
< 2 nyalanya berapa jam?
> 4 Terang 3 jam, redup 8 jam, kedip 15 jam.
< 1 dapat kabel?
> 2 Dapat kabel dan dudukan setang.
< 3 garansi?
> 5 Garansi tukar 7 hari.
< 1 oke saya ambil 1
> 2 Siap mas, ditunggu ordernya.
< 18 sudah saya bayar ya, kode unik 117
> 35 Pembayaran sudah kami terima, besok pagi dikirim.
< 780 sudah dikirim mas?
> 12 Sudah mas, resi menyusul jam 5.
< 410 mana resinya
> 9 Maaf terlambat: JKT0098123345.
< 2 oke
< 2890 barang sampai, tapi kabelnya tidak ada
> 25 Mohon maaf mas, kabelnya kami susulkan hari ini.
< 3 makasih
> 1480 Kabel sudah dikirim, resi JKT0098150220.
< 1600 sudah terima kabelnya. beres
> 8 Terima kasih mas, maaf atas repotnya.
""",
        product_id="r8t3u",
    ),
    Talk(
        MAIN_USER_ID,
        "144290",
        _at(8, 14, 7, 49),
        """
< 0 Kak, mau tanya, helm anak yang gambar kelinci bisa COD di Depok?
> 33 Maaf kak, belum bisa COD. Kalau pesan sebelum jam 2 siang dikirim hari ini.
< 10 Yah, oke deh nanti saya pikir dulu.
< 1620 Jadi pesan kak, ukuran S ya.
""",
        unread=1,
    ),
    Talk(
        MAIN_USER_ID,
        "215863",
        _at(8, 21, 13, 26),
        """
< 0 Halo, saya sudah bayar tapi status masih menunggu. Transaksi 170821554.
< 34 Bukti transfernya sudah saya unggah juga.
< 118 Mohon dibantu ya.
""",
        unread=3,
    ),
    Talk(
        MAIN_USER_ID,
        PARTNER_ID,
        _at(8, 25, 15, 37),
        """
< 0 Kak, sadel batik yang cokelat masih ada?
> 16 Masih ada kak, sisa satu.
< 4 Bisa ditahan sampai besok? Saya gajian besok pagi.
> 2 Bisa kak, saya simpan atas nama Laras ya.
< 1105 Sudah saya bayar kak, tolong kirim hari ini kalau sempat.
""",
        unread=1,
        product_id="s5b6n",
    ),
    Talk(
        PARTNER_ID,
        "168501",
        _at(8, 26, 10, 2),
        """
> 0 Siang, helm dewasa ukuran M ada yang putih?
< 22 Ada kak, putih doff dan putih kilap.
> 5 Yang doff satu ya.
""",
        unread=0,
    ),
)
