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

Calls of these paths are neither logged nor struck by faults. A POST is JSON, and comes from no page of another origin.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs

from nusantara.errors import InvalidParameter
from nusantara.sandbox.answer import Answer
from nusantara.sandbox.faults import Fault, Faults
from nusantara.sandbox.incoming import Incoming
from nusantara.sandbox.log import RequestLog
from nusantara.sandbox.outbox import Outbox

__all__ = ["PREFIX", "Controls"]

PREFIX = "/_sandbox/"

_DONE = {"done": True}


@attrs.frozen
class Controls:
    """Answers calls of the sandbox's own paths."""

    credentials: Callable[[], dict[str, Any]]
    reset: Callable[[], None]
    log: RequestLog
    faults: Faults
    outbox: Outbox

    def answer(self, call: Incoming) -> Answer:
        """Answer one call."""
        name = call.path.removeprefix(PREFIX)
        match call.method, name:
            case "GET", "credentials":
                return Answer.json(self.credentials())
            case "GET", "requests":
                return Answer.json({"requests": self._requests(dict(call.query))})
            case "GET", "deliveries":
                return Answer.json({"deliveries": self._deliveries()})
            case "POST", "reset":
                self.reset()
                return Answer.json(_DONE)
            case "GET", "faults":
                return Answer.json({"faults": [active.document() for active in self.faults.active]})
            case "POST", "faults":
                return self._add_fault(call)
            case "DELETE", "faults":
                self.faults.clear()
                return Answer.json(_DONE)
            case "DELETE", _ if name.startswith("faults/"):
                number = name.removeprefix("faults/")
                for active in self.faults.active:
                    if str(active.number) == number:
                        active.remove()
                        return Answer.json(_DONE)
                return Answer.json({"error": "no such fault is switched on"}, status=404)
        return Answer.json({"error": f"the sandbox has no {call.method} {call.path}"}, status=404)

    def _requests(self, wanted: dict[str, str]) -> list[dict[str, Any]]:
        records = (record.document() for record in self.log.snapshot())
        return [
            record
            for record in records
            if all(record[name] == wanted[name] for name in ("vendor", "operation") if name in wanted)
        ]

    def _deliveries(self) -> list[dict[str, Any]]:
        return [
            {
                "vendor": delivery.vendor,
                "url": delivery.url,
                "headers": [list(pair) for pair in delivery.headers],
                "body": delivery.body.decode("utf-8", "replace"),
                "status": delivery.status,
                "error": delivery.error,
            }
            for delivery in self.outbox.deliveries
        ]

    def _add_fault(self, call: Incoming) -> Answer:
        try:
            active = self.faults.add(Fault.parse(call.json()))
        except (InvalidParameter, ValueError) as error:
            return Answer.json({"error": str(error)}, status=400)
        return Answer.json(active.document(), status=201)
