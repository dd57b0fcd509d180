"""The routes of ``/v1`` and ``/v2``, and what each call is checked for.

Documented and followed: HTTP Basic with user id and token; the ``status`` of the body decides, not that of HTTP; the
Indonesian texts of each refusal; reading marks as read; categories above 0 only to the administrator. The bank list of
the documentation is no call of this API, so it is not served.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, TypeVar

from bukalapak_async.sandbox import seed
from bukalapak_async.sandbox.shapes import inbox_item, login_refused, login_succeeded, message_document
from bukalapak_async.sandbox.state import BukalapakState, Edition, Refused, User
from nusantara.sandbox.answer import Answer
from nusantara.sandbox.incoming import Incoming, Pairs
from nusantara.sandbox.vendor import Route, Site

__all__ = ["BukalapakSandbox"]

PER_PAGE = 10

_WRONG_FORMAT = "Gagal mengirim pesan: harap menggunakan format yang seharusnya"
_NOT_SENT = "Gagal mengirim pesan"
_ONLY_TO_ADMIN = "Pengiriman pesan untuk kategori ini hanya dapat ditujukan kepada admin"
_NO_SUCH_RECEIVER = "Tidak dapat mengirim pesan kepada pembeli"

_HIGHEST_CATEGORY = {Edition.FIRST: 4, Edition.SECOND: 4, Edition.SLATE: 6}
_RAILS_KEY = re.compile(r"instant_message\[(\w+)\]").fullmatch

_Item = TypeVar("_Item")
_Operation = Callable[[Incoming, User, Edition], Answer]


class BukalapakSandbox:
    """Bukalapak, as far as its messages go.

    :param edition: whose field set ``/v1`` answers with: ``"001"``, ``"002"`` or ``"slate"``.
    :param refused_status: HTTP status for wrong credentials, 401 or 200. The vendor documents none.
    :param error_status: HTTP status for every other ``ERROR``, 200 or a 4xx. The documentation suggests 200.

    All three can be changed at run time on :attr:`state`; a reset brings these values back.
    """

    name = "bukalapak"
    prefixes: Sequence[str] = ("/v1/", "/v2/")
    hosts: Sequence[str] = ("bukalapak.com",)

    def __init__(
        self, *, edition: Edition | str = Edition.SECOND, refused_status: int = 401, error_status: int = 200
    ) -> None:
        self.state = BukalapakState(edition=edition, refused_status=refused_status, error_status=error_status)

    def attach(self, site: Site) -> None:
        """Take the clock and the seed, and fill in the first data."""
        self._base_url = site.base_url
        self.state.start(site.clock, site.seed)

    def reset(self) -> None:
        """Back to the first data and settings."""
        self.state.reset()

    def routes(self) -> Iterable[Route]:
        """Seven operations in two versions."""
        operations: list[tuple[str, str, str, _Operation]] = [
            ("GET", "messages.json", "get_inbox", self._get_inbox),
            ("POST", "messages.json", "create_message", self._create_message),
            ("GET", "messages/{id}.json", "get_conversation", self._get_conversation),
            ("DELETE", "messages/{id}.json", "delete_conversation", self._delete_conversation),
            ("GET", "messages/im/{id}.json", "get_message", self._get_message),
            ("DELETE", "messages/im/{id}.json", "delete_message", self._delete_message),
        ]
        for version in ("v1", "v2"):
            yield Route("POST", f"/{version}/authenticate.json", "authenticate", self._authenticate)
            for method, path, operation, handler in operations:
                yield Route(method, f"/{version}/{path}", operation, partial(self._authorized, handler))

    def credentials(self) -> dict[str, Any]:
        """Those of the main user, and under ``partner`` those of somebody in the main user's newest conversation."""
        return {**self._credentials_of(seed.MAIN_USER_ID), "partner": self._credentials_of(seed.PARTNER_ID)}

    def examples(self) -> Sequence[tuple[str, str]]:
        """One call to read, one to write, one to log in."""
        user = self.state.user(seed.MAIN_USER_ID)
        url, basic = self._base_url(), f"-u {user.id}:{user.token}"
        body = f'{{"instant_message": {{"receiver_id": "{seed.PARTNER_ID}", "category": "0", "body_bb": "Halo"}}}}'
        return (
            ("the inbox, two conversations a page", f"curl {basic} '{url}/v2/messages.json?per_page=2'"),
            ("a message", f"curl {basic} -H 'Content-Type: application/json' -d '{body}' {url}/v2/messages.json"),
            (
                "user id and token for a password",
                f"curl -u {user.username}:{user.password} -X POST {url}/v2/authenticate.json",
            ),
        )

    def not_found(self, call: Incoming) -> Answer:
        """Nobody has documented what the vendor answers here."""
        return Answer.json({"status": "ERROR", "message": "Not found"}, status=404).undocumented()

    def _credentials_of(self, user_id: str) -> dict[str, str]:
        user = self.state.user(user_id)
        return {
            "user_id": user.id,
            "token": user.token,
            "username": user.username,
            "email": user.email,
            "password": user.password,
        }

    def _authorized(self, operation: _Operation, call: Incoming) -> Answer:
        user = self.state.find_by_token(*(call.basic() or ("", "")))
        if user is None:
            document = {"status": "ERROR", "message": "The user id and the token do not belong together"}
            return self._refused(document).undocumented()
        return operation(call, user, self._edition(call))

    def _authenticate(self, call: Incoming) -> Answer:
        user = self.state.find_by_password(*(call.basic() or ("", "")))
        if user is None:
            return self._refused(login_refused(self._edition(call)))
        return Answer.json(login_succeeded(user, self._edition(call)))

    def _get_inbox(self, call: Incoming, user: User, edition: Edition) -> Answer:
        conversations = self.state.inbox(user.id)
        unread = sum(conversation.unread for conversation in conversations)
        query = dict(call.query)
        if edition is Edition.SLATE:
            if query.get("filter") == "unread":
                conversations = [conversation for conversation in conversations if conversation.unread]
            words = query.get("search", "").lower().split()
            conversations = [
                conversation
                for conversation in conversations
                if not words
                or any(all(word in message.body_bb.lower() for word in words) for message in conversation.messages)
            ]
        items = [inbox_item(conversation, edition) for conversation in _page(conversations, query, edition)]
        return Answer.json({"status": "OK", "unread": unread, "inbox": items})

    def _get_conversation(self, call: Incoming, user: User, edition: Edition) -> Answer:
        query = dict(call.query)
        keep_unread = edition is Edition.SLATE and query.get("keep_unread") == "1"
        try:
            conversation = self.state.conversation(user.id, call.params["id"], keep_unread=keep_unread)
        except Refused as refusal:
            return self._error(str(refusal), instant_messages=None)
        messages = _page(conversation.messages, query, edition)
        documents = [message_document(message, self.state, edition) for message in messages]
        return Answer.json({"status": "OK", "instant_messages": documents, "message": None})

    def _get_message(self, call: Incoming, user: User, edition: Edition) -> Answer:
        try:
            message = self.state.message(user.id, call.params["id"])
        except Refused as refusal:
            # The plural is what the documentation shows, though the answer to this call has the singular.
            return self._error(str(refusal), instant_messages=None)
        document = message_document(message, self.state, edition)
        return Answer.json({"status": "OK", "instant_message": document, "message": None})

    def _create_message(self, call: Incoming, user: User, edition: Edition) -> Answer:
        sent = _document_sent(call)
        given = sent.get("instant_message")
        fields = given if isinstance(given, dict) else {}
        receiver_id, category, body = (_text(fields.get(name)) for name in ("receiver_id", "category", "body_bb"))
        slate = {}
        if edition is Edition.SLATE:
            slate["client_id"] = _text(fields.get("client_id"))
            slate["conversation_id"] = self.state.conversation_between(user.id, receiver_id or "")

        if not receiver_id or not category or not body:
            return self._error(_WRONG_FORMAT, id=None, **slate)
        if not (category.isascii() and category.isdecimal() and int(category) <= _HIGHEST_CATEGORY[edition]):
            return self._error(_NOT_SENT, id=None, **slate)
        if int(category) > 0 and receiver_id != seed.ADMIN_ID:
            return self._error(_ONLY_TO_ADMIN, id=None, **slate)
        if all(receiver.id != receiver_id for receiver in self.state.users):
            text = _NO_SUCH_RECEIVER if edition is Edition.SLATE else _NOT_SENT
            return self._error(text, id=None, **slate)
        if receiver_id == user.id:
            return self._error(_NOT_SENT, id=None, **slate)

        message = self.state.send(
            user.id, receiver_id, body, category=int(category), product_id=_text(sent.get("product_id"))
        )
        if edition is not Edition.SLATE:
            return Answer.json({"status": "OK", "id": message.id, "message": None})
        slate["conversation_id"] = message.inbox_id
        return Answer.json({"status": "OK", "id": message.id, "message": "Pesan terkirim", **slate})

    def _delete_conversation(self, call: Incoming, user: User, edition: Edition) -> Answer:
        """Also deletes a message, where the identifier is that of one.

        The documentation's sample of "delete message" leaves ``im/`` out of the path, while its resource URL has it.
        """
        identifier = call.params["id"]
        if self.state.has_message(identifier):
            return self._delete_message(call, user, edition)
        try:
            self.state.delete_conversation(user.id, identifier)
        except Refused as refusal:
            return self._error(str(refusal), id=identifier)
        return Answer.json({"status": "OK", "id": identifier, "message": "Conversation berhasil dihapus"})

    def _delete_message(self, call: Incoming, user: User, edition: Edition) -> Answer:
        identifier = call.params["id"]
        try:
            self.state.delete_message(user.id, identifier)
        except Refused as refusal:
            return self._error(str(refusal), id=identifier)
        return Answer.json({"status": "OK", "id": identifier, "message": "Pesan berhasil dihapus"})

    def _edition(self, call: Incoming) -> Edition:
        return Edition.SLATE if call.path.startswith("/v2/") else self.state.edition

    def _refused(self, document: dict[str, Any]) -> Answer:
        status = self.state.refused_status
        headers = (("WWW-Authenticate", 'Basic realm="Application"'),) if status == 401 else ()
        return Answer.json(document, status=status, headers=headers)

    def _error(self, text: str, **result: Any) -> Answer:
        return Answer.json({"status": "ERROR", **result, "message": text}, status=self.state.error_status)


def _page(items: Sequence[_Item], query: dict[str, str], edition: Edition) -> Sequence[_Item]:
    """The page asked for. The first edition has no pages; numbers that make no sense count as not given."""
    if edition is Edition.FIRST:
        return items
    page, per_page = _count(query.get("page"), 1), _count(query.get("per_page"), PER_PAGE)
    return items[(page - 1) * per_page : page * per_page]


def _count(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and int(text) > 0 else default


def _document_sent(call: Incoming) -> dict[str, Any]:
    """The body as JSON under whatever content type, as the documentation's curl samples send it, or as a Rails form."""
    if call.content_type == "application/x-www-form-urlencoded" and not call.body.lstrip().startswith(b"{"):
        return _nested(call.form())
    try:
        document = call.json()
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _nested(pairs: Pairs) -> dict[str, Any]:
    message: dict[str, str] = {}
    document: dict[str, Any] = {"instant_message": message}
    for name, value in pairs:
        match = _RAILS_KEY(name)
        if match is not None:
            message[match.group(1)] = value
        else:
            document.setdefault(name, value)
    return document


def _text(value: Any) -> str | None:
    """Text, or a number as text: the documentation quotes numbers, clients do not always."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value)
