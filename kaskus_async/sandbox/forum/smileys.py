"""Smileys and stickers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox.operation import PUBLIC, Operation
from kaskus_async.sandbox.params import Params
from kaskus_async.sandbox.refusals import NotThere

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["ROUTES", "plain_smileys"]

Document = dict[str, Any]

_SMILEYS: dict[int, tuple[str, tuple[str, ...]]] = {
    1: ("Kecil", (":senyum", ":sedih", ":ngopi", ":kaget")),
    2: ("Besar", (":mantap", ":cendol", ":bata", ":sundul")),
    9: ("Plus", (":berkilau", ":terbang")),
}
_PLUS = 9
_STICKERS: dict[int, tuple[str, tuple[str, ...]]] = {
    1: ("Kopi Sore", ("seduh", "tuang", "sruput")),
    2: ("Kucing Receh", ("tidur", "lapar", "kabur")),
}


def _categories(state: KaskusState, params: Params) -> Document:
    return {"data": [_category(number) for number in _SMILEYS if number != _PLUS]}


def _plus(state: KaskusState, params: Params) -> Document:
    return {"data": [{**_category(_PLUS), "smilies": _smileys(_PLUS)}]}


def _of_category(state: KaskusState, params: Params) -> Document:
    return {"data": _smileys(_known(params, _SMILEYS))}


def _category_with_smileys(state: KaskusState, params: Params) -> Document:
    number = _known(params, _SMILEYS)
    return {"data": [{**_category(number), "smilies": _smileys(number)}]}


def _sticker_categories(state: KaskusState, params: Params) -> Document:
    return {"data": [{"category_id": number, "category_name": name} for number, (name, _) in _STICKERS.items()]}


def _stickers(state: KaskusState, params: Params) -> Document:
    number = _known(params, _STICKERS)
    return {
        "data": [
            {"text": f":{name}", "imageUrl": f"http://s.kaskus.example/stickers/{number}/{name}.png"}
            for name in _STICKERS[number][1]
        ]
    }


ROUTES: tuple[Operation, ...] = (
    Operation("GET", "/v1/smiley_categories", _categories, PUBLIC),
    Operation("GET", "/v1/smiley_kaskus_plus", _plus, PUBLIC),
    Operation("GET", "/v1/smiley/{categoryId}", _of_category, PUBLIC, documented=False),
    Operation("GET", "/v1/smiley/categories/{categoryId}", _category_with_smileys, PUBLIC, documented=False),
    Operation("GET", "/v1/sticker_categories", _sticker_categories, PUBLIC, documented=False),
    Operation("GET", "/v1/sticker_categories/{categoryId}/stickers", _stickers, PUBLIC, documented=False),
)


def plain_smileys() -> list[Document]:
    """Those that everybody may use, with the keys that they have beside the forum list."""
    return [
        {"text": smiley["text"], "url": smiley["imageUrl"]}
        for number in _SMILEYS
        if number != _PLUS
        for smiley in _smileys(number)
    ]


def _category(number: int) -> Document:
    return {"category_id": number, "category_name": _SMILEYS[number][0]}


def _smileys(number: int) -> list[Document]:
    return [
        {"text": text, "imageUrl": f"http://s.kaskus.example/images/smilies/{text[1:]}.gif"}
        for text in _SMILEYS[number][1]
    ]


def _known(params: Params, categories: dict[int, Any]) -> int:
    number = params.number_in_path("categoryId")
    if number not in categories:
        raise NotThere("category not found")
    return number
