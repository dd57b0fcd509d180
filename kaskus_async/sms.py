"""Text messages to mobile phones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaskus_async.requests import post
from kaskus_async.values import given, required
from nusantara.client import Resource
from nusantara.record import Record
from nusantara.request import CallClass, Params

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["Sms"]


class Sms(Resource):
    """Text messages (SMS). Reference: "Sms", "Otp"."""

    _client: AsyncKaskus

    async def send(self, user_id: int, message: str) -> Record:
        """Send a text message to a user.

        ``POST /v1/sms`` - unrepeatable

        The shape of the answer is not documented.

        Reference: "Sms", "POST sms".
        """
        form: Params = {"user_id": given("user_id", user_id), "message": required("message", message)}
        return await self._client._send(post("/v1/sms", form=form, call_class=CallClass.UNREPEATABLE), Record)

    async def send_otp(self, action: str, phone: str) -> Record:
        """Send a one-time password, which some operations ask for.

        ``POST /v1/otp/{action}`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            action: What the password is for. The reference names ``"user"`` only.

        Reference: "Otp", "POST otp".
        """
        return await self._client._send(
            post(
                "/v1/otp/{action}",
                action,
                form={"phone": required("phone", phone)},
                call_class=CallClass.UNREPEATABLE,
            ),
            Record,
        )
