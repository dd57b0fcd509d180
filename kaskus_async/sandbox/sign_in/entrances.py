"""The ways in: OAuth 1.0a with a user's consent, name and password (xAuth), and OAuth 2."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from kaskus_async.sandbox.answers import form_answer, rendered
from kaskus_async.sandbox.entities import User, md5_of
from kaskus_async.sandbox.params import Params
from kaskus_async.sandbox.refusals import Refused, Unauthorized
from kaskus_async.sandbox.sign_in import auth, oauth1
from kaskus_async.sandbox.sign_in.consent_page import consent_page, message_page, verifier_page
from kaskus_async.sandbox.stores import App
from kaskus_async.sandbox.stores.sessions import Bearer, RequestToken
from nusantara.sandbox.answer import Answer

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["CONSENT_PATH", "ENTRANCES", "OAUTH2_PATH", "Entrance"]

CONSENT_PATH = "/authorize"
OAUTH2_PATH = "/oauth/access-token"

OUT_OF_BAND = "oob"

_NOT_PENDING = "Permintaan ini tidak dikenal atau sudah dijawab."

Entrance = Callable[["KaskusState", Params], Answer]


def _request_token(state: KaskusState, params: Params) -> Answer:
    signed = oauth1.check(state, params.call, lambda app, token: None)
    callback = signed.fields.get("oauth_callback") or OUT_OF_BAND
    parts = urlsplit(callback)
    if callback != OUT_OF_BAND and (not parts.scheme or not callback.isascii() or not callback.isprintable()):
        raise Refused("oauth_callback must be an absolute address")
    request = state.sessions.ask(signed.app, callback)
    return form_answer({"oauth_token": request.token, "oauth_token_secret": request.secret})


def _show_consent(state: KaskusState, params: Params) -> Answer:
    """The vendor's own clients name the token ``token``; others ``oauth_token``."""
    request = _pending(state, params)
    if request is None:
        return message_page(_NOT_PENDING, status=404)
    return consent_page(request.token, [user.username for user in state.users.values()])


def _answer_consent(state: KaskusState, params: Params) -> Answer:
    request = _pending(state, params)
    if request is None:
        return message_page(_NOT_PENDING, status=404)
    user, decision = state.user_named(params.text("username") or ""), params.text("decision")
    if user is None or decision not in ("allow", "deny"):
        return message_page("Jawaban tidak lengkap.", status=400)
    request.denied = decision == "deny"
    request.userid = None if request.denied else user.userid

    if request.callback == OUT_OF_BAND:
        if request.denied:
            return message_page("Akses ditolak. Halaman ini boleh ditutup.")
        return verifier_page(request.verifier)
    # Both names of the token were seen. What comes back when a user says no is not known: here, no verifier.
    fields = {"token": request.token, "oauth_token": request.token}
    if not request.denied:
        fields["oauth_verifier"] = request.verifier
    return Answer(302, (("Location", _with_query(request.callback, fields)),))


def _access_token(state: KaskusState, params: Params) -> Answer:
    """A refusal comes with status 200, too: ``access`` tells.

    Known clients send no verifier, or the token in its place; whoever sends another must send the right one.
    """

    def secret_of(app: App, token: str) -> str | None:
        known = state.sessions.request_tokens.get(token)
        return known.secret if known is not None and known.consumer_key == app.consumer_key else None

    signed = oauth1.check(state, params.call, secret_of)
    request = state.sessions.request_tokens.get(signed.token)
    if request is None:
        raise Unauthorized("no request token")
    verifier = signed.fields.get("oauth_verifier") or request.verifier
    if request.userid is None or verifier not in (request.verifier, request.token):
        return form_answer({"access": "DENIED", "message": "the user has not allowed it"})
    del state.sessions.request_tokens[request.token]
    user, token = state.users[request.userid], state.sessions.sign_in(signed.app, request.userid)
    return form_answer(
        {
            "access": "GRANTED",
            "oauth_token": token.token,
            "oauth_token_secret": token.secret,
            "userid": user.userid,
            "username": user.username,
            # Its format is not known, and nobody reads it; here, tokens do not expire.
            "expired": 0,
        }
    )


