"""Documents with nothing in them of what an operation answers: none is read as a success."""

from __future__ import annotations

import inspect
import json
from functools import partial
from typing import Any

import pytest
from support.flavours import Flavour
from support.raw import always
from support.samples import arguments, call
from support.spellings import DIGITS

from nusantara.catalogue.operations import Operation, operations
from nusantara.errors import ApiError, NoAnswer

SAID = "Sedang maintenance"
DOCUMENTS: dict[str, Any] = {
    "an empty object": {},
    "an empty list": [],
    "an error of no documented form": {"status": "error", "message": SAID},
    "null": None,
    "text": "text",
}
_IN_ENVELOPES: dict[str, Any] = {
    f"{name} in the envelope": {"status": 200, "results": document} for name, document in DOCUMENTS.items()
}
_IN_JSON = {name: json.dumps(document).encode() for name, document in DOCUMENTS.items()}
BODIES = {
    "bukalapak": _IN_JSON,
    "kaskus": _IN_JSON,
    "qiscus": _IN_JSON | {name: json.dumps(document).encode() for name, document in _IN_ENVELOPES.items()},
    "kaskus in XML": {
        "an empty object": b"<return/>",
        "an error of no documented form": DIGITS.write(DOCUMENTS["an error of no documented form"]),
        "text": b"<return>text</return>",
    },
}
NO_ITEMS = (b"[]", b"<return/>")
"""How a list says that there is nothing to list."""


def returns_a_list(operation: Operation) -> bool:
    return str(inspect.signature(operation.function).return_annotation).startswith("list[")


@pytest.mark.parametrize("where", BODIES)
async def test_nothing_of_what_is_due_is_no_success(open_client: Any, serve: Any, where: str) -> None:
    vendor = where.split()[0]
    checked = [operation for operation in operations(vendor) if operation.typed]
    assert len(checked) > 5
    taken: list[str] = []
    silent: list[str] = []
    for name, body in BODIES[where].items():
        server = await serve(always(body))
        client: Flavour[Any] = open_client(server.base_url, vendor=vendor, max_attempts=1)
        for operation in checked:
            if returns_a_list(operation) and body in NO_ITEMS:
                continue
            try:
                await client(partial(call, operation=operation, given=arguments(operation)))
            except (ApiError, NoAnswer) as error:
                if SAID.encode() in body and SAID not in str(error) and not returns_a_list(operation):
                    silent.append(operation.name)
            else:
                taken.append(f"{operation.name}: {name}")
    assert taken == []
    # The others' models have keys that must be there, which is what their errors tell.
    assert vendor != "kaskus" or silent == []
