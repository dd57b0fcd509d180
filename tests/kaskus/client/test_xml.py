"""XML answers: the same results as from JSON, in whichever of the two an answer comes."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from support.documents import read_document
from support.ledger import Call, client, whole
from support.raw import RawServer, Received, Wire
from support.spellings import DIGITS, ITEMS, NOTHING, WORDS, Spelling
from support.tables import tables

from kaskus_async.enums import Output
from nusantara.errors import ApiError, BadResponse
from nusantara.model import Model

HERE = Path(__file__).parent

CALLS: dict[str, Call] = {
    **{name: call for table in tables(HERE, "ANSWERS") for name, call in table.items()},
    "fjb_province": lambda k: k.fjb.locations.province(15),
    "fjb_provinces": lambda k: k.fjb.locations.provinces(),
    "mywtb": lambda k: whole(k.fjb.user_threads.wtb(70)),
    "mywts": lambda k: whole(k.fjb.user_threads.wts(70)),
}
"""The calls that read the sample documents."""

UNTYPED = {"hot_thread_archives"}
"""Samples of which only the outermost key is known, and which no model reads."""

DOCUMENTS = {name: read_document(HERE.parent / "documents" / f"{name}.json") for name in CALLS}


SPELLINGS = {"digits": DIGITS, "items": ITEMS, "words": WORDS, "nothing": NOTHING}


@attrs.frozen
class Difference:
    """A value that is not the same."""

    spelling: str
    path: str
    in_json: Any
    in_xml: Any


@attrs.frozen
class Inherent:
    """A difference that no reader of XML can avoid."""

    path: str
    """Pattern of the end of the path."""
    in_json: Any
    in_xml: Any
    why: str
    spelling: str = ""
    """The only one that has it; empty for all."""

    def explains(self, difference: Difference) -> bool:
        return (
            re.search(f"{self.path}$", difference.path) is not None
            and self.spelling in ("", difference.spelling)
            and (difference.in_json, difference.in_xml) == (self.in_json, self.in_xml)
            and type(difference.in_xml) is type(self.in_xml)
        )


INHERENT = [
    Inherent("", False, None, "an empty element says nothing where a flag may be missing", "nothing"),
    Inherent(r"\.link", False, "", "what may be text is text"),
    Inherent(r"\.link", False, "0", "what may be text is text"),
    Inherent(r"\.link", False, "false", "what may be text is text"),
    Inherent(r"\.discount", None, 0.0, "0 is a percentage, too"),
    Inherent(r"\.payment_method", None, [], "an empty element is an empty list where a list is wanted"),
]


def differences(spelling: str, in_json: Any, in_xml: Any, path: str = "") -> Iterator[Difference]:
    if type(in_json) is not type(in_xml):
        yield Difference(spelling, path, in_json, in_xml)
    elif isinstance(in_json, Model):
        for field in attrs.fields(type(in_json)):
            if field.name != "raw":
                name = field.name
                pair = (getattr(in_json, name), getattr(in_xml, name))
                yield from differences(spelling, *pair, f"{path}.{name}")
    elif isinstance(in_json, list) and len(in_json) == len(in_xml):
        for number, pair in enumerate(zip(in_json, in_xml, strict=True)):
            yield from differences(spelling, *pair, f"{path}[{number}]")
    elif in_json != in_xml:
        yield Difference(spelling, path, in_json, in_xml)


async def read(name: str, body: bytes, asked: Output = Output.JSON) -> Any:
    """What the call of a sample makes of a body, whatever was asked for."""

    async def answer(wire: Wire, request: Received) -> None:
        assert request.headers["return-type"] == f"text/{asked}"
        await wire.answer(body=body, Content_Type="text/html; charset=UTF-8")

    async with RawServer(answer) as server, client(server, output=asked) as kaskus:
        return await CALLS[name](kaskus)


def shortened(value: Any) -> Any:
    """The document with one item in each list, which XML does not tell from the item itself."""
    if isinstance(value, dict):
        return {name: shortened(item) for name, item in value.items()}
    return [shortened(item) for item in value[:1]] if isinstance(value, list) else value


async def compare_all() -> dict[tuple[str, str], list[Difference]]:
    found: dict[tuple[str, str], list[Difference]] = {(name, each): [] for name in CALLS for each in SPELLINGS}
    for name, sample in DOCUMENTS.items():
        for document in (sample, shortened(sample)):
            in_json = await read(name, json.dumps(document).encode())
            for spelling, writer in SPELLINGS.items():
                try:
                    in_xml = await read(name, writer.write(document), Output.XML)
                except BadResponse as error:
                    found[name, spelling].append(Difference(spelling, "", in_json, error))
                else:
                    found[name, spelling] += differences(spelling, in_json, in_xml)
    return found


@pytest.fixture(scope="module")
def compared() -> dict[tuple[str, str], list[Difference]]:
    """What differs between JSON and XML, by sample and spelling."""
    return asyncio.run(compare_all())


def test_every_sample_is_tried() -> None:
    assert set(CALLS) | UNTYPED == {path.stem for path in (HERE.parent / "documents").glob("*.json")}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("name", CALLS)
def test_xml_gives_what_json_gives(name: str, spelling: str, compared: dict[tuple[str, str], list[Difference]]) -> None:
    found = compared[name, spelling]
    assert [one for one in found if not any(inherent.explains(one) for inherent in INHERENT)] == []


def test_no_listed_difference_is_gone(compared: dict[tuple[str, str], list[Difference]]) -> None:
    found = [one for several in compared.values() for one in several]
    assert [inherent for inherent in INHERENT if not any(map(inherent.explains, found))] == []


@pytest.mark.parametrize("name", CALLS)
async def test_what_comes_decides_not_what_was_asked_for(name: str) -> None:
    as_json = json.dumps(DOCUMENTS[name]).encode()
    as_xml = DIGITS.write(DOCUMENTS[name])
    assert await read(name, as_json, Output.XML) == await read(name, as_json, Output.JSON)
    assert await read(name, as_xml, Output.JSON) == await read(name, as_xml, Output.XML)


@pytest.mark.parametrize("asked", Output)
async def test_an_answer_of_unknown_shape_is_the_same_tree_of_text(asked: Output) -> None:
    [document] = [read_document(HERE.parent / "documents" / f"{name}.json") for name in UNTYPED]
    document |= {"rincian": {"jumlah": 3, "nama": ["a", "b"]}}

    async def answer(wire: Wire, request: Received) -> None:
        await wire.answer(body=DIGITS.write(document))

    async with RawServer(answer) as server, client(server, output=asked) as kaskus:
        archive = await kaskus.threads.hot_archive()
    assert archive.to_document() == {"data": "", "rincian": {"jumlah": "3", "nama": ["a", "b"]}}


PAGES: dict[str, Any] = {
    "by number": (
        lambda k: k.threads.of_user(70),
        [{"thread": [{"thread_id": str(n)}], "thread_num": 3, "current_page": n, "total_page": 3} for n in (1, 2, 3)],
    ),
    "by cursor": (
        lambda k: k.fjb.offers.made(),
        [
            {"data": [{"id": f"5f{n}"}], "meta": {"cursor": {"current": f"ke{n}", "next": f"ke{min(n + 1, 3)}"}}}
            for n in (1, 2, 3)
        ],
    ),
}


@pytest.mark.parametrize("writer", [ITEMS, DIGITS], ids=["items", "repeated"])
@pytest.mark.parametrize("paging", PAGES)
async def test_listings_are_walked_as_in_json(paging: str, writer: Spelling) -> None:
    listing, documents = PAGES[paging]

    async def walk(bodies: Iterator[bytes]) -> Any:
        async def answer(wire: Wire, request: Received) -> None:
            await wire.answer(body=next(bodies))

        async with RawServer(answer) as server, client(server, output="xml") as kaskus:
            pages = [page async for page in listing(kaskus).pages()]
        return [(page.items, page.next, page.total) for page in pages], [one.target for one in server.requests]

    as_xml = await walk(map(writer.write, documents))
    assert as_xml == await walk(json.dumps(document).encode() for document in documents)
    assert len(as_xml[0]) == 3


ERROR = {"error": "1", "errorcode": "108", "errormessage": "Lapak < tidak > ditemukan", "errordetails": ""}


@pytest.mark.parametrize("asked", Output)
@pytest.mark.parametrize("status", [200, 400, 401, 404, 503])
@pytest.mark.parametrize("as_xml", [True, False], ids=["xml", "json"])
async def test_a_refusal_is_understood(status: int, asked: Output, as_xml: bool) -> None:
    async def answer(wire: Wire, request: Received) -> None:
        await wire.answer(status, DIGITS.write(ERROR) if as_xml else json.dumps(ERROR).encode())

    async with RawServer(answer) as server, client(server, output=asked, max_attempts=1) as kaskus:
        with pytest.raises(ApiError) as caught:
            await kaskus.threads.hot()
    error = caught.value
    assert (error.status, error.message, error.code, error.details) == (status, ERROR["errormessage"], "108", ERROR)


DOCTYPES = [
    b"<!DOCTYPE return><return/>",
    b'<?xml version="1.0"?>\n<!DOCTYPE return SYSTEM "http://127.0.0.1:9/x.dtd">\n<return/>',
    b'<!DOCTYPE return [<!ENTITY a "gan"><!ENTITY b "&a;&a;&a;">]><return><data>&b;</data></return>',
    b'<!DOCTYPE return [<!ENTITY f SYSTEM "file:///etc/passwd">]><return><data>&f;</data></return>',
]


@pytest.mark.parametrize("asked", Output)
@pytest.mark.parametrize("body", DOCTYPES)
@pytest.mark.parametrize(
    "call",
    [lambda k: k.threads.hot(), lambda k: k.threads.hot_archive(), lambda k: k.threads.of_user(70).first()],
    ids=["typed", "untyped", "paged"],
)
async def test_a_document_type_is_refused(call: Call, body: bytes, asked: Output) -> None:
    async def answer(wire: Wire, request: Received) -> None:
        await wire.answer(body=body)

    async with RawServer(answer) as server, client(server, output=asked) as kaskus:
        with pytest.raises(BadResponse, match="DOCTYPE") as caught:
            await call(kaskus)
    assert (len(server.requests), "passwd" in str(caught.value)) == (1, False)
