"""The first rooms of the sandbox and what is written in them. People, goods and orders are invented.

A line of a script: who writes, minutes since the line before, text. Instead of a text: ``^2 text`` answers the comment
two lines before, ``@name`` posts a payload, ``!label`` presses a button of the last comment that has one, and
``*add_member name`` is a system event. A slash between blanks is a line break.
"""

from __future__ import annotations

import datetime
from typing import Any

import attrs

__all__ = ["PAYLOADS", "TALKS", "Talk"]


@attrs.frozen(slots=True, kw_only=True)
class Talk:
    """A room with its comments."""

    name: str = ""
    type: str
    people: tuple[str, ...]
    """The first has made the room."""
    start: datetime.datetime
    script: str = ""
    unread: dict[str, int] = attrs.field(factory=dict)
    """How many of the last comments somebody has not read."""


def _at(month: int, day: int, hour: int, minute: int) -> datetime.datetime:
    return datetime.datetime(2018, month, day, hour, minute, tzinfo=datetime.UTC)


PAYLOADS: dict[str, tuple[str, dict[str, Any]]] = {
    "menu": (
        "buttons",
        {
            "text": "Halo! Saya Asisten Senja. Mau dibantu apa?",
            "buttons": [
                {
                    "label": "Cek pesanan",
                    "postback_text": "Cek pesanan saya",
                    "type": "postback",
                    "payload": {
                        "url": "https://bot.tehsenja.example/menu",
                        "method": "POST",
                        "payload": {"menu": "pesanan"},
                    },
                },
                {
                    "label": "Bicara dengan CS",
                    "postback_text": "Saya mau bicara dengan CS",
                    "type": "postback",
                    "payload": {
                        "url": "https://bot.tehsenja.example/menu",
                        "method": "POST",
                        "payload": {"menu": "cs"},
                    },
                },
                {
                    "label": "Lihat katalog",
                    "type": "link",
                    "payload": {"url": "https://tehsenja.example/katalog?dari=chat"},
                },
            ],
        },
    ),
    "kartu": (
        "card",
        {
            "text": "Yang paling laku minggu ini",
            "image_url": "https://cdn.tehsenja.example/produk/melati-250.jpg",
            "title": "Teh Melati Senja 250 gr",
            "description": "Daun pilihan dari Pekalongan\nRp 42.000,-\nBeli 3 gratis ongkir",
            "url": "https://tehsenja.example/produk/melati-250?dari=chat",
            "buttons": [
                {
                    "label": "Pesan",
                    "postback_text": "Pesan Teh Melati Senja",
                    "type": "postback",
                    "payload": {
                        "url": "https://bot.tehsenja.example/pesan",
                        "method": "POST",
                        "payload": {"sku": "MEL-250"},
                    },
                },
                {
                    "label": "Selengkapnya",
                    "type": "link",
                    "payload": {"url": "https://tehsenja.example/produk/melati-250"},
                },
            ],
        },
    ),
    "pilihan": (
        "carousel",
        {
            "cards": [
                {
                    "image": f"https://cdn.tehsenja.example/produk/{sku.lower()}.jpg",
                    "title": title,
                    "description": price,
                    "default_action": {
                        "type": "postback",
                        "postback_text": f"Lihat {title}",
                        "payload": {"url": "https://bot.tehsenja.example/lihat", "method": "GET", "payload": None},
                    },
                    "buttons": [
                        {
                            "label": "Pesan",
                            "type": "postback",
                            "payload": {
                                "url": "https://bot.tehsenja.example/pesan",
                                "method": "POST",
                                "payload": {"sku": sku},
                            },
                        }
                    ],
                }
                for sku, title, price in (
                    ("SEREH-100", "Teh Sereh", "Rp 28.000,-"),
                    ("JAHE-100", "Teh Jahe Merah", "Rp 31.000,-"),
                    ("TUBRUK-500", "Teh Tubruk Besar", "Rp 55.000,-"),
                )
            ]
        },
    ),
    "gudang": (
        "location",
        {
            "name": "Gudang Teh Senja",
            "address": "Jalan Kembang Melati 17, Condongcatur, Sleman",
            "latitude": -7.7612,
            "longitude": 110.3951,
            "map_url": "https://peta.example/gudang-teh-senja",
        },
    ),
    "kurir": ("contact_person", {"name": "Pak Darto (kurir)", "value": "0000-555-0133", "type": "phone"}),
    "surel": ("contact_person", {"name": "Bagian Faktur", "value": "faktur@tehsenja.example", "type": "email"}),
    "foto": (
        "file_attachment",
        {
            "url": "https://cdn.tehsenja.example/unggah/dus-penyok.jpg",
            "caption": "Ini fotonya, dusnya penyok",
            "file_name": "dus-penyok.jpg",
            "size": 184213,
            "pages": 1,
        },
    ),
    "resi": (
        "file_attachment",
        {"url": "https://cdn.tehsenja.example/resi/ts-2201.pdf", "caption": "Resi TS-2201", "pages": 2},
    ),
    "kupon": ("custom", {"type": "kupon", "content": {"kode": "SENJA15", "potongan": 15, "sampai": "2018-03-31"}}),
    "akun": (
        "account_linking",
        {
            "text": "Silakan masuk supaya poinnya tercatat",
            "url": "https://tehsenja.example/masuk",
            "redirect_url": "https://tehsenja.example/masuk/selesai",
            "params": {"button_text": "Masuk", "view_title": "Akun Teh Senja", "success_message": "Akun tersambung"},
        },
    ),
}

