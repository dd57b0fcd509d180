"""Registration of new users."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from kaskus_async.models.users import Gender
from kaskus_async.requests import post
from kaskus_async.values import day, md5_of, required
from nusantara.client import Resource
from nusantara.errors import InvalidParameter
from nusantara.record import Record
from nusantara.request import CallClass
from nusantara.secret import Secret, credential, hide

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["Registration"]

GENDERS = {Gender.FEMALE: 0, Gender.MALE: 1}
"""Numbered otherwise than in profiles."""


class Registration(Resource):
    """Registration. The mail that a new user gets has a code for ``account.verify``. Reference: "Registration"."""

    _client: AsyncKaskus

    async def register(
        self,
        username: str,
        email: str,
        password: Secret | str,
        phone: str,
        otp: Secret | str,
        *,
        gender: Gender | None = None,
        birthdate: date | None = None,
    ) -> Record:
        """Register a user.

        ``POST /v1/registration/user`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            password: Sent as MD5.
            phone: A number such as 08123456789.
            otp: The one-time password that ``sms.send_otp`` had sent to that phone.

        Reference: "Registration", "Registration".
        """
        password, otp = hide(password), hide(otp)
        form = {
            "username": required("username", username),
            "email": required("email", email),
            "password": md5_of("password", password),
            "phone": required("phone", phone),
            "gender": _gender(gender),
            "birthdate": day("birthdate", birthdate),
            "otp": credential("otp", otp),
        }
        return await self._client._send(
            post("/v1/registration/user", form=form, call_class=CallClass.UNREPEATABLE), Record
        )

    async def register_forum(
        self,
        username: str,
        email: str,
        password: Secret | str,
        *,
        gender: Gender | None = None,
        birthdate: date | None = None,
        fullname: str | None = None,
    ) -> Record:
        """Register a user of the forum, for which no phone is needed.

        ``POST /v1/registration/user`` - unrepeatable

        The shape of the answer is not documented.

        Args:
            password: Sent as MD5.

        Reference: "Registration", "Registration Forum".
        """
        password = hide(password)
        form = {
            "username": required("username", username),
            "email": required("email", email),
            "password": md5_of("password", password),
            "gender": _gender(gender),
            "birthdate": day("birthdate", birthdate),
            "fullname": fullname,
        }
        return await self._client._send(
            post(
                "/v1/registration/user",
                params={"service": "forum"},
                form=form,
                call_class=CallClass.UNREPEATABLE,
            ),
            Record,
        )

    async def check(self, *, username: str | None = None, email: str | None = None, phone: str | None = None) -> Record:
        """Check whether somebody could be registered with these.

        ``POST /v1/registration/user/validation`` - safe

        The shape of the answer is not documented.

        Reference: "Registration", "Registration Validation".
        """
        form = {"username": username, "email": email, "phone": phone}
        return await self._client._send(
            post("/v1/registration/user/validation", form=form, call_class=CallClass.SAFE), Record
        )


def _gender(gender: Gender | None) -> int | None:
    if gender is None:
        return None
    if not isinstance(gender, Gender) or gender not in GENDERS:
        raise InvalidParameter("gender", "must be Gender.FEMALE or Gender.MALE; a number could mean either")
    return GENDERS[gender]
