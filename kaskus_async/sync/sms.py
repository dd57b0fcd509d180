# Written by "python -m nusantara.syncgen" from kaskus_async/sms.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.sms`."""

from __future__ import annotations

from kaskus_async.sms import Sms as AsyncSms
from nusantara.record import Record
from nusantara.sync.facade import SyncResource

__all__ = ["Sms"]


class Sms(SyncResource[AsyncSms]):
    """Text messages (SMS). Reference: "Sms", "Otp"."""

    def send(self, user_id: int, message: str) -> Record:
        """Send a text message to a user.

        ``POST /v1/sms`` - unrepeatable

        The shape of the answer is not documented.

        Reference: "Sms", "POST sms".
        """
        return self._portal.run(self._impl.send, user_id, message)

    def send_otp(self, action: str, phone: str) -> Record:
        """Send a one-time password, which some operations ask for.

        ``POST /v1/otp/{action}`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            action: What the password is for. The reference names ``"user"`` only.

        Reference: "Otp", "POST otp".
        """
        return self._portal.run(self._impl.send_otp, action, phone)
