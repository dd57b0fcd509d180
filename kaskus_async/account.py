"""The signed-in user's own account: profile, privacy, options, permissions, verification."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from kaskus_async.models.account import (
    ForumPermissions,
    GuardedAction,
    OptionCategory,
    PictureChange,
    PrivacySettings,
)
from kaskus_async.models.users import Gender, ProfileInclude, UserProfile
from kaskus_async.requests import get, post
from kaskus_async.values import calendar_day, flag, joined, md5_of, required, true_false
from nusantara.client import Resource
from nusantara.errors import InvalidParameter
from nusantara.record import Record
from nusantara.request import CallClass
from nusantara.secret import Secret, credential, hide

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["Account"]


class Account(Resource):
    """One's own account. Reference: "User"."""

    _client: AsyncKaskus

    async def profile(self, *, include: Sequence[ProfileInclude | str] | None = None) -> UserProfile:
        """Show one's own profile.

        ``GET /user`` - safe

        Args:
            include: Extra fields.

        Reference: "User", "GET user".
        """
        return await self._client._send(get("/user", params={"include": joined("include", include)}), UserProfile)

    async def update_profile(
        self,
        *,
        fullname: str | None = None,
        address: str | None = None,
        country: str | None = None,
        province: str | None = None,
        gender: Gender | int | None = None,
        ktp: str | None = None,
        birthdate: date | None = None,
        biography: str | None = None,
        upload_profile: PictureChange | int | None = None,
    ) -> Record:
        """Change one's own profile.

        ``POST /user`` - repeatable

        The shape of the answer is not documented, nor what becomes of fields that are left out.

        Args:
            country: Code of two letters, such as ``"ID"``.
            ktp: Number of the identity card (KTP).
            upload_profile: What to do with the profile picture. How it would be uploaded is not documented.

        Reference: "User", "POST user".
        """
        birthdate = calendar_day("birthdate", birthdate)
        form = {
            "fullname": fullname,
            "address": address,
            "country": country,
            "province": province,
            "gender": gender,
            "ktp": ktp,
            "day": None if birthdate is None else birthdate.day,
            "month": None if birthdate is None else birthdate.month,
            "year": None if birthdate is None else birthdate.year,
            "biography": biography,
            "upload_profile": upload_profile,
        }
        return await self._client._send(post("/user", form=form, call_class=CallClass.REPEATABLE), Record)

    async def privacy(self, *, setting: str | None = None) -> PrivacySettings:
        """Show which parts of one's profile others see.

        ``GET /user/privacy_setting`` - safe

        Args:
            setting: Only this one, such as ``"phone"``.

        Reference: "User", "GET user/privacy_setting".
        """
        return await self._client._send(get("/user/privacy_setting", params={"setting": setting}), PrivacySettings)

    async def update_privacy(
        self,
        *,
        gender: bool | None = None,
        email: bool | None = None,
        address: bool | None = None,
        country: bool | None = None,
        province: bool | None = None,
        phone: bool | None = None,
        dateofbirth: bool | None = None,
    ) -> Record:
        """Say which parts of one's profile others see.

        ``POST /user/privacy_setting`` - repeatable

        The shape of the answer is not documented, nor what becomes of settings that are left out.

        Reference: "User", "POST user/privacy_setting".
        """
        switches = {
            "gender": gender,
            "email": email,
            "address": address,
            "country": country,
            "province": province,
            "phone": phone,
            "dateofbirth": dateofbirth,
        }
        form = {name: flag(name, value) for name, value in switches.items()}
        return await self._client._send(
            post("/user/privacy_setting", form=form, call_class=CallClass.REPEATABLE), Record
        )

    async def options(self) -> Record:
        """Show one's options.

        ``GET /user/option`` - safe

        The shape of the answer is not documented.

        Reference: "User", "GET user/get_user_option".
        """
        return await self._client._send(get("/user/option"), Record)

    async def options_in(self, category: OptionCategory | str) -> Record:
        """Show the options of one category.

        ``GET /v1/user/options/{category}`` - safe

        The shape of the answer is not documented.

        Reference: "User", "GET user/user_option".
        """
        return await self._client._send(get("/v1/user/options/{category}", category), Record)

    async def update_options(
        self,
        *,
        push_pm_notification: bool | None = None,
        push_hot_thread_notification: bool | None = None,
        push_quoted_post_notification: bool | None = None,
        push_friend_request_notification: bool | None = None,
        push_thread_replied_notification: bool | None = None,
        push_subscribed_thread_replied_notification: bool | None = None,
    ) -> Record:
        """Say of what one is notified on the phone.

        ``POST /user/option`` - repeatable

        The shape of the answer is not documented, nor what becomes of options that are left out.

        Reference: "User", "POST user/user_option".
        """
        switches = {
            "push_pm_notification": push_pm_notification,
            "push_hot_thread_notification": push_hot_thread_notification,
            "push_quoted_post_notification": push_quoted_post_notification,
            "push_friend_request_notification": push_friend_request_notification,
            "push_thread_replied_notification": push_thread_replied_notification,
            "push_subscribed_thread_replied_notification": push_subscribed_thread_replied_notification,
        }
        form = {name: true_false(name, value) for name, value in switches.items()}
        return await self._client._send(post("/user/option", form=form, call_class=CallClass.REPEATABLE), Record)

    async def permissions(
        self, actions: Sequence[GuardedAction | str], *, password: Secret | str | None = None
    ) -> Record:
        """Check whether one may do some things.

        ``POST /v1/user/permissions`` - safe

        The shape of the answer is not documented.

        Args:
            password: One's password, needed for seeing the balance. Sent as MD5.

        Reference: "User", "POST user/permission".
        """
        password = hide(password)
        action = required("actions", joined("actions", actions) or "")
        if password is None and GuardedAction.SEE_BALANCE in actions:
            raise InvalidParameter("password", "must be given for seeing the balance")
        form = {
            "action": action,
            "password": None if password is None else md5_of("password", password),
        }
        return await self._client._send(post("/v1/user/permissions", form=form, call_class=CallClass.SAFE), Record)

    async def forum_permissions(self) -> ForumPermissions:
        """Show in which forums one cannot do things.

        ``GET /v1/user/forum_permissions`` - safe

        Reference: "User", "GET user/forumpermission".
        """
        return await self._client._send(get("/v1/user/forum_permissions"), ForumPermissions)

    async def fjb_permissions(self) -> Record:
        """Show what one may do in the marketplace.

        ``GET /v1/user/fjb_permissions`` - safe

        The shape of the answer is not documented.

        Reference: "User", "GET user/fjbpermission".
        """
        return await self._client._send(get("/v1/user/fjb_permissions"), Record)

    async def resend_verification(self, email: str) -> Record:
        """Have the mail sent again that verifies a new account.

        ``POST /v1/user/verification`` - unrepeatable

        The shape of the answer is not documented.

        Reference: "User", "Resend email verification".
        """
        form = {"email": required("email", email)}
        return await self._client._send(
            post("/v1/user/verification", form=form, call_class=CallClass.UNREPEATABLE), Record
        )

    async def verify(self, user_id: int, verification_code: Secret | str) -> Record:
        """Verify a new account.

        ``POST /v1/user/{user_id}/verifications`` - repeatable

        The shape of the answer is not documented.

        Args:
            verification_code: From the mail that was sent at registration, 40 characters.

        Reference: "User", "User Registration Verification".
        """
        verification_code = hide(verification_code)
        return await self._client._send(
            post(
                "/v1/user/{user_id}/verifications",
                user_id,
                form={"verification_code": credential("verification_code", verification_code)},
                call_class=CallClass.REPEATABLE,
            ),
            Record,
        )
