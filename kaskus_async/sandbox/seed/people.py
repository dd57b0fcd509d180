"""The people of the first data. All of them are made up."""

from __future__ import annotations

import datetime

from kaskus_async.sandbox.entities import User
from kaskus_async.sandbox.state import KaskusState
from kaskus_async.sandbox.times import JAKARTA, NEWEST

__all__ = ["MAIN_USER_ID", "PARTNER_ID", "add_people", "add_relations"]

DAY = 86_400

MAIN_USER_ID = 1_048_211
"""Whose credentials the sandbox gives."""
PARTNER_ID = 2_210_437
"""A friend of that user, and the second one with credentials."""


_LARAS, _BIMO, _TARI, _GALIH = PARTNER_ID, 1_312_008, 1_507_744, 3_020_915
_NINDYA, _WAHYU, _PUTRI, _REZA = 3_411_260, 4_102_377, 4_655_001, 5_230_118
_DEWI, _FAJAR, _MELATI, _HENDRA, _SEKAR = 5_871_942, 6_044_703, 6_318_225, 7_002_416, 7_450_390

_PEOPLE: tuple[tuple[int, str, str, str, int, str, str, int, int], ...] = (
    (MAIN_USER_ID, "arya.kopi", "Arya", "Wirawan", 1, "Jawa Barat", "kaskus addict", 812, 140),
    (_LARAS, "laras_senja", "Laras", "Prameswari", 2, "DI Yogyakarta", "kaskuser", 402, 96),
    (_BIMO, "bimo.gowes", "Bimo", "Santoso", 1, "DKI Jakarta", "kaskus addict", 1630, 310),
    (_TARI, "tari_lensa", "Tari", "Handayani", 2, "Bali", "kaskuser", 288, 71),
    (_GALIH, "galihngoding", "Galih", "Pratama", 1, "Jawa Timur", "kaskus maniac", 2954, 655),
    (_NINDYA, "nindya.teh", "Nindya", "Kirana", 2, "Jawa Barat", "kaskuser", 120, 22),
    (_WAHYU, "wahyu_angkringan", "Wahyu", "Setiadi", 1, "DI Yogyakarta", "kaskus addict", 970, 188),
    (_PUTRI, "putri.pagi", "Putri", "Maharani", 2, "Sumatera Barat", "newbie", 14, 2),
    (_REZA, "reza_servis", "Reza", "Firmansyah", 1, "Banten", "kaskuser", 530, 84),
    (_DEWI, "dewi.resep", "Dewi", "Anggraini", 2, "Sulawesi Selatan", "kaskuser", 211, 45),
    (_FAJAR, "fajarmendaki", "Fajar", "Nugroho", 1, "Jawa Tengah", "kaskuser", 344, 58),
    (_MELATI, "melatibaca", "Melati", "Lestari", 2, "DKI Jakarta", "kaskuser", 167, 31),
    (_HENDRA, "hendra.motret", "Hendra", "Gunawan", 1, "Kalimantan Timur", "newbie", 33, 5),
    (_SEKAR, "sekar_ayu", "Sekar", "Ayuningtyas", 2, "DI Yogyakarta", "newbie", 8, 0),
)
"""Number, names, gender, province, title, earlier posts and earlier reputation."""

