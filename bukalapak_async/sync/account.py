# Written by "python -m nusantara.syncgen" from bukalapak_async/account.py. Do not edit.
"""Synchronous twin of :mod:`bukalapak_async.account`."""

from __future__ import annotations

from bukalapak_async.account import Account as AsyncAccount
from bukalapak_async.models import Login
from nusantara.secret import Secret, hide
from nusantara.sync.facade import SyncResource

__all__ = ["Account"]


class Account(SyncResource[AsyncAccount]):
    """Getting the token that all other calls need."""

    def authenticate(self, login: str, password: Secret | str) -> Login:
        """Exchange a user name or e-mail address and its password for a user id and a token.

        ``POST /v1/authenticate.json`` - repeatable

        Works on a client without credentials; those of the client, if any, are not sent.

        Raises:
            AuthFailed: The pair is wrong.

        Reference: "Authenticate" (not among the messages).
        """
        password = hide(password)
        return self._portal.run(self._impl.authenticate, login, password)
