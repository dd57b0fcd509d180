"""Identifiers, names and headers that would end up elsewhere in the request: kept in their place, or not sent."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from support.faults import Seen, outcome_of
from support.flavours import Flavour
from support.raw import Received, Wire
from support.samples import arguments, call

from nusantara.catalogue.operations import Operation, operations
from nusantara.errors import ApiError, InvalidParameter
from nusantara.upload import File

REFUSED = ["", ".", "..", "%2e%2e", "%2E.", ".%252e", "a\r\nX-Y: z", "a\nb", "a\rb", "a\0b", "\ud800"]
KEPT = [
    "a/b",
    "a/../../admin",
    "a?b=c",
    "a#b",
    "a b",
    "a%2fb",
    "a;b",
    "a\\b",
    "\t",
    "...",
    "k" * 10_240,
    "🦊",
    "\u202e",
]

PLACEHOLDER = re.compile(r"\{(\w+)\}").findall


async def refuse(wire: Wire, request: Received) -> None:
    await wire.answer(418, {})


def arguments_of(operation: Operation, identifier: str) -> tuple[str, dict[str, Any]] | None:
    """What to call an operation with, so that its first text in the path is this identifier, and that parameter."""
    kinds = {parameter.name: parameter.annotation for parameter in operation.parameters()}
    names = [name for name in PLACEHOLDER(operation.path) if kinds.get(name) is str]
    return (names[0], arguments(operation, **{names[0]: identifier})) if names else None


def with_identifiers(vendor: str) -> list[Operation]:
    return [one for one in operations(vendor) if one.method and arguments_of(one, "x") is not None]


@pytest.mark.parametrize("vendor", ["bukalapak", "kaskus", "qiscus"])
async def test_g52_no_operation_lets_an_identifier_out_of_its_segment(
    open_client: Any, serve: Any, seen: Seen, vendor: str
) -> None:
    """Every operation that has a text in its path, with identifiers that would climb out of it."""
    server = await serve(refuse)
    client: Flavour[Any] = open_client(server.base_url, vendor=vendor, max_attempts=1)
    checked = with_identifiers(vendor)
    for operation in checked:
        for identifier in ("", "..", "%2e%2e", "a\r\nb"):
            found = arguments_of(operation, identifier)
            assert found is not None
            parameter, given = found
            with pytest.raises(InvalidParameter) as caught:
                await client(partial(call, operation=operation, given=given))
            assert caught.value.parameter == parameter, operation.name
    assert server.connections == 0
    for operation in checked:
        found = arguments_of(operation, "a/../b?c#d")
        assert found is not None
        with pytest.raises(ApiError):
            await client(partial(call, operation=operation, given=found[1]))
        path, _, _ = server.requests[-1].target.partition("?")
        prefix = path.count("/") - operation.path.count("/")
        assert prefix in (0, 2), (operation.name, path)  # KASKUS' paths are written below its /api/oauth.
        assert "a%2F..%2Fb%3Fc%23d" in path, (operation.name, path)
    seen("InvalidParameter or one segment", f"{len(checked)} operations of {vendor}")


@pytest.mark.parametrize("identifier", REFUSED + KEPT, ids=lambda text: ascii(text[:14]))
async def test_g52_each_identifier(open_client: Any, serve: Any, seen: Seen, identifier: str) -> None:
    server = await serve(refuse)
    client: Flavour[Any] = open_client(server.base_url, max_attempts=1)
    with pytest.raises((InvalidParameter, ApiError)) as caught:
        await client(lambda c: c.messages.get(identifier))
    if identifier in REFUSED:
        assert isinstance(caught.value, InvalidParameter)
        assert caught.value.parameter == "message_id"
        assert server.connections == 0
    else:
        assert isinstance(caught.value, ApiError)
        [request] = server.requests
        before, _, rest = request.target.partition("/messages/im/")
        assert before == "/v1"
        segment = rest.removesuffix(".json")
        assert "/" not in segment
        assert "?" not in rest
        assert unquote(segment) == identifier
    seen(outcome_of(caught.value) if identifier in REFUSED else "one segment")


@pytest.mark.parametrize(
    "path",
    [
        "",
        "a",
        "/a/../b",
        "/..",
        "/a/%2e%2E/b",
        "/a?b",
        "/a#b",
        "/a b",
        "/a\r\nX: y",
        "/a\0",
        "/é",
        "/a%",
        "/\x7f",
        "/{a}",
    ],
)
async def test_g52_a_raw_path(open_client: Any, serve: Any, seen: Seen, path: str) -> None:
    server = await serve(refuse)
    client: Flavour[Any] = open_client(server.base_url)
    with pytest.raises(InvalidParameter) as caught:
        await client(lambda c: c.request("GET", path))
    assert caught.value.parameter == "path"
    assert server.connections == 0
    seen(caught.value)


BAD = pytest.mark.parametrize("bad", ["\r", "\n", "\r\nX-Jahat: ya", "\0"], ids=ascii)


@BAD
@pytest.mark.parametrize("where", ["client", "options", "request"])
@pytest.mark.parametrize("what", ["name", "value"])
async def test_g53_headers(open_client: Any, serve: Any, seen: Seen, bad: str, where: str, what: str) -> None:
    server = await serve(refuse)
    headers = {f"X-Toko{bad}": "satu"} if what == "name" else {"X-Toko": f"satu{bad}"}

    async def use() -> None:
        client: Flavour[Any] = open_client(server.base_url, **({"headers": headers} if where == "client" else {}))
        if where == "options":
            await client(lambda c: c.with_options(headers=headers).request("GET", "/"))
        await client(lambda c: c.request("GET", "/", headers=headers))

    with pytest.raises(InvalidParameter) as caught:
        await use()
    assert caught.value.parameter.startswith("headers")
    assert server.connections == 0
    seen(caught.value)


@BAD
@pytest.mark.parametrize(
    "what", ["file name", "content type", "name on disk", "field of a file", "field", "plain field"]
)
async def test_g53_parts_of_a_form(
    open_client: Any, serve: Any, seen: Seen, tmp_path: Path, bad: str, what: str
) -> None:
    server = await serve(refuse)
    client: Flavour[Any] = open_client(server.base_url)

    def files() -> dict[str, File]:
        if what == "file name":
            return {"berkas": File(b"isi", f"a{bad}.txt")}
        if what == "content type":
            return {"berkas": File(b"isi", "a.txt", f"text/plain{bad}")}
        if what == "name on disk":
            path = tmp_path / f"a{bad}.txt"
            if bad != "\0":  # Which no file system has in its names.
                path.write_bytes(b"isi")
            return {"berkas": File.of(path, parameter="berkas")}
        return {f"ber{bad}kas": File(b"isi")} if what == "field of a file" else {"berkas": File(b"isi")}

    async def use() -> None:
        form = {f"a{bad}": "b"} if "field" in what and "file" not in what else None
        given = None if what == "plain field" else files()
        await client(lambda c: c.request("POST", "/", form=form, files=given))

    with pytest.raises(InvalidParameter) as caught:
        await use()
    named = {"file name": "name", "content type": "content_type", "name on disk": "berkas"}
    assert caught.value.parameter == named.get(what, caught.value.parameter)
    assert server.connections == 0
    seen(caught.value)


async def test_g53_what_is_odd_and_harmless_arrives_as_it_is(open_client: Any, serve: Any, seen: Seen) -> None:
    server = await serve(refuse)
    client: Flavour[Any] = open_client(server.base_url)
    name = 'ku"tip; filename=x 🦊.txt'
    with pytest.raises(ApiError):
        await client(lambda c: c.request("POST", "/", form={"a[b]": "c\r\nd"}, files={"berkas": File(b"isi", name)}))
    [request] = server.requests
    [line] = re.findall(rb'filename="([^"\r\n]*)"\r\n', request.body)
    assert unquote(line.decode()) == name
    assert b"c\r\nd" in request.body
    seen("sent within its own quotes")
