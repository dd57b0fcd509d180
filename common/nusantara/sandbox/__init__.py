"""A local server that behaves as the vendors do: real state, real checks of credentials, faults to switch on.

It shares no code with the clients, so that the two can disagree.
"""

from __future__ import annotations

from nusantara.sandbox.command import add_arguments, serve
from nusantara.sandbox.faults import ActiveFault, Fault, FaultKind, Faults
from nusantara.sandbox.log import RecordedRequest
from nusantara.sandbox.outbox import Delivery
from nusantara.sandbox.server import Sandbox
from nusantara.sandbox.vendor import Vendor

__all__ = [
    "ActiveFault",
    "Delivery",
    "Fault",
    "FaultKind",
    "Faults",
    "RecordedRequest",
    "Sandbox",
    "Vendor",
    "add_arguments",
    "serve",
]
