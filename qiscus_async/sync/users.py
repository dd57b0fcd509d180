# Written by "python -m nusantara.syncgen" from qiscus_async/users.py. Do not edit.
"""Synchronous twin of :mod:`qiscus_async.users`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nusantara.secret import Secret, hide
from nusantara.sync.facade import SyncResource
from nusantara.sync.pages import SyncPager
from qiscus_async.enums import DevicePlatform
from qiscus_async.models.users import ListedUser, User
from qiscus_async.users import Users as AsyncUsers

__all__ = ["Users"]


class Users(SyncResource[AsyncUsers]):
    """Registering and looking after users. What the parameters call ``email`` is any user id."""

    def login_or_register(
        self,
        email: str,
        username: str,
        *,
        password: Secret | str | None = None,
        avatar_url: str | None = None,
        device_token: str | None = None,
        device_platform: DevicePlatform | str | None = None,
        extras: Mapping[str, Any] | None = None,
    ) -> User:
        """Make a user, or change one that is there already; either way get the session token.

        ``POST /api/v2/rest/login_or_register`` - repeatable

        Args:
            password: A random one is made for a new user. For a user who exists it has to be given, says the newer
                edition, and replaces the old one.
            device_token: For push notifications. In the older edition only, like ``device_platform``; still taken.
            extras: Data of your own. Undocumented; known from public clients.

        Reference: "Login or Register".
        """
        password = hide(password)
        return self._portal.run(
            self._impl.login_or_register,
            email,
            username,
            password=password,
            avatar_url=avatar_url,
            device_token=device_token,
            device_platform=device_platform,
            extras=extras,
        )

    def profile(self, email: str) -> User:
        """Read a user's profile, the session token included.

        ``GET /api/v2/rest/user_profile`` - safe

        Raises:
            NotFound: There is no such user. This is the one operation that says so with 404.

        Reference: "Get User Profile".
        """
        return self._portal.run(self._impl.profile, email)

    def update_profile(
        self,
        email: str,
        *,
        name: str | None = None,
        avatar_url: str | None = None,
        password: Secret | str | None = None,
        extras: Mapping[str, Any] | None = None,
    ) -> User:
        """Change a user's profile; what is not given stays.

        ``POST /api/v2/rest/update_profile`` - repeatable

        Args:
            extras: Data of your own. Undocumented; known from public clients.

        Reference: "Update User Profile".
        """
        password = hide(password)
        return self._portal.run(
            self._impl.update_profile, email, name=name, avatar_url=avatar_url, password=password, extras=extras
        )

    def reset_token(self, email: str) -> User:
        """Give a user a new session token, which ends all sessions with the old one.

        ``POST /api/v2/rest/reset_user_token`` - unrepeatable

        Raises:
            OutcomeUnknown: No answer came. The token may have changed: read the profile.

        Reference: "Reset User Authentication Token".
        """
        return self._portal.run(self._impl.reset_token, email)

    def list_all(
        self, *, per_page: int | None = None, show_all: bool = False, order_query: str | None = None
    ) -> SyncPager[ListedUser]:
        """List the users of the app.

        ``GET /api/v2.1/rest/get_user_list`` - safe

        The reference says POST; every public client uses GET, as the vendor's later documents do. The ``answer`` of
        a page is a :class:`~qiscus_async.models.UserPage`.

        Args:
            per_page: Users in a page; the server's default is 20.
            show_all: Deactivated users too. Undocumented, like ``order_query``; known from public clients.
            order_query: The order, as in ``created_at desc nulls last``.

        Reference: "Get User List".
        """
        return SyncPager(
            self._portal, self._impl.list_all(per_page=per_page, show_all=show_all, order_query=order_query)
        )
