"""What is written in the forums of the first data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaskus_async.sandbox.seed.people import MAIN_USER_ID, PARTNER_ID
from kaskus_async.sandbox.times import NEWEST

if TYPE_CHECKING:
    from kaskus_async.sandbox.entities import Post, Thread
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["add_threads"]

_HOUR = 3_600

_THREADS: dict[int, tuple[tuple[str, str, str], ...]] = {
    21: (
        ("Sore-sore enaknya ngapain, gan?", "Pulang kerja masih terang, [b]tapi malas pulang[/b]. Usul?", "santai"),
        ("Lagu apa yang lagi diputar?", "Sebut satu lagu dan alasannya. Saya mulai: keroncong, biar adem.", "musik"),
        ("Kebiasaan aneh waktu kecil", "Dulu saya yakin bulan ikut berjalan kalau kita naik becak.", "nostalgia"),
        ("Hujan dari pagi, banjir belum?", "Daerah agan bagaimana? Di sini baru semata kaki.", "cuaca"),
    ),
    22: (
        ("Tiga bulan merantau ke Samarinda", "Dari Garut, sendiri, cuma bawa dua tas. Begini ceritanya.", "rantau"),
        ("Warung yang tidak pernah tutup", "Di kampung saya ada warung yang [i]lampunya[/i] tak pernah mati.", ""),
        ("Guru SD yang masih ingat nama saya", "Dua puluh tahun tidak bertemu, masih disapa nama kecil.", "nostalgia"),
        ("Naik kereta ekonomi semalam penuh", "Duduk berhadapan dengan kakek yang hafal semua stasiun.", "kereta"),
    ),
    23: (
        ("Pantun receh, satu baris satu orang", "Beli ketan ke pasar minggu,\nyang membaca harap menunggu.", "pantun"),
        ("Salah kirim pesan ke grup keluarga", "Niatnya ke teman, masuknya ke grup yang isinya pakde semua.", ""),
        ("Kucing tetangga absen tiap jam makan", "Sudah tiga hari dia datang lebih tepat waktu dari saya.", "kucing"),
        ("Tebak-tebakan yang bikin kesal", "Kopi apa yang paling pelit? Kopi [i]tiam-tiam[/i].", "tebakan"),
    ),
    41: (
        (
            "[Share] Seduh V60 untuk pemula",
            "Alat: dripper, kertas, air 92 derajat.\n[quote]15 gram kopi, 225 gram air, tiga menit.[/quote]\n"
            "[img]http://gambar.example/v60.jpg[/img]\nSelamat mencoba.",
            "kopi,seduh,v60",
        ),
        ("Gayo atau Kintamani?", "Sama-sama enak, tapi pagi hari saya pilih yang asamnya segar.", "kopi,gayo"),
        ("Teh tubruk, jangan diremehkan", "Melati asli Tegal, gula batu, poci tanah. Sudah.", "teh"),
        ("Kedai kopi murah di Bandung", "Di bawah dua puluh ribu dan colokannya banyak. Ada?", "kopi,bandung"),
    ),
    42: (
        ("Rute gowes akhir pekan Jakarta - Puncak", "Berangkat subuh, 78 km, naiknya panjang.", "gowes,rute"),
        ("Rem cakram bunyi, solusinya?", "Baru 300 km sudah mencicit. Sudah saya bersihkan.", "rem,bengkel"),
        ("Sepeda lipat buat naik KRL", "Yang lipatannya cepat dan tidak bikin pegal, apa ya gan?", "lipat"),
        ("Foto sepedamu di sini", "[img]http://gambar.example/sepeda.jpg[/img]\nSilakan pamer.", "foto"),
    ),
    43: (
        ("Lensa pertama: 35 atau 50?", "Buat jalan-jalan dan potret keluarga.", "lensa"),
        ("Hasil jepretan pasar pagi", "[img]http://gambar.example/pasar.jpg[/img]\nISO 800, f/4.", "hasil"),
        ("Motret di pantai, kamera berkabut", "Keluar dari mobil ber-AC langsung buram. Kenapa?", "tips"),
        ("Cetak foto yang bagus di mana?", "Ukuran 30x40, kertas doff. Kota mana saja boleh.", "cetak"),
    ),
    61: (
        ("Baterai cepat habis setelah diperbarui", "Dari sehari jadi setengah hari. Ada yang sama?", "baterai"),
        ("Ponsel dua jutaan yang awet", "Untuk ibu saya: layar besar, suara keras.", "ponsel"),
        ("Jangan cas di bawah bantal", "Teman saya hampir celaka. [b]Tolong disebarkan.[/b]", "aman"),
        ("Cadangan foto sebelum ganti ponsel", "Langkah yang saya pakai, lengkap dengan gambar.", "tips"),
    ),
    62: (
        (
            "asyncio: kapan pakai gather?",
            "Contoh saya:\n[code]await asyncio.gather(*calls)[/code]\nKalau satu gagal, sisanya bagaimana?",
            "python,asyncio",
        ),
        ("Galat encoding di nama berkas", "Nama berkas dari [i]klien[/i] ada huruf é, gagal dibaca.", "python"),
        ("Belajar basis data dari nol", "Mulai dari mana, gan? Sudah bisa sedikit SQL.", "sql,belajar"),
        ("Kerja remote dari kampung", "Sinyal naik turun, tapi kopi murah. Tips dong.", "kerja"),
    ),
    81: (
        ("Kopdar Bandung bulan ini", "Taman Cilaki, Minggu jam delapan. Bawa bekal.", "kopdar,bandung"),
        ("Batagor favorit, sebut satu", "Tidak boleh dua. Saya: yang di dekat rel.", "kuliner,bandung"),
        ("Macet Pasteur jam berapa paling parah?", "Mau ke arah Lembang, enaknya lewat mana?", "macet"),
        ("Toko buku bekas di Bandung", "Cari novel lama, yang di Palasari sudah pindah?", "buku,bandung"),
    ),
    82: (
        ("Angkringan yang buka sampai pagi", "Sekitar Kotabaru, nasi kucingnya masih hangat.", "kuliner,jogja"),
        ("Kos dekat kampus, jujur-jujuran harga", "Tulis harga dan isinya, biar adik-adik tidak bingung.", "kos"),
        ("Kopdar Kotabaru hari Sabtu", "Jam empat sore, yang bawa alat seduh kabari di sini.", "kopdar,jogja"),
        ("Sepeda sewaan di Malioboro", "Sehari berapa sekarang? Ada yang bisa diantar?", "sepeda,jogja"),
    ),
}
"""By forum: title, text, tags."""

_REPLIES = (
    "Pertamax gan, izin nyimak.",
    "Setuju sama TS, di tempat saya juga begitu.",
    "Kalau saya lain lagi: lebih pilih yang dekat rumah saja.",
    "Nice info, [b]cendol[/b] meluncur.",
    "Wah baru tahu, makasih sis.",
    "Coba ditambah foto gan, biar jelas.",
    "Sudah saya coba kemarin dan berhasil.",
    "Maaf OOT, ini masih berlaku tidak ya?",
    "Di sini malah sebaliknya, aneh juga.",
    "Numpang tanya, kalau untuk pemula bagaimana?",
    "Mantap, saya bookmark dulu.",
    "Hati-hati gan, tetangga saya pernah kena.",
    "Ada yang tahu harganya sekarang?",
    "Sundul, biar tidak tenggelam.",
    "Kopinya jangan lupa, obrolan begini lama habisnya.",
    "Rapi sekali penjelasannya, [i]salut[/i].",
    "Besok saya kabari hasilnya.",
    "Kalau lewat jalur lama masih bisa.",
    "Jadi ingat waktu masih kuliah.",
)
_HOT = (0, 12, 17, 28)
_FORMERLY_HOT = (4, 20, 33)
_STICKY = 36
_CLOSED = 11


def add_threads(state: KaskusState) -> None:
    """Forty threads, each with a few replies, some of which quote another."""
    people = list(state.users.values())
    rows = [(forum_id, *row) for forum_id, rows in _THREADS.items() for row in rows]
    for number, (forum_id, title, text, tags) in enumerate(rows):
        author = people[number * 3 % len(people)]
        at = NEWEST - (len(rows) - number) * 11 * _HOUR
        thread = state.board.add_thread(
            author, state.board.forum(forum_id), title, text, at=at, tags=[tag for tag in tags.split(",") if tag]
        )
        _add_replies(state, thread, number)
        _decorate(state, thread, number)


def _add_replies(state: KaskusState, thread: Thread, number: int) -> None:
    people = list(state.users.values())
    for reply in range(2 + number * 3 % 5):
        author = people[(number * 5 + reply * 4 + 1) % len(people)]
        text = _REPLIES[(number * 7 + reply * 3) % len(_REPLIES)]
        if reply % 3 == 1:
            text = _quote(state, state.board.last_post(thread)) + text
        state.board.add_post(author, thread, text, at=thread.dateline + (reply + 1) * (1 + number % 3) * 1_300)


def _quote(state: KaskusState, post: Post) -> str:
    return f"[quote={state.users[post.userid].username};{post.post_id}]{post.pagetext}[/quote]\n"


def _decorate(state: KaskusState, thread: Thread, number: int) -> None:
    people = list(state.users)
    thread.views = 37 + number * 113 % 900
    thread.votes = {people[(number + vote) % len(people)]: 3 + (number + vote) % 3 for vote in range(number % 6)}
    thread.sticky = int(number == _STICKY)
    thread.open = int(number != _CLOSED)
    if number in _HOT or number in _FORMERLY_HOT:
        state.board.heat(thread, at=thread.dateline + 6 * _HOUR, current=number in _HOT)
    if number % 2 == 0:
        first, giver = state.board.first_post(thread), state.board.last_post(thread).userid
        if giver != first.userid:
            amount = -1 if number % 8 == 6 else 3 + number % 4
            state.reputations.give(first.post_id, giver, first.userid, amount, thread.dateline + 9_000, "mantap gan")
    for userid in (MAIN_USER_ID, PARTNER_ID):
        if (number + userid) % 5 == 0:
            state.subscriptions.add_thread(userid, thread.thread_id)