def _log_in(state: KaskusState, params: Params) -> Answer:
    """Signed by the application. What the answer is like, nobody has documented."""
    signed = auth.signed(state, params.call)
    if signed.token:
        raise Unauthorized("sign this with the consumer key alone")
    user = _with_password(state, params.require("user"), md5=params.require("pass"))
    if user is None:
        raise Unauthorized("username or password is wrong")
    token = state.sessions.sign_in(signed.app, user.userid)
    user.lastlogin = state.now()
    document = {
        "oauth_token": token.token,
        "oauth_token_secret": token.secret,
        "userid": user.userid,
        "username": user.username,
    }
    return rendered(params.call, document).undocumented()


def _log_out(state: KaskusState, params: Params) -> Answer:
    token = auth.signed(state, params.call).token
    if not token:
        raise Unauthorized("a user has to sign in for this")
    state.users[state.sessions.tokens[token].userid].lastlogout = state.now()
    state.sessions.sign_out(token)
    return rendered(params.call, {"result": True}).undocumented()


def _issue_bearer(state: KaskusState, params: Params) -> Answer:
    """Always JSON. The errors are those of RFC 6749."""
    client_id, secret = params.call.basic() or (params.text("client_id") or "", params.text("client_secret") or "")
    if not state.sessions.has_client(client_id, secret):
        return _oauth2_error("invalid_client", "the client is not known, or its secret is wrong", status=401)
    scope = params.text("scope") or ""
    bearer: Bearer | None
    match params.text("grant_type"):
        case "client_credentials":
            bearer = state.sessions.issue(client_id, None, scope)
        case "password":
            user = _with_password(state, params.text("username") or "", raw=params.text("password") or "")
            if user is None:
                return _oauth2_error("invalid_grant", "username or password is wrong")
            bearer = state.sessions.issue(client_id, user.userid, scope)
        case "refresh_token":
            bearer = state.sessions.refresh(client_id, params.text("refresh_token") or "")
            if bearer is None:
                return _oauth2_error("invalid_grant", "the refresh token is not good, or no more")
        case None:
            return _oauth2_error("invalid_request", "grant_type is missing")
        case _:
            return _oauth2_error("unsupported_grant_type", "this grant type is not known")
    document: dict[str, Any] = {
        "access_token": bearer.access_token,
        "token_type": "Bearer",
        "expires_in": state.bearer_lifetime,
    }
    if bearer.refresh_token:
        document["refresh_token"] = bearer.refresh_token
    return Answer.json(document, headers=(("Cache-Control", "no-store"),))


ENTRANCES: tuple[tuple[str, str, Entrance], ...] = (
    ("GET", "/token", _request_token),
    ("POST", "/token", _request_token),
    ("GET", CONSENT_PATH, _show_consent),
    ("POST", CONSENT_PATH, _answer_consent),
    ("GET", "/accesstoken", _access_token),
    ("POST", "/accesstoken", _access_token),
    ("POST", "/authentication", _log_in),
    ("DELETE", "/authentication", _log_out),
    ("POST", OAUTH2_PATH, _issue_bearer),
)
"""Verb, path below ``/api/oauth`` (but for the last) and what answers. Libraries POST for tokens, the SDKs GET."""


def _pending(state: KaskusState, params: Params) -> RequestToken | None:
    request = state.sessions.request_tokens.get(params.text("token") or params.text("oauth_token") or "")
    return request if request is not None and request.userid is None and not request.denied else None


def _with_password(state: KaskusState, username: str, *, raw: str = "", md5: str = "") -> User | None:
    user = state.user_named(username)
    digest = md5.lower() or md5_of(raw)
    return user if user is not None and digest == user.password_md5 else None


def _with_query(address: str, fields: dict[str, str]) -> str:
    head, hash_, fragment = address.partition("#")
    return f"{head}{'&' if '?' in head else '?'}{urlencode(fields)}{hash_}{fragment}"


def _oauth2_error(error: str, description: str, *, status: int = 400) -> Answer:
    return Answer.json({"error": error, "error_description": description}, status=status)
