"""Users of the app."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nusantara.client import Resource
from nusantara.pagination import Page, Pager, numbered
from nusantara.request import CallClass, get, post
from nusantara.secret import Secret, credential, hide
from qiscus_async.enums import DevicePlatform
from qiscus_async.models.users import ListedUser, User, UserAnswer, UserPageAnswer
from qiscus_async.values import extras_of, flag, given, optional, page_size, text

if TYPE_CHECKING:
    from qiscus_async.client import AsyncQiscus

__all__ = ["Users"]

DEFAULT_PAGE_SIZE = 20


class Users(Resource):
    """Registering and looking after users. What the parameters call ``email`` is any user id."""

    _client: AsyncQiscus

    async def login_or_register(
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
        body = {
            "email": text("email", email),
            "username": text("username", username),
            "password": None if password is None else credential("password", password),
            "avatar_url": optional("avatar_url", avatar_url),
            "device_token": optional("device_token", device_token),
            "device_platform": optional("device_platform", device_platform),
            "extras": extras_of(extras),
        }
        answer = await self._client._send(
            post("/api/v2/rest/login_or_register", json=given(body), call_class=CallClass.REPEATABLE), UserAnswer
        )
        return answer.results.user

    async def profile(self, email: str) -> User:
        """Read a user's profile, the session token included.

        ``GET /api/v2/rest/user_profile`` - safe

        Raises:
            NotFound: There is no such user. This is the one operation that says so with 404.

        Reference: "Get User Profile".
        """
        answer = await self._client._send(
            get("/api/v2/rest/user_profile", params={"user_email": text("email", email)}), UserAnswer
        )
        return answer.results.user

    async def update_profile(
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
        body = {
            "email": text("email", email),
            "name": optional("name", name),
            "avatar_url": optional("avatar_url", avatar_url),
            "password": None if password is None else credential("password", password),
            "extras": extras_of(extras),
        }
        answer = await self._client._send(
            post("/api/v2/rest/update_profile", json=given(body), call_class=CallClass.REPEATABLE), UserAnswer
        )
        return answer.results.user

    async def reset_token(self, email: str) -> User:
        """Give a user a new session token, which ends all sessions with the old one.

        ``POST /api/v2/rest/reset_user_token`` - unrepeatable

        Raises:
            OutcomeUnknown: No answer came. The token may have changed: read the profile.

        Reference: "Reset User Authentication Token".
        """
        answer = await self._client._send(
            post(
                "/api/v2/rest/reset_user_token",
                json={"user_email": text("email", email)},
                call_class=CallClass.UNREPEATABLE,
            ),
            UserAnswer,
        )
        return answer.results.user

    def list_all(
        self, *, per_page: int | None = None, show_all: bool = False, order_query: str | None = None
    ) -> Pager[ListedUser]:
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
        limit = page_size(per_page)
        params = {
            "limit": limit,
            "show_all": flag("show_all", show_all),
            "order_query": optional("order_query", order_query),
        }

        async def fetch(page: int) -> Page[ListedUser]:
            request = get("/api/v2.1/rest/get_user_list", params={"page": page, **params})
            results = (await self._client._send(request, UserPageAnswer)).results
            found, meta = results.users or [], results.meta
            if meta is None or meta.total_page is None:
                more = len(found) >= (limit or DEFAULT_PAGE_SIZE)
            else:
                more = bool(found) and page < meta.total_page
            return Page(
                items=found,
                next=str(page + 1) if more else None,
                total=None if meta is None else meta.total_data,
                answer=results,
            )

        return Pager(numbered(fetch), key=lambda user: user.id)
