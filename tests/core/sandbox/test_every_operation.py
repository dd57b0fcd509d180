"""Every operation that a client has is served by the sandbox, under a name of its own."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator

import pytest

from nusantara.catalogue.operations import Operation, operations
from nusantara.sandbox import Sandbox

OPERATIONS = operations()
BASES = {"kaskus": "/api/oauth", "bukalapak": "", "qiscus": ""}
OUTSIDE_THE_BASE = {"/oauth/access-token"}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox().in_thread() as running:
        yield running


def answered(sandbox: Sandbox, method: str, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(sandbox.base_url.removeprefix("http://"), timeout=10)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def target_of(operation: Operation) -> str:
    filled = re.sub(r"\{\w+\}", "1", operation.path)
    return filled if filled in OUTSIDE_THE_BASE else f"{BASES[operation.vendor]}{filled}"


def unknown(sandbox: Sandbox, operation: Operation) -> bytes:
    """What the vendor answers to a path that it does not have."""
    base = {"kaskus": "/api/oauth/", "bukalapak": "/v1/", "qiscus": "/api/v2/rest/"}[operation.vendor]
    return answered(sandbox, operation.method, f"{base}no/such/operation")[1]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: f"{one.vendor}.{one.name}")
def test_an_operation_is_served(operation: Operation, sandbox: Sandbox) -> None:
    nothing = unknown(sandbox, operation)
    status, body = answered(sandbox, operation.method, target_of(operation))
    record = sandbox.requests[-1]
    assert (record.vendor, record.executed) == (operation.vendor, True)
    assert record.operation is not None
    assert body != nothing
    assert status < 500


def test_no_two_operations_of_a_client_are_one_in_the_log(sandbox: Sandbox) -> None:
    names: dict[tuple[str, str], set[str]] = {}
    for operation in OPERATIONS:
        answered(sandbox, operation.method, target_of(operation))
        name = sandbox.requests[-1].operation
        assert name is not None
        names.setdefault((operation.vendor, name), set()).add(
            re.sub(r"\{\w+\}", "{}", f"{operation.method} {operation.path}")
        )
    assert {name: calls for name, calls in names.items() if len(calls) > 1} == {}


def test_the_vendors_of_the_catalogue_are_those_that_are_served() -> None:
    assert {operation.vendor for operation in OPERATIONS} == set(Sandbox().vendors)
