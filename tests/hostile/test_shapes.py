"""Well-formed answers of the wrong shape, and refusals that come with status 200."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from support.documents import read_document
from support.faults import Seen
from support.flavours import Flavour
from support.raw import always
from support.spellings import DIGITS

from nusantara.errors import ApiError, AuthFailed, BadRequest, DecodeError, NotFound, Sent
from qiscus_async import ValidationFailed

HERE = Path(__file__).parent.parent
INBOX = read_document(HERE / "bukalapak" / "documents" / "inbox.b.json")
COMMENT = read_document(HERE / "qiscus" / "documents" / "post_comment.a.json")
ROOMS = read_document(HERE / "qiscus" / "documents" / "get_user_rooms.a.json")
HOT = read_document(HERE / "kaskus" / "documents" / "hot_threads.json")


def first(found: Any) -> Any:
    """The first page of a listing in either flavour."""
    return found.first() if hasattr(found, "first") else found


OPERATIONS: dict[str, tuple[str, Any, Any]] = {
    "inbox": ("bukalapak", INBOX, lambda c: c.messages.inbox()),
    "rooms": ("qiscus", ROOMS, lambda c: c.rooms.of_user("sari@toko.example")),
    "hot": ("kaskus", HOT, lambda c: c.threads.hot()),
}

MISSING: Any = object()


def changed(document: Any, path: list[str | int], value: Any) -> Any:
    """The document with another value at a place; ``MISSING`` takes the key away."""
    made = copy.deepcopy(document)
    inner = made
    for part in path[:-1]:
        inner = inner[part]
    if value is MISSING:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return made


async def answered(open_client: Any, serve: Any, operation: str, document: Any) -> Any:
    vendor, _, call_it = OPERATIONS[operation]
    server = await serve(always(document))
    call: Flavour[Any] = open_client(server.base_url, vendor)
    try:
        return await call(lambda c: first(call_it(c)) if call.name == "sync" else call_it(c))
    finally:
        assert len(server.requests) == 1, "what is whole and wrong is not asked for again"


WRONG: list[tuple[str, list[str | int], Any, str, str, str]] = [
    ("inbox", ["inbox", 0, "partner_name"], None, "inbox[0].partner_name", "a string", "null"),
    ("inbox", ["inbox", 0, "partner_name"], MISSING, "inbox[0].partner_name", "a string", "no such key"),
    ("inbox", ["inbox", 0, "partner_name"], 7, "inbox[0].partner_name", "a string", "an integer 7"),
    ("inbox", ["inbox", 0, "partner_name"], True, "inbox[0].partner_name", "a string", "true"),
    ("inbox", ["inbox", 0, "updated_at"], "kemarin", "inbox[0].updated_at", "an ISO 8601 date", "'kemarin'"),
    ("inbox", ["inbox", 0, "updated_at"], 1385958384, "inbox[0].updated_at", "an ISO 8601 date", "an integer 13859"),
    ("inbox", ["inbox", 0, "id"], ["x"], "inbox[0].id", "a string", "a list"),
    ("inbox", ["inbox", 0], None, "inbox[0]", "an object", "null"),
    ("inbox", ["inbox", 0], "x\n\x1b[0m\u202e", "inbox[0]", "an object", r"a string 'x\n\x1b[0m\u202e'"),
    ("inbox", ["inbox"], {"0": {}}, "inbox", "a list", "an object"),
    ("inbox", ["inbox"], None, "inbox", "a list", "null"),
    ("inbox", ["inbox"], "", "inbox", "a list", "a string ''"),
    ("rooms", ["results"], [0], "results", "an object", "a list"),
    ("rooms", ["results", "rooms_info"], {"7": {}}, "results.rooms_info", "a list", "an object"),
    ("rooms", ["results", "rooms_info", 0], 7, "results.rooms_info[0]", "an object", "an integer 7"),
    ("hot", ["data", 1, "title"], 5, "data[1].title", "a string or null", "an integer 5"),
    ("hot", ["data", 1, "title"], {"id": 1}, "data[1].title", "a string or null", "an object"),
    ("hot", ["data", 1, "views"], True, "data[1].views", "an integer", "true"),
    ("hot", ["data", 1, "views"], 1.9, "data[1].views", "an integer", "a number 1.9"),
    ("hot", ["data", 1, "views"], "12 kali", "data[1].views", "an integer", "'12 kali'"),
    ("hot", ["meta", "cached"], 2, "meta.cached", "true or false", "an integer 2"),
    ("hot", ["meta", "cached"], "yes", "meta.cached", "true or false", "'yes'"),
    ("hot", ["meta"], [0], "meta", "an object", "a list"),
]


@pytest.mark.parametrize(
    ("operation", "where", "value", "path", "expected", "found"),
    WRONG,
    ids=[f"{case[0]}-{case[3]}-{'missing' if case[2] is MISSING else ascii(case[2])[:20]}" for case in WRONG],
)
async def test_g30_the_wrong_type(
    open_client: Any,
    serve: Any,
    seen: Seen,
    operation: str,
    where: list[str | int],
    value: Any,
    path: str,
    expected: str,
    found: str,
) -> None:
    document = changed(OPERATIONS[operation][1], where, value)
    with pytest.raises(DecodeError) as caught:
        await answered(open_client, serve, operation, document)
    error = caught.value
    assert error.path == path
    assert expected in error.expected
    assert found in error.found
    assert all(part in str(error) for part in (path, error.expected, error.found))
    assert str(error).isprintable()
    assert error.method is not None
    assert (error.status, error.sent) == (200, Sent.YES)
    seen(error, f"{path}: expected {error.expected}, found {error.found}" if path == "inbox[0].partner_name" else None)


OTHER_FORMS: list[tuple[str, list[str | int], Any, Any]] = [
    ("rooms", ["results", "rooms_info"], {}, lambda page: page.items == []),
    ("rooms", ["results", "rooms_info"], "", lambda page: page.items == []),
    ("rooms", ["results", "rooms_info", 0, "is_removed"], "1", lambda page: page.items[0].is_removed is True),
    ("hot", ["meta"], [], lambda hot: hot.meta.cached is None),
    ("hot", ["meta"], False, lambda hot: hot.meta is None),
    ("hot", ["meta", "cached"], 1, lambda hot: hot.meta.cached is True),
    ("hot", ["meta", "cached"], "0", lambda hot: hot.meta.cached is False),
    ("hot", ["meta", "cached"], "", lambda hot: hot.meta.cached is None),
    ("hot", ["data", 1, "views"], "", lambda hot: hot.data[1].views is None),
    ("hot", ["data", 1, "views"], False, lambda hot: hot.data[1].views is None),
    ("hot", ["data", 1, "views"], " 12\n", lambda hot: hot.data[1].views == 12),
    ("inbox", ["inbox"], {}, lambda page: page.items == []),
    ("inbox", ["inbox", 0, "last_message_read"], 0, lambda page: page.items[0].last_message_read is False),
    ("inbox", ["inbox", 0, "updated_at"], " 2013-02-15T10:27:50Z", lambda page: page.items[0].updated_at.year == 2013),
]


@pytest.mark.parametrize(("operation", "where", "value", "read"), OTHER_FORMS)
async def test_g30_another_form(
    open_client: Any, serve: Any, seen: Seen, operation: str, where: list[str | int], value: Any, read: Any
) -> None:
    """What PHP makes of empty objects, of nothing, and of flags; the document stays as it came."""
    document = changed(OPERATIONS[operation][1], where, value)
    answer = await answered(open_client, serve, operation, document)
    assert read(answer)
    model = getattr(answer, "answer", answer)
    assert json.dumps(model.to_document()) == json.dumps(model.raw)
    seen("read")


@pytest.mark.parametrize("document", [[], "x", 5, None, True])
@pytest.mark.parametrize("operation", ["inbox", "hot"])
async def test_g30_no_object_at_all(open_client: Any, serve: Any, seen: Seen, operation: str, document: Any) -> None:
    with pytest.raises(DecodeError) as caught:
        await answered(open_client, serve, operation, json.dumps(document).encode())
    assert (caught.value.path, caught.value.expected) == ("", "an object")
    assert str(caught.value).count("the document: expected an object") == 1
    seen(caught.value)


NEW: list[tuple[str, list[str | int], Any, Any]] = [
    ("inbox", ["inbox", 0, "kolom_baru"], {"a": [1]}, lambda page: page.items[0].extra["kolom_baru"]),
    ("hot", ["data", 0, "kolom_baru"], {"a": [1]}, lambda hot: hot.data[0].extra["kolom_baru"]),
    ("hot", ["kolom_baru"], {"a": [1]}, lambda hot: hot.extra["kolom_baru"]),
    ("rooms", ["results", "rooms_info", 0, "kolom_baru"], {"a": [1]}, lambda page: page.items[0].extra["kolom_baru"]),
    ("rooms", ["results", "rooms_info", 0, "room_type"], "siaran", lambda page: page.items[0].type),
    ("hot", ["data", 0, "thread_type"], 999, lambda hot: hot.data[0].thread_type),
    ("rooms", ["results", "rooms_info", 0, "room_id"], 2**70, lambda page: page.items[0].id),
]


@pytest.mark.parametrize(("operation", "where", "value", "reach"), NEW)
async def test_g30_new_values_and_fields(
    open_client: Any, serve: Any, seen: Seen, operation: str, where: list[str | int], value: Any, reach: Any
) -> None:
    result = await answered(open_client, serve, operation, changed(OPERATIONS[operation][1], where, value))
    assert reach(result) == value
    seen("new values and fields kept")


# --- Refusals in an ordinary answer

KASKUS_NO = {"error": "1", "errorcode": "108", "errormessage": "Lapak tidak ditemukan", "errordetails": ""}
ENVELOPES: list[tuple[str, Any, bytes, type[ApiError], str | int | None, str]] = [
    (
        "bukalapak",
        lambda c: c.messages.create("6", "halo"),
        b'{"status": "ERROR", "id": null, "message": "Gagal mengirim pesan"}',
        ApiError,
        None,
        "Gagal mengirim pesan",
    ),
    ("bukalapak", lambda c: c.messages.get("5f01"), b'{"status": "ERROR"}', ApiError, None, "answered 200"),
    (
        "bukalapak",
        lambda c: c.account.authenticate("sari", "salah"),
        b'{"status": "ERROR", "user_id": null, "token": null, "message": "Login gagal"}',
        AuthFailed,
        None,
        "Login gagal",
    ),
    (
        "kaskus",
        lambda c: c.threads.hot(),
        json.dumps(KASKUS_NO).encode(),
        ApiError,
        "108",
        "Lapak tidak ditemukan",
    ),
    ("kaskus", lambda c: c.threads.hot_archive(), DIGITS.write(KASKUS_NO), ApiError, "108", "Lapak tidak ditemukan"),
    (
        "kaskus",
        lambda c: c.threads.hot_archive(),
        json.dumps({**KASKUS_NO, "errormessage": ["Lapak", "hilang"]}).encode(),
        ApiError,
        "108",
        "unknown form",
    ),
    (
        "kaskus",
        lambda c: c.auth.access_token("minta", "rahasia"),
        b"access=DENIED&message=Invalid+token",
        AuthFailed,
        None,
        "Invalid token",
    ),
    (
        "kaskus",
        lambda c: c.auth.log_in_with_password("sari", "salah"),
        b'{"access": "DENIED", "message": "Salah"}',
        AuthFailed,
        None,
        "Salah",
    ),
    (
        "kaskus",
        lambda c: c.auth.log_in_with_password("sari", "salah"),
        b"<return><access>DENIED</access><message>Salah</message></return>",
        AuthFailed,
        None,
        "Salah",
    ),
    (
        "qiscus",
        lambda c: c.rooms.create("Toko", creator="sari", participants=["sari"]),
        b'{"status": 404, "error": {"message": "App not found", "code": "E7"}}',
        NotFound,
        "E7",
        "App not found",
    ),
    (
        "qiscus",
        lambda c: c.users.profile("sari"),
        b'{"status": 401, "error": {"message": "Unauthorized", "code": 401001}}',
        AuthFailed,
        401001,
        "Unauthorized",
    ),
    (
        "qiscus",
        lambda c: c.users.reset_token("sari"),
        b'{"status": 400, "error": {"message": "Salah", "detailed_messages": ["User is unknown"]}}',
        ValidationFailed,
        None,
        "Salah: User is unknown",
    ),
    ("qiscus", lambda c: c.users.profile("sari"), b'{"status": 400}', BadRequest, None, "answered 400"),
    ("qiscus", lambda c: c.users.profile("sari"), b'{"error": "salah", "results": {}}', ApiError, None, "salah"),
]


@pytest.mark.parametrize(("vendor", "operation", "body", "kind", "code", "message"), ENVELOPES)
async def test_g31_a_refusal_with_status_200(
    open_client: Any,
    serve: Any,
    seen: Seen,
    vendor: str,
    operation: Any,
    body: bytes,
    kind: type[ApiError],
    code: str | int | None,
    message: str,
) -> None:
    server = await serve(always(body, X_Request_Id="permintaan-7"))
    call = open_client(server.base_url, vendor)
    with pytest.raises(ApiError) as caught:
        await call(operation)
    error = caught.value
    assert type(error) is kind
    assert error.code == code
    assert message in error.message
    assert (error.sent, len(server.requests)) == (Sent.YES, 1)
    assert error.request_id == "permintaan-7"
    seen(error, f"code {error.code}" if error.code else None)


async def test_g31_data_that_looks_like_a_refusal(open_client: Any, serve: Any, seen: Seen) -> None:
    """Somebody's text is no refusal, whatever it says."""
    document = changed(INBOX, ["inbox", 0, "last_message"], '{"status":"ERROR"}')
    page = await answered(open_client, serve, "inbox", document)
    assert page.items[0].last_message == '{"status":"ERROR"}'
    hot = await answered(open_client, serve, "hot", changed(HOT, ["data", 0, "title"], '"errormessage"'))
    assert hot.data[0].title == '"errormessage"'
    seen("read as data")
