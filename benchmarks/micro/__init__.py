"""Parts of a call, each next to something that everybody knows the price of."""

from __future__ import annotations

from benchmarks.installs import SPEED
from benchmarks.micro.imports import Imports
from benchmarks.micro.timing import Group, Timing
from benchmarks.run import Measurement

__all__ = ["HOP", "SIGNATURE", "SIGNATURE_LIMIT", "STRUCTURE", "XML", "measurements"]

HOP = "hop"
SIGNATURE = "signature"
SIGNATURE_LIMIT = "signature-limit"
STRUCTURE = "structure"
XML = "structure-xml"


def measurements() -> list[Measurement]:
    """All of them."""
    structure, signature, xml = (f"benchmarks.micro.{name}" for name in ("structure", "signature", "xml"))
    return [
        Timing(HOP, "From a thread to the loop and back", [Group("hop", "benchmarks.micro.hop:hop")]),
        Timing(
            SIGNATURE,
            "OAuth 1.0a signature",
            [
                Group("GET, 5 parameters", f"{signature}:get_beside_oauthlib"),
                Group("POST, 10 fields", f"{signature}:post_beside_oauthlib"),
            ],
        ),
        Timing(
            SIGNATURE_LIMIT,
            "OAuth 1.0a signature and its bare HMAC",
            [
                Group("GET, 5 parameters", f"{signature}:get_beside_hmac"),
                Group("POST, 10 fields", f"{signature}:post_beside_hmac"),
            ],
        ),
        Timing(
            STRUCTURE,
            "Decoding 20 KB",
            [
                Group("comments, base", f"{structure}:comments"),
                Group("comments, speed", f"{structure}:comments", SPEED),
                Group("hot threads, base", f"{structure}:hot_threads"),
                Group("hot threads, speed", f"{structure}:hot_threads", SPEED),
                Group("inbox, base", f"{structure}:inbox"),
                Group("inbox, speed", f"{structure}:inbox", SPEED),
            ],
        ),
        Timing(
            XML,
            "Decoding XML",
            [Group("hot threads", f"{xml}:hot_threads"), Group("comments", f"{xml}:comments")],
        ),
        Imports(),
    ]
