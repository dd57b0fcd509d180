# Written by "python -m nusantara.syncgen" from kaskus_async/account.py. Do not edit.
"""Synchronous twin of :mod:`kaskus_async.account`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kaskus_async.account import Account as AsyncAccount
from kaskus_async.models.account import ForumPermissions, GuardedAction, OptionCategory, PictureChange, PrivacySettings
from kaskus_async.models.users import Gender, ProfileInclude, UserProfile
from nusantara.record import Record
from nusantara.secret import Secret, hide
from nusantara.sync.facade import SyncResource

__all__ = ["Account"]


class Account(SyncResource[AsyncAccount]):
    """One's own account. Reference: "User"."""

    def profile(self, *, include: Sequence[ProfileInclude | str] | None = None) -> UserProfile:
        """Show one's own profile.

        ``GET /user`` - safe

        Args:
            include: Extra fields.

        Reference: "User", "GET user".
        """
        return self._portal.run(self._impl.profile, include=include)

    def update_profile(
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
        return self._portal.run(
            self._impl.update_profile,
            fullname=fullname,
            address=address,
            country=country,
            province=province,
            gender=gender,
            ktp=ktp,
            birthdate=birthdate,
            biography=biography,
            upload_profile=upload_profile,
        )

    def privacy(self, *, setting: str | None = None) -> PrivacySettings:
        """Show which parts of one's profile others see.

        ``GET /user/privacy_setting`` - safe

        Args:
            setting: Only this one, such as ``"phone"``.

        Reference: "User", "GET user/privacy_setting".
        """
        return self._portal.run(self._impl.privacy, setting=setting)

    def update_privacy(
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
        return self._portal.run(
            self._impl.update_privacy,
            gender=gender,
            email=email,
            address=address,
            country=country,
            province=province,
            phone=phone,
            dateofbirth=dateofbirth,
        )

    def options(self) -> Record:
        """Show one's options.

        ``GET /user/option`` - safe

        The shape of the answer is not documented.

        Reference: "User", "GET user/get_user_option".
        """
        return self._portal.run(self._impl.options)

    def options_in(self, category: OptionCategory | str) -> Record:
        """Show the options of one category.

        ``GET /v1/user/options/{category}`` - safe

        The shape of the answer is not documented.

        Reference: "User", "GET user/user_option".
        """
        return self._portal.run(self._impl.options_in, category)

    def update_options(
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
        return self._portal.run(
            self._impl.update_options,
            push_pm_notification=push_pm_notification,
            push_hot_thread_notification=push_hot_thread_notification,
            push_quoted_post_notification=push_quoted_post_notification,
            push_friend_request_notification=push_friend_request_notification,
            push_thread_replied_notification=push_thread_replied_notification,
            push_subscribed_thread_replied_notification=push_subscribed_thread_replied_notification,
        )

    def permissions(self, actions: Sequence[GuardedAction | str], *, password: Secret | str | None = None) -> Record:
        """Check whether one may do some things.

        ``POST /v1/user/permissions`` - safe

        The shape of the answer is not documented.

        Args:
            password: One's password, needed for seeing the balance. Sent as MD5.

        Reference: "User", "POST user/permission".
        """
        password = hide(password)
        return self._portal.run(self._impl.permissions, actions, password=password)

    def forum_permissions(self) -> ForumPermissions:
        """Show in which forums one cannot do things.

        ``GET /v1/user/forum_permissions`` - safe

        Reference: "User", "GET user/forumpermission".
        """
        return self._portal.run(self._impl.forum_permissions)

    def fjb_permissions(self) -> Record:
        """Show what one may do in the marketplace.

        ``GET /v1/user/fjb_permissions`` - safe

        The shape of the answer is not documented.

        Reference: "User", "GET user/fjbpermission".
        """
        return self._portal.run(self._impl.fjb_permissions)

    def resend_verification(self, email: str) -> Record:
        """Have the mail sent again that verifies a new account.

        ``POST /v1/user/verification`` - unrepeatable

        The shape of the answer is not documented.

        Reference: "User", "Resend email verification".
        """
        return self._portal.run(self._impl.resend_verification, email)

    def verify(self, user_id: int, verification_code: Secret | str) -> Record:
        """Verify a new account.

        ``POST /v1/user/{user_id}/verifications`` - repeatable

        The shape of the answer is not documented.

        Args:
            verification_code: From the mail that was sent at registration, 40 characters.

        Reference: "User", "User Registration Verification".
        """
        verification_code = hide(verification_code)
        return self._portal.run(self._impl.verify, user_id, verification_code)
