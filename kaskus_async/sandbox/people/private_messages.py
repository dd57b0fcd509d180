"""Private messages and their folders. Only the list of folders has a documented shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox import bbcode
from kaskus_async.sandbox.operation import Operation
from kaskus_async.sandbox.paging import cut
from kaskus_async.sandbox.params import Params
from kaskus_async.sandbox.refusals import NotThere, Refused
from kaskus_async.sandbox.stores.mail import Folder, PrivateMessage

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["ROUTES"]

Document = dict[str, Any]


def _folders(state: KaskusState, params: Params) -> list[Document]:
    return [_folder_document(state, params.me.userid, folder) for folder in state.mail.folders(params.me.userid)]


def _add_folder(state: KaskusState, params: Params) -> Document:
    folder = state.mail.add_folder(params.me.userid, params.require("name").strip())
    return {"folder_id": folder.folder_id, "folder_name": folder.name}


def _delete_folder(state: KaskusState, params: Params) -> Document:
    state.mail.delete_folder(params.me.userid, params.number_in_path("folder_id"))
    return {"result": True}


def _list(state: KaskusState, params: Params) -> Document:
    messages = state.mail.folder(params.me.userid, params.number_in_path("folderId"))
    page = cut(params, messages)
    return {
        "total_message": page.total,
        **page.fields(),
        "pm": [_message_document(state, message) for message in page.items],
    }


def _read(state: KaskusState, params: Params) -> Document:
    """Reading marks as read."""
    messages = _in_folder(state, params, "folderId", "pmIds")
    for message in messages:
        message.read = True
    return {"pm": [_message_document(state, message) for message in messages]}


def _send(state: KaskusState, params: Params) -> Document:
    me, subject, text = params.me, params.require("subject"), params.require("message")
    names = params.listed("recipient", ";")
    users = [state.user_named(name) for name in names]
    unknown = [name for name, user in zip(names, users, strict=True) if user is None]
    if unknown or not users:
        raise Refused("recipient must name users", details={"recipient": ";".join(unknown)})
    sent = state.mail.send(me.userid, [user.userid for user in users if user], subject, text, state.now())
    return {"pmid": sent.pmid}


def _mark(state: KaskusState, params: Params) -> Document:
    status = params.require("status")
    if status not in ("read", "unread"):
        raise Refused("status must be read or unread", details={"status": "choice"})
    for message in state.mail.find(params.me.userid, _ids(params, "pmIds")):
        message.read = status == "read"
    return {"result": True}


def _move(state: KaskusState, params: Params) -> Document:
    folder_id, known = params.require("folder_id"), state.mail.folders(params.me.userid)
    target = next((folder for folder in known if str(folder.folder_id) == folder_id), None)
    if target is None:
        raise NotThere("folder not found")
    for message in _in_folder(state, params, "currentFolderId", "pmId"):
        message.folder_id = target.folder_id
    return {"result": True}


def _delete(state: KaskusState, params: Params) -> Document:
    state.mail.delete(_in_folder(state, params, "folderId", "pmIds"))
    return {"result": True}


ROUTES: tuple[Operation, ...] = (
    Operation("GET", "/pmfolder", _folders),
    Operation("POST", "/pmfolder", _add_folder, documented=False),
    Operation("DELETE", "/pmfolder/{folder_id}", _delete_folder, documented=False),
    Operation("POST", "/pm", _send, documented=False),
    Operation("GET", "/pm/{folderId}", _list, documented=False),
    Operation("GET", "/pm/{folderId}/{pmIds}", _read, documented=False),
    Operation("POST", "/pm/{pmIds}", _mark, documented=False),
    Operation("POST", "/pm/{currentFolderId}/{pmId}", _move, documented=False),
    Operation("DELETE", "/pm/{folderId}/{pmIds}", _delete, documented=False),
)


def _ids(params: Params, name: str) -> list[str]:
    return [piece.strip() for piece in params.in_path(name).split(",") if piece.strip()]


def _in_folder(state: KaskusState, params: Params, folder: str, ids: str) -> list[PrivateMessage]:
    return state.mail.find(params.me.userid, _ids(params, ids), params.number_in_path(folder))


def _folder_document(state: KaskusState, owner: int, folder: Folder) -> Document:
    messages = state.mail.folder(owner, folder.folder_id)
    return {
        "total_message": len(messages),
        "total_message_sticky": 0,
        "total_message_unread": sum(not message.read for message in messages),
        "total_message_sticky_unread": 0,
        "folder_name": folder.name,
        "folder_id": folder.folder_id,
    }


def _message_document(state: KaskusState, message: PrivateMessage) -> Document:
    sender = state.users[message.sender]
    return {
        "pmid": str(message.pmid),
        "folder_id": message.folder_id,
        "fromuserid": str(sender.userid),
        "fromusername": sender.username,
        "profilepicture": sender.profilepicture,
        "recipient": ";".join(state.users[userid].username for userid in message.recipients),
        "title": message.subject,
        "message": message.message,
        "decoded": bbcode.as_html(message.message),
        "dateline": message.dateline,
        "messageread": "1" if message.read else "0",
    }
