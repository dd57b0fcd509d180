"""How a call proves who is asking, and how a user signs in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nusantara import lazy
from nusantara.signing.plain import BasicAuth, HeaderAuth, NoAuth, Signer

if TYPE_CHECKING:
    from nusantara.signing.browser import receive_callback
    from nusantara.signing.file_lock import FileLock
    from nusantara.signing.oauth1 import OAuth1
    from nusantara.signing.store import GuardedStore, TokenStore
    from nusantara.signing.token_answers import parse_token_answer

_WHERE = {
    "FileLock": "nusantara.signing.file_lock",
    "GuardedStore": "nusantara.signing.store",
    "OAuth1": "nusantara.signing.oauth1",
    "TokenStore": "nusantara.signing.store",
    "parse_token_answer": "nusantara.signing.token_answers",
    "receive_callback": "nusantara.signing.browser",
}
"""Written by "python -m nusantara.syncgen" from the imports above: what most clients never need."""

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

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy(__name__, _WHERE)
