# Written by "python -m nusantara.syncgen" from kaskus_async/registration.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.registration`."""

from __future__ import annotations

from datetime import date

from kaskus_async.models.users import Gender
from kaskus_async.registration import Registration as AsyncRegistration
from nusantara.record import Record
from nusantara.secret import Secret, hide
from nusantara.sync.facade import SyncResource

__all__ = ["Registration"]


class Registration(SyncResource[AsyncRegistration]):
    """Registration. The mail that a new user gets has a code for ``account.verify``. Reference: "Registration"."""

    def register(
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
        password = hide(password)
        otp = hide(otp)
        return self._portal.run(
            self._impl.register, username, email, password, phone, otp, gender=gender, birthdate=birthdate
        )

    def register_forum(
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
        return self._portal.run(
            self._impl.register_forum, username, email, password, gender=gender, birthdate=birthdate, fullname=fullname
        )

    def check(self, *, username: str | None = None, email: str | None = None, phone: str | None = None) -> Record:
        """Check whether somebody could be registered with these.

        ``POST /v1/registration/user/validation`` - safe

        The shape of the answer is not documented.

        Reference: "Registration", "Registration Validation".
        """
        return self._portal.run(self._impl.check, username=username, email=email, phone=phone)