_FRIENDS = (
    (MAIN_USER_ID, _LARAS),
    (MAIN_USER_ID, _BIMO),
    (MAIN_USER_ID, _NINDYA),
    (MAIN_USER_ID, _GALIH),
    (_LARAS, _WAHYU),
    (_LARAS, _NINDYA),
    (_LARAS, _GALIH),
    (_BIMO, _FAJAR),
    (_TARI, _HENDRA),
)
_REQUESTS = ((_SEKAR, MAIN_USER_ID), (_REZA, MAIN_USER_ID), (MAIN_USER_ID, _TARI), (_PUTRI, _LARAS))
_FOLLOWS = (
    (MAIN_USER_ID, _GALIH),
    (MAIN_USER_ID, _TARI),
    (_LARAS, MAIN_USER_ID),
    (_NINDYA, MAIN_USER_ID),
    (_PUTRI, MAIN_USER_ID),
    (_HENDRA, _TARI),
    (_REZA, _GALIH),
)
_FORUMS = {MAIN_USER_ID: (21, 41, 82, 221), _LARAS: (22, 41, 210)}
"""Subscribed to."""
_VISITS = (
    (_PUTRI, MAIN_USER_ID),
    (_SEKAR, MAIN_USER_ID),
    (_LARAS, MAIN_USER_ID),
    (MAIN_USER_ID, _LARAS),
    (_BIMO, _LARAS),
)
_WALL = (
    (_LARAS, MAIN_USER_ID, "Gan, jadi ikut kopdar hari Sabtu?"),
    (MAIN_USER_ID, _LARAS, "Jadi dong, saya bawa [b]gayo[/b] dua bungkus."),
    (_LARAS, MAIN_USER_ID, "Mantap, sampai ketemu di Kotabaru :)"),
    (_SEKAR, MAIN_USER_ID, "Salam kenal gan, izin nyimak thread kopinya."),
    (_BIMO, MAIN_USER_ID, "Sepedanya sudah beres, tinggal tes jalan."),
    (_WAHYU, _LARAS, "Angkringan buka sampai jam dua malam ya sis."),
)
_MAIL = (
    (
        _BIMO,
        (MAIN_USER_ID,),
        "Rem cakram",
        "Gan, kampasnya sudah datang. Mau dipasang sendiri atau sekalian ke bengkel?",
    ),
    (MAIN_USER_ID, (_BIMO,), "Re: Rem cakram", "Sekalian ke bengkel saja, Minggu pagi saya mampir."),
    (
        _LARAS,
        (MAIN_USER_ID, _WAHYU, _NINDYA),
        "Kopdar Kotabaru",
        "Sabtu jam 4 sore. Yang bawa alat seduh tolong [b]kabari[/b] ya.",
    ),
    (_GALIH, (MAIN_USER_ID,), "Skrip cadangan", "Skripnya sudah saya rapikan, tinggal dicoba di mesin agan."),
    (_REZA, (MAIN_USER_ID,), "Tanya grinder", "Masih ada yang 38 mm gan?"),
)


def add_people(state: KaskusState) -> None:
    """Users, two of whom are signed in."""
    state.users = {user.userid: user for user in _users()}
    state.main_user_id = MAIN_USER_ID
    for userid in (MAIN_USER_ID, PARTNER_ID):
        state.sessions.add_standing(state.app, userid)


def _users() -> list[User]:
    return [
        User(
            userid=userid,
            username=username,
            password=f"rahasia-{username}",
            email=f"{username}@pengguna.example",
            firstname=firstname,
            lastname=lastname,
            usertitle=title,
            gender=gender,
            address="Jl. Contoh No. 1",
            province=province,
            phone=f"0800000{number:05}",
            joindate=NEWEST - (4_000 - 190 * number) * DAY,
            dateofbirth=_birthday(1984 + number, 1 + number % 12, 1 + number * 2),
            biography=f"Warga {province}.",
            is_donatur=number % 5 == 0,
            is_vsl=number % 4 == 0,
            lastlogin=NEWEST - number * 5_000,
            earlier_posts=posts,
            earlier_reputation=reputation,
            profilevisits=posts // 3,
            has_picture=title != "newbie",
            hidden={"email", "phone", "address", "dateofbirth"},
        )
        for number, (userid, username, firstname, lastname, gender, province, title, posts, reputation) in enumerate(
            _PEOPLE
        )
    ]


def add_relations(state: KaskusState) -> None:
    """Friends, requests, followers, visitors, and what people wrote to each other."""
    social = state.social
    for one, other in _FRIENDS:
        social.befriend(one, other)
    for number, (sender, receiver) in enumerate(_REQUESTS, start=1):
        social.request(sender, receiver, NEWEST - DAY * number)
    for who, whom in _FOLLOWS:
        social.follow(who, whom)
    for number, (visitor, userid) in enumerate(_VISITS):
        social.visit(visitor, userid, NEWEST - DAY + number * 600)
    for number, (author, userid, text) in enumerate(_WALL):
        social.write(author, userid, text, NEWEST - 2 * DAY + number * 1_800).read = number < 2
    for userid, forum_ids in _FORUMS.items():
        for forum_id in forum_ids:
            state.subscriptions.add_forum(userid, forum_id)
    for number, (sender, recipients, subject, text) in enumerate(_MAIL):
        state.mail.send(sender, recipients, subject, text, NEWEST - 3 * DAY + number * 7_000)


def _birthday(year: int, month: int, day: int) -> int:
    return int(datetime.datetime(year, month, day, tzinfo=JAKARTA).timestamp())
