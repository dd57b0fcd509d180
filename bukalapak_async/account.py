"""Signing in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bukalapak_async.models import Login
from nusantara.client import Resource
from nusantara.errors import AuthFailed, InvalidParameter
from nusantara.request import CallClass, post
from nusantara.secret import Secret, check_credential, hide
from nusantara.signing import BasicAuth

if TYPE_CHECKING:
    from bukalapak_async.client import AsyncBukalapak

__all__ = ["Account"]


class Account(Resource):
    """Getting the token that all other calls need."""

    _client: AsyncBukalapak

    async def authenticate(self, login: str, password: Secret | str) -> Login:
        """Exchange a user name or e-mail address and its password for a user id and a token.

        ``POST /v1/authenticate.json`` - repeatable

        Works on a client without credentials; those of the client, if any, are not sent.

        Raises:
            AuthFailed: The pair is wrong.

        Reference: "Authenticate" (not among the messages).
        """
        password = hide(password)
        check_credential("login", login)
        if ":" in login:
            raise InvalidParameter("login", "cannot hold a colon (RFC 7617 section 2)")
        check_credential("password", password)
        request = post(self._client._path("/authenticate.json"), call_class=CallClass.REPEATABLE)
        answer = await self._client._signed_by(BasicAuth(login, password))._send(request, Login)
        # A failed login of version v1 names its user "null", in letters.
        if answer.user_id == "null":
            raise AuthFailed(answer.message or "the login failed")
        return answer
