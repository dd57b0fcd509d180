"""What people write on each other's profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox import bbcode
from kaskus_async.sandbox.operation import PUBLIC, Operation
from kaskus_async.sandbox.paging import cut
from kaskus_async.sandbox.params import Params
from kaskus_async.sandbox.refusals import Forbidden, NotThere
from kaskus_async.sandbox.shapes import user_summary
from kaskus_async.sandbox.stores.social import VisitorMessage

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["ROUTES"]

Document = dict[str, Any]


def _list(state: KaskusState, params: Params) -> Document:
    """Their owner's reading marks those of the page as read, for the next time."""
    user = state.user(params.number_in_path("user_id"))
    messages = state.social.messages_on(user.userid)
    document = _listed(state, params, messages)
    if params.user is user:
        for message in cut(params, messages, 10).items:
            message.read = True
    return document


def _conversation(state: KaskusState, params: Params) -> Document:
    one, other = (state.user(params.number_in_path(name)) for name in ("user_id_1", "user_id_2"))
    return _listed(state, params, state.social.conversation(one.userid, other.userid))


def _write(state: KaskusState, params: Params) -> Document:
    user = state.user(params.number_in_path("user_id"))
    message = state.social.write(params.me.userid, user.userid, params.require("message"), state.now())
    return {"vmid": message.vmid}


def _delete(state: KaskusState, params: Params) -> Document:
    """Whoever wrote it may, and whose profile it is on."""
    vmid = params.number_in_path("vm_id")
    message = state.social.visitor_messages.get(vmid)
    if message is None:
        raise NotThere("visitor message not found")
    if params.me.userid not in (message.postuserid, message.userid):
        raise Forbidden("this visitor message is not yours")
    del state.social.visitor_messages[vmid]
    return {"result": True}


ROUTES: tuple[Operation, ...] = (
    Operation("GET", "/vm/{user_id}", _list, PUBLIC),
    Operation("GET", "/vm/{user_id_1}/{user_id_2}", _conversation, PUBLIC, documented=False),
    Operation("POST", "/vm/{user_id}", _write, documented=False),
    Operation("DELETE", "/vm/{vm_id}", _delete, documented=False),
)


def _listed(state: KaskusState, params: Params, messages: list[VisitorMessage]) -> Document:
    page = cut(params, messages, 10)
    return {
        "total": str(page.total),
        "page": page.number,
        "per_page": page.per_page,
        "total_page": page.count,
        "vm": [_document(state, message) for message in page.items],
    }


def _document(state: KaskusState, message: VisitorMessage) -> Document:
    author = state.users[message.postuserid]
    return {
        **user_summary(state, author),
        "vmid": message.vmid,
        "postuserid": author.userid,
        "postusername": author.username,
        "dateline": message.dateline,
        "pagetext": message.pagetext,
        "messageread": "1" if message.read else "0",
        "decoded": bbcode.as_html(message.pagetext),
    }
