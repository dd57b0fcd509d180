"""Qiscus' operations: credentials, routes, envelopes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from nusantara.sandbox.answer import Answer
from nusantara.sandbox.incoming import Incoming
from nusantara.sandbox.operation import Access, ServedOperation, reference
from nusantara.sandbox.vendor import Route, RouteUse, Site
from qiscus_async.sandbox import comments, rooms, seed, transfers, users
from qiscus_async.sandbox.controls import CONTROLS
from qiscus_async.sandbox.params import Params
from qiscus_async.sandbox.refusals import Refused, Unauthorized
from qiscus_async.sandbox.settings import Settings
from qiscus_async.sandbox.state import QiscusState

__all__ = ["QiscusSandbox"]

_Run = Callable[[QiscusState, Params], dict[str, Any]]

_RUNS: dict[str, _Run] = {
    "users.login_or_register": users.login_or_register,
    "users.reset_token": users.reset_user_token,
    "users.profile": users.user_profile,
    "users.update_profile": users.update_profile,
    "users.list_all": users.get_user_list,
    "rooms.of_user": rooms.get_user_rooms,
    "rooms.create": rooms.create_room,
    "rooms.update": rooms.update_room,
    "rooms.with_target": rooms.get_or_create_room_with_target,
    "rooms.info": rooms.get_rooms_info,
    "rooms.add_participants": rooms.add_room_participants,
    "rooms.remove_participants": rooms.remove_room_participants,
    "messages.post": comments.post_comment,
    "messages.load": comments.load_comments,
    "messages.post_system_event": comments.post_system_event_message,
    "messages.search": comments.search_messages,
    "messages.broadcast": comments.broadcast,
    "statistics.comments_by_month": comments.get_total_comments_by_month,
    "exports.create": transfers.create_export,
    "exports.history": transfers.list_exports,
    "exports.get": transfers.get_export,
    "exports.delete": transfers.delete_export,
    "imports.create": transfers.create_import,
    "imports.history": transfers.list_imports,
}
"""By the name that the operation has in the reference. The function is called as the vendor calls it."""

_OTHER_VERBS = {"users.list_all": "POST", "messages.load": "POST"}
"""The editions of the reference disagree here; both verbs are served."""


def _operations() -> Iterator[ServedOperation[_Run]]:
    for entry in reference("qiscus_async.sandbox"):
        name = entry["name"]
        for method in {entry["method"], _OTHER_VERBS.get(name) or entry["method"]}:
            run = _RUNS[name]
            yield ServedOperation(method, entry["path"], run, Access.APP, name=run.__name__)


_OWN_HOST = re.compile(r"([\w-]+)\.(?:qiscus\.com|localhost)(?::\d+)?", re.IGNORECASE).fullmatch
_SHARED_HOST = re.compile(r"api\d*", re.IGNORECASE).fullmatch


class QiscusSandbox:
    """Qiscus chat, as far as its server-side API goes: one app, and those that are added.

    The app follows from the host (``{app_id}.qiscus.com`` or ``{app_id}.localhost``) or, on any other, from the header
    ``QISCUS_SDK_APP_ID``; an address of the sandbox without either means its first app. Hyphens in the names of the
    headers do as well.

    :param settings: what it starts with and comes back to at a reset.
    """

    name = "qiscus"
    prefixes: Sequence[str] = ("/api/v2/", "/api/v2.1/", "/_files/qiscus", "/_qiscus/")
    hosts: Sequence[str] = ("qiscus.com",)

    def __init__(self, settings: Settings | None = None) -> None:
        self.state = QiscusState(settings or Settings())

    def attach(self, site: Site) -> None:
        """Take the clock, the seed and the outbox, and fill in the first data."""
        self._base_url = site.base_url
        self.state.start(site.clock, site.seed, site.outbox)

    def reset(self) -> None:
        """Back to the first data and settings."""
        self.state.reset()

    def routes(self) -> Iterable[Route]:
        """The operations, the files of exports, and the controls."""
        for served in _operations():
            yield from served.routes(partial(self._operate, served.run))
        for method in ("GET", "HEAD"):
            send_file = partial(transfers.send_file, self.state)
            yield Route(method, transfers.FILE_PATH, "download_export", send_file, RouteUse.FILE)
            redirect = partial(transfers.redirect_to_file, self.state)
            yield Route(method, transfers.REDIRECT_PATH, "redirect_download", redirect, RouteUse.FILE)
        for method, path, operation, control in CONTROLS:
            yield Route(method, path, operation, partial(control, self.state), RouteUse.CONTROL)

    def credentials(self) -> dict[str, Any]:
        """App, secret, the identifiers of the users and the numbers of the rooms; under ``apps`` those of all apps."""
        return self.state.credentials() | {"apps": [app.credentials() for app in self.state.apps]}

    def examples(self) -> Sequence[tuple[str, str]]:
        """One call to read, one to write, and what an end user does."""
        url, secret = self._base_url(), f"-H 'QISCUS-SDK-SECRET: {self.state.secret_key}'"
        room = self.state.rooms[seed.MAIN_ROOM]
        body = f'{{"sender_email": "{room.participants[1]}", "room_id": {room.id}, "message": "Halo kak"}}'
        json_body = "-H 'Content-Type: application/json' -d"
        written = f'{{"room_id": {room.id}, "email": "{room.participants[0]}", "content": "Halo"}}'
        hook = '{"webhook_urls": ["http://127.0.0.1:8000/"]}'
        return (
            ("the last comments of a room", f"curl {secret} '{url}/api/v2/rest/load_comments?room_id={room.id}'"),
            ("a comment", f"curl {secret} {json_body} '{body}' {url}/api/v2/rest/post_comment"),
            ("announce new comments to a bot", f"curl {json_body} '{hook}' {url}/_qiscus/settings"),
            (
                "a customer writes in the app",
                f"curl {json_body} '{written}' {url}/_qiscus/writes",
            ),
        )

    def not_found(self, call: Incoming) -> Answer:
        """A path or verb that nobody knows is met by the gateway, whose answer is no JSON."""
        page = "<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>\n"
        return Answer.text(page, content_type="text/html", status=404).undocumented()

    async def _operate(self, run: _Run, call: Incoming) -> Answer:
        try:
            app = self._app(call)
            params = await Params.of(call)
            with app.lock:
                results = run(app, params)
        except Refused as refusal:
            return refusal.answer()
        return Answer.json({"results": results, "status": 200})

    def _app(self, call: Incoming) -> QiscusState:
        """Whose call it is. Raises :exc:`Refused`."""
        try:
            app = self.state.app(self._app_id(call))
        except KeyError:
            raise Refused("App not found", 400) from None
        if _credential(call, "SECRET") != app.secret_key:
            raise Unauthorized("Unauthorized", app.refused_status)
        return app

    def _app_id(self, call: Incoming) -> str:
        match = _OWN_HOST(call.header("Host") or "")
        host = match.group(1) if match else None
        if host is not None and not _SHARED_HOST(host):
            # The header beside such a host is harmless.
            return host.lower()
        given = _credential(call, "APP_ID")
        return (self.state.app_id if host is None else "") if given is None else given


def _credential(call: Incoming, name: str) -> str | None:
    """A header in either spelling."""
    for spelling in (f"QISCUS_SDK_{name}", f"QISCUS_SDK_{name}".replace("_", "-")):
        value = call.header(spelling)
        if value is not None:
            return value.strip()
    return None
