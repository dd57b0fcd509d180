"""How a call proves who is asking, and how a user signs in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nusantara.signing.plain import BasicAuth, HeaderAuth, NoAuth, Signer

if TYPE_CHECKING:
    from nusantara.signing.browser import receive_callback
    from nusantara.signing.file_lock import FileLock
    from nusantara.signing.oauth1 import OAuth1
    from nusantara.signing.store import GuardedStore, TokenStore
    from nusantara.signing.token_answers import parse_token_answer

_WHERE = {
    "FileLock": "file_lock",
    "GuardedStore": "store",
    "OAuth1": "oauth1",
    "TokenStore": "store",
    "parse_token_answer": "token_answers",
    "receive_callback": "browser",
}
"""Submodule of each name that is loaded when it is first used: most clients never need it."""

__all__ = [
    "BasicAuth",
    "FileLock",
    "GuardedStore",
    "HeaderAuth",
    "NoAuth",
    "OAuth1",
    "Signer",
    "TokenStore",
    "parse_token_answer",
    "receive_callback",
]


def __getattr__(name: str) -> Any:
    from nusantara import load

    return load(__name__, _WHERE, name, globals())
