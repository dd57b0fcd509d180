"""The signature of an event.

The reference has none. A newer page of the vendor says: once a token for it is made in the dashboard, requests carry
the header ``QISCUS-SDK-SIGNATURE``, the HMAC-SHA256 of the body with that token, in hexadecimal.
"""

from __future__ import annotations

import hashlib
import hmac

from nusantara.secret import Secret, check_credential, hide, reveal

__all__ = ["SIGNATURE_HEADER", "sign", "verify"]

SIGNATURE_HEADER = "QISCUS-SDK-SIGNATURE"


def sign(body: bytes, key: Secret | str) -> str:
    """The signature of a body, in lower case.

    Args:
        body: The bytes as they travel; JSON that was parsed and written again has another signature.
        key: The token for signatures. It is not the app's secret key.

    Raises:
        InvalidParameter: The key is empty, with which anybody can sign, or cannot be one.
    """
    key = hide(key)
    check_credential("key", key)
    return hmac.new(reveal(key).encode(), body, hashlib.sha256).hexdigest()


def verify(body: bytes, signature: bytes | str | None, key: Secret | str) -> bool:
    """Whether a signature is right. Takes as long for a wrong one as for a right one, and fails on no value.

    Args:
        body: The bytes as they came.
        signature: Value of the header, in either case; None if it is missing.
        key: The token for signatures.

    Raises:
        InvalidParameter: The key is empty, with which anybody can sign, or cannot be one.
    """
    key = hide(key)
    expected = sign(body, key).encode()
    if signature is None:
        return False
    given = signature.encode("utf-8", "backslashreplace") if isinstance(signature, str) else signature
    return hmac.compare_digest(given.strip().lower(), expected)
