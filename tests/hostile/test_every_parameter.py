"""Every parameter of every operation, with what it cannot be: refused by its name, before a byte is sent."""

from __future__ import annotations

import datetime
import inspect
import math
import types
import typing
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from support.flavours import Flavour
from support.raw import always
from support.samples import arguments, call, is_optional

from nusantara.catalogue.operations import Operation, callables
from nusantara.errors import ApiError, InvalidParameter

ELSEWHERE = {
    "auth.log_in": "opens a browser and a port; tests/core/signing",
    "exports.wait": "asks again until an export is done; tests/qiscus",
    "exports.download": "takes an export that is done; tests/qiscus",
    "exports.rows": "reads a file and sends nothing; tests/qiscus",
    "exports.run": "puts other operations together; tests/qiscus",
    "imports.run": "puts other operations together; tests/qiscus",
}


class Strange:
    """Of no type that anything takes."""


def members(annotation: Any) -> tuple[Any, ...]:
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return typing.get_args(annotation)
    return (annotation,)


def impossible(parameter: inspect.Parameter) -> Iterator[Any]:
    """Values that a parameter can never have, whatever it is for."""
    kinds = members(parameter.annotation)
    origins = [typing.get_origin(kind) for kind in kinds]
    if not is_optional(parameter):
        yield None
    yield from (Strange(), math.nan, math.inf)
    if bytes not in kinds:
        yield from (b"x", bytearray(b"x"))
    if str in kinds:
        yield "\ud800"
    if bool not in kinds:
        yield True
    if datetime.date in kinds:
        yield datetime.date(1, 1, 1)
    if datetime.datetime in kinds:
        yield from (datetime.datetime(2024, 1, 2), datetime.datetime(1, 1, 1, tzinfo=datetime.UTC))
    if not any(isinstance(origin, type) and issubclass(origin, typing.Collection) for origin in origins):
        yield from ([], ["a"], {"a": "b"})
    elif not any(isinstance(origin, type) and issubclass(origin, typing.Mapping) for origin in origins):
        yield from ("text", {"a": "b"}, 5, [None], [Strange()], [math.nan], [True], [b"x"], ["\ud800"], [["a"]])
    else:
        yield from ("text", 5, ["a"], {"a": Strange()}, {"a": math.nan}, {"a": b"x"}, {"a": "\ud800"})


PERHAPS: list[Any] = ["", "a\nb", "a\r\nX-Y: z", "\0"]
"""What may be sent as it is, where text may be anything."""


def cases(vendor: str) -> Iterator[tuple[Operation, str, Any, bool]]:
    for operation in callables(vendor):
        if operation.name not in ELSEWHERE:
            for parameter in operation.parameters():
                yield from ((operation, parameter.name, value, True) for value in impossible(parameter))
                yield from ((operation, parameter.name, value, False) for value in PERHAPS)


@pytest.mark.parametrize("vendor", ["bukalapak", "kaskus", "qiscus"])
async def test_what_cannot_be_sent_is_refused_by_name(open_client: Any, serve: Any, vendor: str) -> None:
    server = await serve(always({}, 418))
    client: Flavour[Any] = open_client(server.base_url, vendor=vendor, max_attempts=1)
    wrong: list[str] = []
    checked = 0
    for operation, name, value, is_impossible in cases(vendor):
        before = len(server.requests)
        given = arguments(operation, **{name: value})
        try:
            await client(partial(call, operation=operation, given=given))
            outcome = "was carried out"
        except InvalidParameter as error:
            named = error.parameter.partition("[")[0].partition(".")[0]
            outcome = "" if named == name else f"InvalidParameter of {error.parameter}"
            if len(server.requests) != before:
                outcome = "was refused after it was sent"
        except ApiError:  # As this server answers whatever is sent.
            outcome = "was sent" if is_impossible else ""
        except Exception as error:
            outcome = f"{type(error).__name__}: {error}"
        checked += 1
        if outcome:
            wrong.append(f"{operation.name}({name}={value!a:.20}) {outcome}")
    assert checked > 50
    assert wrong == []


@pytest.mark.parametrize("vendor", ["bukalapak", "kaskus", "qiscus"])
async def test_the_samples_are_good(open_client: Any, serve: Any, vendor: str) -> None:
    """Or else nothing above would be told of one parameter."""
    server = await serve(always({}, 418))
    client: Flavour[Any] = open_client(server.base_url, vendor=vendor, max_attempts=1)
    for operation in callables(vendor):
        if operation.name not in ELSEWHERE:
            with pytest.raises(ApiError):
                await client(partial(call, operation=operation, given=arguments(operation)))
