"""The operations on messages, and the login."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from bukalapak_async.sandbox import seed
from bukalapak_async.sandbox.params import Params
from bukalapak_async.sandbox.shapes import inbox_item, login_refused, login_succeeded, message_document
from bukalapak_async.sandbox.state import BukalapakState, Edition, Refused
from nusantara.sandbox.answer import Answer

__all__ = [
    "authenticate",
    "create_message",
    "delete_conversation",
    "delete_message",
    "get_conversation",
    "get_inbox",
    "get_message",
    "refused",
]

PER_PAGE = 10

_WRONG_FORMAT = "Gagal mengirim pesan: harap menggunakan format yang seharusnya"
_NOT_SENT = "Gagal mengirim pesan"
_ONLY_TO_ADMIN = "Pengiriman pesan untuk kategori ini hanya dapat ditujukan kepada admin"
_NO_SUCH_RECEIVER = "Tidak dapat mengirim pesan kepada pembeli"

_HIGHEST_CATEGORY = {Edition.FIRST: 4, Edition.SECOND: 4, Edition.SLATE: 6}

_Item = TypeVar("_Item")


def authenticate(state: BukalapakState, params: Params) -> Answer:
    """User id and token for user name or e-mail address and password."""
    user = state.find_by_password(*(params.call.basic() or ("", "")))
    if user is None:
        return refused(state, login_refused(params.edition))
    return Answer.json(login_succeeded(user, params.edition))


def get_inbox(state: BukalapakState, params: Params) -> Answer:
    """The conversations of the caller, that with the newest message first."""
    conversations, edition = state.inbox(params.me.id), params.edition
    unread = sum(conversation.unread for conversation in conversations)
    if edition is Edition.SLATE:
        if params.text("filter") == "unread":
            conversations = [conversation for conversation in conversations if conversation.unread]
        words = (params.text("search") or "").lower().split()
        conversations = [
            conversation
            for conversation in conversations
            if not words
            or any(all(word in message.body_bb.lower() for word in words) for message in conversation.messages)
        ]
    items = [inbox_item(conversation, edition) for conversation in _page(conversations, params)]
    return Answer.json({"status": "OK", "unread": unread, "inbox": items})


def get_conversation(state: BukalapakState, params: Params) -> Answer:
    """The messages of a conversation, newest first."""
    keep_unread = params.edition is Edition.SLATE and params.text("keep_unread") == "1"
    try:
        conversation = state.conversation(params.me.id, params.in_path("id"), keep_unread=keep_unread)
    except Refused as refusal:
        return _error(state, str(refusal), instant_messages=None)
    messages = _page(conversation.messages, params)
    documents = [message_document(message, state, params.edition) for message in messages]
    return Answer.json({"status": "OK", "instant_messages": documents, "message": None})


def get_message(state: BukalapakState, params: Params) -> Answer:
    """One message."""
    try:
        message = state.message(params.me.id, params.in_path("id"))
    except Refused as refusal:
        # The plural is what the documentation shows, though the answer to this call has the singular.
        return _error(state, str(refusal), instant_messages=None)
    document = message_document(message, state, params.edition)
    return Answer.json({"status": "OK", "instant_message": document, "message": None})


def create_message(state: BukalapakState, params: Params) -> Answer:
    """Send a message."""
    user, edition, fields = params.me, params.edition, params.message()
    receiver_id, category, body = (fields.get(name) for name in ("receiver_id", "category", "body_bb"))
    slate = {}
    if edition is Edition.SLATE:
        slate["client_id"] = fields.get("client_id")
        slate["conversation_id"] = state.conversation_between(user.id, receiver_id or "")

    if not receiver_id or not category or not body:
        return _error(state, _WRONG_FORMAT, id=None, **slate)
    if not (category.isascii() and category.isdecimal() and int(category) <= _HIGHEST_CATEGORY[edition]):
        return _error(state, _NOT_SENT, id=None, **slate)
    if int(category) > 0 and receiver_id != seed.ADMIN_ID:
        return _error(state, _ONLY_TO_ADMIN, id=None, **slate)
    if not state.has_user(receiver_id):
        text = _NO_SUCH_RECEIVER if edition is Edition.SLATE else _NOT_SENT
        return _error(state, text, id=None, **slate)
    if receiver_id == user.id:
        return _error(state, _NOT_SENT, id=None, **slate)

    message = state.send(user.id, receiver_id, body, category=int(category), product_id=params.optional("product_id"))
    if edition is not Edition.SLATE:
        return Answer.json({"status": "OK", "id": message.id, "message": None})
    slate["conversation_id"] = message.inbox_id
    return Answer.json({"status": "OK", "id": message.id, "message": "Pesan terkirim", **slate})


def delete_conversation(state: BukalapakState, params: Params) -> Answer:
    """Also deletes a message, where the identifier is that of one.

    The documentation's sample of "delete message" leaves ``im/`` out of the path, while its resource URL has it.
    """
    identifier = params.in_path("id")
    if state.has_message(identifier):
        return delete_message(state, params)
    try:
        state.delete_conversation(params.me.id, identifier)
    except Refused as refusal:
        return _error(state, str(refusal), id=identifier)
    return Answer.json({"status": "OK", "id": identifier, "message": "Conversation berhasil dihapus"})


def delete_message(state: BukalapakState, params: Params) -> Answer:
    """Delete a message on the caller's side."""
    identifier = params.in_path("id")
    try:
        state.delete_message(params.me.id, identifier)
    except Refused as refusal:
        return _error(state, str(refusal), id=identifier)
    return Answer.json({"status": "OK", "id": identifier, "message": "Pesan berhasil dihapus"})


def refused(state: BukalapakState, document: dict[str, Any]) -> Answer:
    """The answer to wrong credentials."""
    status = state.refused_status
    headers = (("WWW-Authenticate", 'Basic realm="Application"'),) if status == 401 else ()
    return Answer.json(document, status=status, headers=headers)


def _error(state: BukalapakState, text: str, **result: Any) -> Answer:
    return Answer.json({"status": "ERROR", **result, "message": text}, status=state.error_status)


def _page(items: Sequence[_Item], params: Params) -> Sequence[_Item]:
    """The page asked for. The first edition has no pages."""
    if params.edition is Edition.FIRST:
        return items
    page, per_page = params.number("page", 1), params.number("per_page", PER_PAGE)
    return items[(page - 1) * per_page : page * per_page]
