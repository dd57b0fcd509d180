"""Signing in: as a user through the browser (OAuth 1.0a), by name and password (xAuth), and by OAuth 2."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from kaskus_async.models.auth import GrantType, IssuedToken, RequestToken, UserToken
from kaskus_async.oauth.token_answers import read_any, read_token
from kaskus_async.oauth.token_endpoint import token_request
from kaskus_async.requests import BASE_PATH, delete, get, post
from kaskus_async.values import joined, md5_of, required, text
from nusantara.client import Resource
from nusantara.errors import InvalidParameter
from nusantara.record import Record
from nusantara.request import CallClass
from nusantara.secret import Secret, check_credential, credential, hide
from nusantara.signing import NoAuth

if TYPE_CHECKING:
    from kaskus_async.client import AsyncKaskus

__all__ = ["Authentication"]


class Authentication(Resource):
    """Signing in. Reference: "Introduction".

    ``token = await kaskus.auth.log_in()`` asks a user for consent in the browser;
    ``kaskus.with_token(token.token, token.token_secret)`` then speaks for that user. The steps of :meth:`log_in` are
    here one by one, too, for a web application that has the user come back to an address of its own.
    """

    _client: AsyncKaskus

    async def log_in(
        self,
        *,
        port: int = 0,
        timeout: float = 300.0,
        open_browser: bool | Callable[[str], bool] = True,
        paste: Callable[[str], str] | None = None,
    ) -> UserToken:
        """Have a user log in with the browser of this machine and allow the application.

        Made of :meth:`request_token`, :meth:`authorize_url` and :meth:`access_token`, with a listener on 127.0.0.1 that
        the browser comes back to.

        Args:
            port: Where to listen; 0 for any free port. One that is taken is replaced by a free one.
            timeout: Seconds for everything, the user's part included.
            open_browser: Whether to open a browser; or a function that opens an address and says whether it could.
            paste: For machines without a browser: shows a text with the address in it and gives back the line that
                the user entered, which is the address that the user's browser ended up at, or the verifier alone.
                ``input`` is such a function.

        Raises:
            AuthFailed: The user did not allow it.
            Timeout: Nobody came back in time.
            ConfigurationError: No browser could be opened, and there is no ``paste``.
        """
        from kaskus_async.oauth.log_in import log_in

        return await log_in(self, port=port, timeout=timeout, open_browser=open_browser, paste=paste)

    async def request_token(self, callback: str) -> RequestToken:
        """Get a request token, the first step of asking a user for consent.

        Made of one call, ``GET /token``, which the reference does not have.

        Args:
            callback: Address that the user's browser is sent to afterwards. It gets the parameters ``oauth_token``
                (compare it with the request token) and ``oauth_verifier``.

        Raises:
            AuthFailed: The consumer key or its secret is wrong.
        """
        request = get(
            "/token", params={"oauth_callback": required("callback", callback)}, call_class=CallClass.REPEATABLE
        )
        response = await self._client._as_application()._exchange(request)
        return read_token(request, response, RequestToken)

    def authorize_url(self, request_token: str) -> str:
        """The page on which a user allows the application or not, the second step. Send the user's browser there."""
        from oauthlib.common import add_params_to_uri

        # The vendor calls the parameter token, not oauth_token.
        query = [("token", required("request_token", request_token))]
        url: str = add_params_to_uri(f"{self._client.base_url}{BASE_PATH}/authorize", query)
        return url

    async def access_token(
        self, request_token: str, request_token_secret: Secret | str, *, verifier: str | None = None
    ) -> UserToken:
        """Get the token of a user who has given consent, the last step.

        Made of one call, ``GET /accesstoken``, which the reference does not have. It is never repeated, because a
        request token is good once.

        Args:
            verifier: ``oauth_verifier`` of the callback. The vendor's own clients do not send it.

        Raises:
            AuthFailed: The user did not allow it, or the request token is not good any more.
        """
        request_token_secret = hide(request_token_secret)
        params = {"oauth_verifier": text("verifier", verifier)}
        request = get("/accesstoken", params=params, call_class=CallClass.UNREPEATABLE)
        check_credential("request_token", request_token)
        token_secret = Secret(credential("request_token_secret", request_token_secret))
        response = await self._client.with_token(request_token, token_secret)._exchange(request)
        return read_token(request, response, UserToken)

    async def log_in_with_password(self, username: str, password: Secret | str) -> Record:
        """Get a user's token for name and password (xAuth), which only KASKUS' own applications may.

        ``POST /authentication`` - repeatable

        The shape of the answer is not documented. The call is signed for the application alone.

        Args:
            password: Sent as MD5.

        Raises:
            AuthFailed: The pair is wrong, or the application may not do this.

        Reference: "Introduction", "Login".
        """
        password = hide(password)
        form = {"user": required("username", username), "pass": md5_of("password", password)}
        request = post("/authentication", form=form, call_class=CallClass.REPEATABLE)
        response = await self._client._as_application()._exchange(request)
        return Record(read_any(request, response, self._client._document))

    async def log_out(self) -> Record:
        """End the user's session and the token that this client signs with.

        ``DELETE /authentication`` - repeatable

        The shape of the answer is not documented.

        Reference: "Introduction", "Logout".
        """
        return await self._client._send(delete("/authentication", call_class=CallClass.REPEATABLE), Record)

    async def issue_token(
        self,
        grant_type: GrantType | str,
        client_id: str,
        client_secret: Secret | str,
        *,
        scope: Sequence[str] | None = None,
        username: str | None = None,
        password: Secret | str | None = None,
        refresh_token: Secret | str | None = None,
    ) -> IssuedToken:
        """Get an OAuth 2 token. A client made by ``with_oauth2`` does this itself, whenever it needs one.

        ``POST /oauth/access-token`` - unrepeatable

        The path is below the site, not below ``/api/oauth``. Other credentials than those given are not sent.

        Args:
            scope: Such as ``["thread.read", "thread.write"]``.
            username: For the grant of a password, as is the password, which is sent as it is.
            refresh_token: For the grant of a refresh token; good once.

        Raises:
            ApiError: Refused; ``code`` is that of OAuth 2, such as ``invalid_grant``.

        Reference: "Introduction", "Issue Access Token".
        """
        client_secret, password, refresh_token = hide(client_secret), hide(password), hide(refresh_token)
        if grant_type == GrantType.PASSWORD and (username is None or password is None):
            missing = "username" if username is None else "password"
            raise InvalidParameter(missing, "must be given for this grant")
        if grant_type == GrantType.REFRESH_TOKEN and refresh_token is None:
            raise InvalidParameter("refresh_token", "must be given for this grant")
        fields = {
            "grant_type": required("grant_type", grant_type),
            "scope": joined("scope", scope),
            "username": text("username", username),
            "password": None if password is None else credential("password", password),
            "refresh_token": None if refresh_token is None else credential("refresh_token", refresh_token),
        }
        request = token_request(client_id, client_secret, fields, CallClass.UNREPEATABLE)
        return await self._client._signed_by(NoAuth())._send(request, IssuedToken)