TALKS = (
    Talk(
        name="Tim Layanan",
        type="group",
        people=("ratna", "bayu", "gudang"),
        start=_at(1, 29, 1, 30),
        script="""
ratna 0 *create_room
ratna 1 Pagi semua, ruang ini untuk urusan layanan ya.
bayu 2 Siap mbak.
gudang 5 Siap.
ratna 3 *add_member asisten
asisten 0 Asisten Senja siap membantu. Ketik "menu" kapan saja.
bayu 1 menu
asisten 0 @menu
bayu 44 Ada yang tahu stok melati 250 tinggal berapa?
gudang 6 ^1 Tinggal 48 bungkus, besok datang lagi 200.
bayu 1 Oke, saya buka pre-order saja dulu.
ratna 1440 Kemarin ada tiga keluhan dus penyok. Gudang tolong dicek.
gudang 12 Sudah, dusnya terlalu tipis. Mulai hari ini pakai yang dobel.
ratna 4 Terima kasih cepatnya.
bayu 1410 Jadwal Sabtu siapa?
ratna 3 Saya pagi, kamu siang.
bayu 1 Sip 👍
gudang 8700 Info: gudang tutup tanggal 16, libur Imlek.
asisten 0 Dicatat: gudang tutup 2018-02-16.
ratna 9 Tolong pasang pengumuman di toko ya Bay.
bayu 15 Sudah tayang.
gudang 18720 Sudah buka lagi. Antrean kirim 37 paket, selesai sore ini.
ratna 30 Mantap.
bayu 10010 Pelanggan TS-2201 sudah saya masukkan ke ruang sendiri.
ratna 2 ^1 Saya ikut di sana.
""",
        unread={"gudang": 2, "asisten": 2},
    ),
    Talk(
        type="single",
        people=("sinta", "ratna"),
        start=_at(2, 5, 3, 10),
        script="""
sinta 0 Siang kak, paket saya TS-2147 sudah sampai tapi dusnya penyok.
sinta 1 @foto
ratna 8 Siang kak Sinta, mohon maaf ya. Isinya aman?
sinta 3 Dua bungkus robek, tehnya tumpah.
ratna 4 Kami kirim gantinya hari ini, ongkir dari kami.
sinta 1 Wah makasih kak.
sinta 2 Yang rusak perlu dikembalikan?
ratna 5 ^1 Tidak usah kak, boleh dibuang saja.
ratna 190 Penggantinya sudah dikirim, resi SNJ0041277.
sinta 2 Oke kak ditunggu.
sinta 2890 Sudah sampai, kali ini rapi sekali!
ratna 10 Syukurlah. Terima kasih sudah sabar kak.
sinta 6 Sekalian tanya, teh sereh kapan ada lagi?
ratna 21 Minggu depan kak. Mau saya kabari?
sinta 1 Mau dong.
ratna 9905 Kak Sinta, teh serehnya sudah ada lagi ya.
sinta 44 Asyik, saya pesan 2.
ratna 3 Totalnya Rp 56.000, belum ongkir. Kirim ke alamat yang sama?
sinta 2 Iya kak, alamat yang sama.
ratna 2 Siap, link bayarnya saya kirim lewat surel.
sinta 65 Sudah saya bayar.
ratna 7 Sudah masuk. Terima kasih kak!
sinta 3020 Paket sampai. Tehnya enak, bintang lima 🌟
ratna 16 Terima kasih banyak kak Sinta.
sinta 7300 Kak, kalau mau kirim kado bisa pakai kartu ucapan?
""",
        unread={"ratna": 1},
    ),
    Talk(
        type="single",
        people=("damar", "asisten"),
        start=_at(2, 19, 12, 2),
        script="""
damar 0 halo
asisten 0 @menu
damar 1 !Cek pesanan
asisten 0 Boleh minta nomor pesanannya?
damar 1 TS-2188
asisten 0 TS-2188: sedang dikemas, dikirim paling lambat besok.
damar 0 sip
damar 1450 menu
asisten 0 @menu
damar 0 !Cek pesanan
asisten 0 Boleh minta nomor pesanannya?
damar 0 ts-2188
asisten 0 TS-2188: dibawa kurir, tiba hari ini.
damar 2 nomor kurirnya ada?
asisten 0 @kurir
damar 65 sudah diterima, makasih
asisten 0 Sama-sama! Selamat menikmati.
damar 2900 ada poin ga sih kalau belanja di sini?
asisten 0 @akun
damar 5 sudah masuk
asisten 0 Akunmu tersambung. Poinmu sekarang: 84.
damar 1 84 poin bisa ditukar apa?
asisten 0 Maaf, saya belum mengerti. Ketik "menu" untuk melihat pilihan.
damar 0 menu
asisten 0 @menu
damar 1 !Bicara dengan CS
asisten 0 Baik, CS kami menghubungi dalam 10 menit.
""",
    ),
    Talk(
        name="Pesanan TS-2201",
        type="group",
        people=("ratna", "joko", "gudang"),
        start=_at(2, 26, 2, 45),
        script="""
ratna 0 *create_room
ratna 1 Selamat pagi Pak Joko, ini ruang khusus pesanan TS-2201.
joko 6 Pagi mbak. Jadi 40 paket ya, untuk seminar tanggal 6.
ratna 2 Siap pak. Isi paketnya melati 100 gr dan kartu ucapan?
joko 1 Betul. Namanya nanti saya kirim.
gudang 15 Stok aman, mulai dikemas besok.
joko 180 Ini daftar namanya saya kirim lewat surel, ke alamat mana?
ratna 3 @surel
joko 12 Sudah terkirim.
gudang 1260 Sudah selesai 22 paket.
joko 4 Cepat sekali, terima kasih.
joko 2 Bisa diambil sendiri?
gudang 3 Bisa pak, jam 8 sampai 4.
gudang 0 @gudang
joko 9 ^2 Besok jam 10 saya ke sana.
ratna 2 Pembayarannya dilunasi saat ambil saja pak.
joko 1 Oke.
gudang 1330 40 paket sudah siap di meja depan.
joko 41 Saya sudah di gudang.
gudang 2 Silakan masuk pak, lewat pintu samping.
gudang 35 Barang sudah diserahkan, lunas.
ratna 3 @resi
joko 20 Diterima lengkap. Terima kasih semua.
ratna 1 Sama-sama pak, semoga seminarnya lancar.
""",
    ),
    Talk(
        type="single",
        people=("wulan", "bayu"),
        start=_at(3, 2, 8, 20),
        script="""
wulan 0 Permisi, mau tanya soal grosir.
bayu 5 Silakan kak Wulan.
wulan 2 Minimal berapa bungkus?
bayu 1 Minimal 24 bungkus, boleh campur rasa.
wulan 1 Harganya?
bayu 4 24 sampai 95 bungkus potongan 12%, 96 ke atas 18%.
wulan 3 Kalau 96 tapi kirimnya dua kali bisa?
bayu 11 ^1 Bisa kak, asal dalam satu bulan.
wulan 1 Pajaknya sudah termasuk?
bayu 2 Sudah kak, fakturnya menyusul.
wulan 60 Oke saya bicarakan dulu dengan suami ya.
bayu 1 Siap kak, ditunggu kabarnya.
wulan 2700 Jadi kak, 96. Melati 48, jahe 24, sereh 24.
bayu 6 Totalnya Rp 2.814.240 sudah dengan potongan.
wulan 2 Yang jahe diganti tubruk boleh?
bayu 3 Boleh kak, totalnya jadi Rp 3.286.560.
wulan 1 Wah beda jauh ya. Jahe saja deh 😅
bayu 1 Siap, kembali ke jahe.
wulan 30 Sudah transfer uang muka 50%.
bayu 8 Sudah masuk kak, terima kasih. Kiriman pertama hari Kamis.
wulan 5640 Kak, hari ini jadi kirim?
bayu 4 Jadi kak, jam 2 diambil kurir.
bayu 150 Resinya SNJ0043090 ya kak.
wulan 3 Makasih kak Bayu!
wulan 1380 Sudah sampai semua, lengkap.
wulan 1 Sisanya tanggal 20 ya.
""",
        unread={"bayu": 2},
    ),
    Talk(
        name="Kabar Senja",
        type="group",
        people=("asisten", "ratna", "sinta", "damar", "wulan"),
        start=_at(3, 5, 0, 0),
        script="""
asisten 0 *create_room Kabar Toko
asisten 0 Selamat datang di Kabar Toko! Promo dan kabar baru ada di sini.
asisten 1 *add_member joko
sinta 14 Halo semuanya 👋
damar 3 halo
asisten 60 @kartu
damar 2 !Pesan
asisten 0 Damar, pesananmu TS-2230 sudah dicatat.
wulan 25 Kalau grosir ikut promo juga?
ratna 10 ^1 Untuk grosir sudah ada potongan sendiri kak.
asisten 2880 @pilihan
sinta 5 Yang jahe merah pedas tidak?
ratna 9 Hangat saja kak, tidak pedas.
sinta 1 Oke aku coba.
joko 200 Kemarin dipakai di seminar, banyak yang tanya belinya di mana.
ratna 4 Wah terima kasih pak Joko 🙏
asisten 1440 @kupon
damar 1 kuponnya bisa buat grosir?
asisten 0 Maaf, saya belum mengerti. Ketik "menu" untuk melihat pilihan.
wulan 8 Hehe, robotnya bingung.
ratna 3 Kuponnya untuk eceran ya kak.
sinta 500 Sudah kupakai, makasih!
asisten 2280 Minggu ini toko buka sampai jam 9 malam.
joko 33 Siap mampir.
asisten 1 *change_room_name Kabar Senja
""",
        unread={"sinta": 3, "damar": 4, "wulan": 4, "joko": 1, "ratna": 3},
    ),
    Talk(type="single", people=("joko", "bayu"), start=_at(3, 20, 4, 0)),
)
