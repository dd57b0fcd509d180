"""The sandbox's own paths under ``/_sandbox/``, through which another process drives it.

=======  ===========================  =============================================================
GET      ``/_sandbox/credentials``    what ``sandbox.credentials`` gives
GET      ``/_sandbox/requests``       ``{"requests": [...]}``; ``?vendor=`` and ``?operation=`` narrow
GET      ``/_sandbox/deliveries``     ``{"deliveries": [...]}``: webhooks sent out
POST     ``/_sandbox/reset``          back to the first state
GET      ``/_sandbox/faults``         ``{"faults": [...]}``
POST     ``/_sandbox/faults``         switch one on: ``{"kind": "latency", "seconds": 0.2, "times": 1}``
DELETE   ``/_sandbox/faults``         switch all off
DELETE   ``/_sandbox/faults/{n}``     switch one off
=======  ===========================  =============================================================

Calls of these paths are neither logged nor struck by faults.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nusantara.errors import InvalidParameter
from nusantara.sandbox.answer import Answer
from nusantara.sandbox.faults import Fault
from nusantara.sandbox.incoming import Incoming

if TYPE_CHECKING:
    from nusantara.sandbox.server import Sandbox

__all__ = ["PREFIX", "control"]

PREFIX = "/_sandbox/"

_DONE = {"done": True}


def control(sandbox: Sandbox, call: Incoming) -> Answer:
    """Answer a call of the sandbox's own paths."""
    name = call.path.removeprefix(PREFIX)
    match call.method, name:
        case "GET", "credentials":
            return Answer.json(sandbox.credentials)
        case "GET", "requests":
            return Answer.json({"requests": _requests(sandbox, dict(call.query))})
        case "GET", "deliveries":
            return Answer.json({"deliveries": _deliveries(sandbox)})
        case "POST", "reset":
            sandbox.reset()
            return Answer.json(_DONE)
        case "GET", "faults":
            return Answer.json({"faults": [active.document() for active in sandbox.faults.active]})
        case "POST", "faults":
            return _add_fault(sandbox, call)
        case "DELETE", "faults":
            sandbox.faults.clear()
            return Answer.json(_DONE)
        case "DELETE", _ if name.startswith("faults/") and name.removeprefix("faults/").isdecimal():
            if sandbox.faults.remove(int(name.removeprefix("faults/"))):
                return Answer.json(_DONE)
            return Answer.json({"error": "no such fault is switched on"}, status=404)
    return Answer.json({"error": f"the sandbox has no {call.method} {call.path}"}, status=404)


def _requests(sandbox: Sandbox, wanted: dict[str, str]) -> list[dict[str, Any]]:
    records = (record.document() for record in sandbox.requests)
    return [
        record
        for record in records
        if all(record[name] == wanted[name] for name in ("vendor", "operation") if name in wanted)
    ]


def _deliveries(sandbox: Sandbox) -> list[dict[str, Any]]:
    return [
        {
            "vendor": delivery.vendor,
            "url": delivery.url,
            "headers": [list(pair) for pair in delivery.headers],
            "body": delivery.body.decode("utf-8", "replace"),
            "status": delivery.status,
            "error": delivery.error,
        }
        for delivery in sandbox.deliveries
    ]


def _add_fault(sandbox: Sandbox, call: Incoming) -> Answer:
    try:
        active = sandbox.faults.add(Fault.parse(call.json()))
    except (InvalidParameter, ValueError) as error:
        return Answer.json({"error": str(error)}, status=400)
    return Answer.json(active.document(), status=201)
