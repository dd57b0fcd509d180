"""Lists that the site is built of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox.operation import PUBLIC, Operation
from kaskus_async.sandbox.params import Params
from kaskus_async.sandbox.times import NEWEST

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["ROUTES"]

Document = dict[str, Any]

_COUNTRIES = {"ID": "Indonesia", "MY": "Malaysia", "SG": "Singapura", "TL": "Timor Leste", "AU": "Australia"}

_PROVINCES = dict(
    enumerate(
        (
            "Nanggroe Aceh Darussalam",
            "Sumatera Utara",
            "Sumatera Barat",
            "Riau",
            "Jambi",
            "Sumatera Selatan",
            "Bengkulu",
            "Lampung",
            "Kepulauan Bangka Belitung",
            "Kepulauan Riau",
            "DKI Jakarta",
            "Jawa Barat",
            "Jawa Tengah",
            "DI Yogyakarta",
            "Jawa Timur",
            "Banten",
            "Bali",
            "NTB",
            "NTT",
            "Kalimantan Barat",
            "Kalimantan Tengah",
            "Kalimantan Selatan",
            "Kalimantan Timur",
            "Sulawesi Utara",
            "Sulawesi Tengah",
            "Sulawesi Selatan",
            "Sulawesi Tenggara",
            "Gorontalo",
            "Sulawesi Barat",
            "Maluku",
            "Maluku Utara",
            "Papua",
            "N/A",
            "Kalimantan Utara",
            "Papua Barat",
        ),
        start=1,
    )
)
"""The numbers of ``item_location``."""


def _countries(state: KaskusState, params: Params) -> Document:
    return _named(_COUNTRIES)


def _locations(state: KaskusState, params: Params) -> Document:
    return _named({str(number): name for number, name in _PROVINCES.items()})


def _special_events(state: KaskusState, params: Params) -> Document:
    return {
        "data": [
            {
                "id": "4",
                "image_path": "http://s.kaskus.example/img/hut.png",
                "url": "http://www.kaskus.example/acara/hut",
                "start_date": NEWEST - 3 * 86_400,
                "end_date": NEWEST + 30 * 86_400,
            }
        ]
    }


def _video_preview(state: KaskusState, params: Params) -> Document:
    return {"encoded_url": params.require("encoded_url"), "title": "", "thumbnail": ""}


ROUTES: tuple[Operation, ...] = (
    Operation("GET", "/v1/content/countries", _countries, PUBLIC),
    Operation("GET", "/v1/content/locations", _locations, PUBLIC),
    Operation("GET", "/v1/kaskus/special_events", _special_events, PUBLIC),
    Operation("GET", "/v1/video_previews", _video_preview, PUBLIC, documented=False),
)


def _named(names: dict[str, str]) -> Document:
    return {
        "data": [{"id": key, "name": name} for key, name in names.items()],
        "meta": {"last_update": NEWEST},
    }
