"""``nusantara operations [VENDOR] [--json]``"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from nusantara.catalogue.operations import operations
from nusantara.catalogue.vendors import VENDORS
from nusantara.cli.parser import Parser, UsageError, did_you_mean
from nusantara.cli.text import table

__all__ = ["check_vendor", "run"]

_SHAPE = {True: "typed", False: "record"}


def run(argv: Sequence[str]) -> int:
    """List every operation; the exit code."""
    parser = Parser(
        prog="nusantara operations",
        description="Lists every operation: its name as called, the call it makes, and what a repeat would do.",
        epilog="""\
safe: reads only. repeatable: a second arrival changes nothing more. keyed: a repeat is recognised.
unrepeatable: a second arrival would send, buy or create again, so it is never repeated on its own.
typed: the answer's shape is known. record: nobody has documented it, so it comes back as it is.""",
    )
    parser.add_argument("vendor", nargs="?", metavar="VENDOR", help=f"one of {', '.join(VENDORS)}; by default all")
    parser.add_argument("--json", action="store_true", help="one JSON list")
    arguments = parser.parse_args(argv)
    vendor: str | None = arguments.vendor
    if vendor is not None:
        check_vendor(vendor)
    found = operations(vendor)
    if arguments.json:
        documents = [operation.document() for operation in found]
        sys.stdout.write(json.dumps(documents, indent=2) + "\n")
    elif found:
        rows = [
            [each.vendor, each.name, each.method, each.path, each.call_class, _SHAPE[each.typed], each.summary]
            for each in found
        ]
        sys.stdout.write(table(rows))
    else:
        sys.stderr.write("no operations in this version\n")
    return 0


def check_vendor(vendor: str) -> None:
    """Raise if there is no such vendor."""
    if vendor not in VENDORS:
        raise UsageError(
            f"there is no vendor {vendor!r}", hint=did_you_mean(vendor, VENDORS) or f"there are {', '.join(VENDORS)}"
        )
