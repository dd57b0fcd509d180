"""The part of the webhook's path that only Qiscus is told: what stands between strangers and the handlers.

The vendor documents neither a signature nor addresses that events come from.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import math
import re
import secrets

from nusantara.errors import InvalidParameter, even_half_made
from nusantara.secret import MASK, HiddenText, Secret, credential, hide

__all__ = ["HidingFilter", "SecretPath", "make_path_secret"]

BITS = 128
_FORMATTER = logging.Formatter()
_URL_SAFE = re.compile(r"[A-Za-z0-9_-]+").fullmatch
_ALPHABETS = (("0123456789", 10), ("0123456789abcdef", 16), ("0123456789ABCDEF", 16))
_LEAST_VARIETY = 6
"""Different characters in a secret. A random one has fewer less than once in a billion times."""


def make_path_secret() -> str:
    """A new secret of 256 bits. Make one, keep it with the program's settings, and give its URL to Qiscus once."""
    return secrets.token_urlsafe(32)


class SecretPath:
    """A path that ends in the secret.

    Args:
        prefix: What stands before the secret, such as ``/qiscus``.
        secret: At least 128 bits as letters, digits, ``-`` and ``_``: 32 hexadecimal digits or 22 of
            ``secrets.token_urlsafe``. By default a new one.
    """

    def __init__(self, prefix: str, secret: Secret | str | None) -> None:
        secret = hide(secret)
        self.prefix = _checked_prefix(prefix)
        self._secret = _checked_secret(credential("path_secret", make_path_secret() if secret is None else secret))

    @property
    def text(self) -> HiddenText:
        """The whole path. Its ``repr`` is masked."""
        return HiddenText(f"{self.prefix}/{self._secret}")

    @property
    def digest(self) -> str:
        """Short text that is the same for the same path, and gives nothing of it away."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    def matches(self, given: str) -> bool:
        """Whether this is the secret; takes the same time for every wrong one."""
        return hmac.compare_digest(given.encode("utf-8", "backslashreplace"), self._secret.encode())

    def hiding_filter(self) -> HidingFilter:
        """A filter that keeps the secret out of a log."""
        return HidingFilter(self._secret)

    @even_half_made
    def __repr__(self) -> str:
        return f"SecretPath({self.prefix}/{MASK})"


class HidingFilter(logging.Filter):
    """Masks a secret in log records, as in the access log of the server that the receiver is mounted in.

    A traceback with it becomes text, since the error itself would be shown with it, too.
    """

    def __init__(self, secret: str) -> None:
        super().__init__()
        self._secret = secret

    def filter(self, record: logging.LogRecord) -> bool:
        if self._secret in record.getMessage():
            record.msg, record.args = record.getMessage().replace(self._secret, MASK), None
        if (
            record.exc_info
            and record.exc_info[0]
            and self._secret in (shown := _FORMATTER.formatException(record.exc_info))
        ):
            record.exc_info, record.exc_text = None, shown
        for name, value in vars(record).items():
            if isinstance(value, str) and self._secret in value:
                setattr(record, name, value.replace(self._secret, MASK))
        return True


def _checked_prefix(prefix: str) -> str:
    if not isinstance(prefix, str) or not re.fullmatch(r"(/[A-Za-z0-9._~-]+)*", prefix):
        raise InvalidParameter("prefix", "must be like /qiscus, or empty")
    return prefix


def _checked_secret(text: HiddenText) -> HiddenText:
    # The problem is told without the text.
    if not _URL_SAFE(text):
        raise InvalidParameter("path_secret", "must consist of letters, digits, - and _")
    size = next((size for alphabet, size in _ALPHABETS if set(text) <= set(alphabet)), 64)
    if len(text) * math.log2(size) < BITS or len(set(text)) < _LEAST_VARIETY:
        raise InvalidParameter(
            "path_secret", f"must hold at least {BITS} random bits", hint="webhooks.make_path_secret() makes one"
        )
    return text
