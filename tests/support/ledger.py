"""Proof of what an operation of KASKUS really sends, and of what it makes of an answer."""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Mapping
from email import message_from_bytes
from typing import Any
from urllib.parse import parse_qsl

import attrs
import pytest

from kaskus_async.client import AsyncKaskus
from nusantara.client import Resource
from nusantara.errors import ApiError, InvalidParameter, NoAnswer, OutcomeUnknown
from nusantara.model import Model
from nusantara.pagination import Pager
from support.raw import RawServer, Received, Wire

Call = Callable[[AsyncKaskus], Awaitable[Any]]

_LINE = re.compile(r"``([A-Z]+ /\S*)`` - (\w+)")


def unnamed(operation: str) -> str:
    """``GET /x/{}`` of ``GET /x/{id}``: placeholders are called as the parameters are."""
    return re.sub(r"\{\w+\}", "{}", operation)


def documented(*groups: type[Resource]) -> dict[str, str]:
    """The operations that the methods of these groups say they are, with their call classes."""
    methods = [method for group in groups for name, method in vars(group).items() if not name.startswith("_")]
    lines = [_LINE.findall(inspect.getdoc(method) or "") for method in methods]
    assert all(len(found) == 1 for found in lines)
    found: dict[str, str] = {}
    for ((operation, call_class),) in lines:
        assert found.setdefault(unnamed(operation), call_class) == call_class, "two methods of one operation differ"
    return found


@attrs.frozen
class Sent:
    """What a request carried, below ``/api/oauth``."""

    line: str
    """Verb and target, as sent."""
    form: Mapping[str, str]
    files: Mapping[str, tuple[str | None, bytes]]
    """File name and content, by the name of the part."""


def read(request: Received) -> Sent:
    kind = request.headers.get("content-type", "")
    form: dict[str, str] = {}
    files: dict[str, tuple[str | None, bytes]] = {}
    if kind.startswith("multipart/form-data"):
        message = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + request.body)
        for part in message.get_payload():
            assert not isinstance(part, str)
            name = str(part.get_param("name", header="content-disposition"))
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            if part.get_filename() is None:
                form[name] = content.decode()
            else:
                files[name] = (part.get_filename(), content)
    elif request.body:
        assert kind == "application/x-www-form-urlencoded"
        form = dict(parse_qsl(request.body.decode(), keep_blank_values=True, strict_parsing=True))
    return Sent(f"{request.method} {request.target.removeprefix('/api/oauth')}", form, files)


async def prove(operation: str, call: Call, line: str, call_class: str, **sent: Mapping[str, Any]) -> None:
    """Check the request of a call, and that a lost answer makes it come twice only if that does no harm.

    Args:
        operation: Verb and path of the reference.
        line: Verb and target that are to be sent.
        call_class: What the method says it is.
        sent: ``form`` and ``files`` that are to be sent.
    """

    async def refuse(wire: Wire, request: Received) -> None:
        await wire.answer(418, {"errormessage": "cukup"})

    async with RawServer(refuse) as server, client(server) as kaskus:
        with pytest.raises(ApiError, match="cukup") as refusal:
            await call(kaskus)
    [request] = server.requests
    assert read(request) == Sent(line, sent.get("form", {}), sent.get("files", {}))
    assert request.headers["authorization"].startswith("OAuth ")
    assert f"{refusal.value.method} {unnamed(refusal.value.template or '')}" == unnamed(
        operation.replace(" ", " /api/oauth")
    )

    async def drop(wire: Wire, request: Received) -> bool:
        return True

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nusantara.call.steps.FIRST_PAUSE", 0.001)
        async with RawServer(drop) as server, client(server, max_attempts=2) as kaskus:
            with pytest.raises(NoAnswer) as lost:
                await call(kaskus)
    assert len(server.requests) == (1 if call_class == "unrepeatable" else 2)
    assert isinstance(lost.value, OutcomeUnknown) == (call_class != "safe")


async def answered(call: Call, document: Any) -> Any:
    """What a call makes of an answer."""

    async def answer(wire: Wire, request: Received) -> None:
        await wire.answer(body=document)

    async with RawServer(answer) as server, client(server) as kaskus:
        return await call(kaskus)


async def whole(pager: Pager[Any]) -> Any:
    """The document that the first page came in."""
    return (await pager.first()).answer


async def refused(call: Callable[[AsyncKaskus], Any], parameter: str) -> None:
    """Check that a call names a bad parameter and sends nothing."""

    async def answer(wire: Wire, request: Received) -> None:
        await wire.answer()

    async with RawServer(answer) as server, client(server) as kaskus:
        with pytest.raises(InvalidParameter) as caught:
            await call(kaskus)
    assert (caught.value.parameter, server.requests) == (parameter, [])


def client(server: RawServer, **settings: Any) -> AsyncKaskus:
    return AsyncKaskus("kunci", "rahasia", base_url=server.base_url, **settings)


def unread(value: Any, path: str = "") -> list[str]:
    """Keys of a document that no field was read from."""
    if isinstance(value, list):
        return [key for number, item in enumerate(value) for key in unread(item, f"{path}[{number}]")]
    if not isinstance(value, Model):
        return []
    own = [f"{path}.{key}" for key in value.extra]
    for part in attrs.fields(type(value)):
        if part.name != "raw":
            own += unread(getattr(value, part.name), f"{path}.{part.name}")
    return own
