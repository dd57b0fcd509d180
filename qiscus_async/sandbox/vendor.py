"""Qiscus' operations: credentials, routes, envelopes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from nusantara.sandbox.answer import Answer
from nusantara.sandbox.call import Call
from nusantara.sandbox.vendor import Route, Site
from qiscus_async.sandbox import comments, rooms, seed, transfers, users
from qiscus_async.sandbox.controls import CONTROLS
from qiscus_async.sandbox.params import Params
from qiscus_async.sandbox.refusals import Refused
from qiscus_async.sandbox.settings import Settings
from qiscus_async.sandbox.state import QiscusState

__all__ = ["QiscusSandbox"]

_Operation = Callable[[QiscusState, Params], dict[str, Any]]

_OPERATIONS: tuple[tuple[str, str, str, _Operation], ...] = (
    ("POST", "/api/v2/rest/login_or_register", "login_or_register", users.login_or_register),
    ("POST", "/api/v2/rest/reset_user_token", "reset_user_token", users.reset_user_token),
    ("GET", "/api/v2/rest/user_profile", "user_profile", users.user_profile),
    ("POST", "/api/v2/rest/update_profile", "update_profile", users.update_profile),
    ("GET", "/api/v2.1/rest/get_user_list", "get_user_list", users.get_user_list),
    ("POST", "/api/v2.1/rest/get_user_list", "get_user_list", users.get_user_list),
    ("GET", "/api/v2/rest/get_user_rooms", "get_user_rooms", rooms.get_user_rooms),
    ("POST", "/api/v2/rest/create_room", "create_room", rooms.create_room),
    ("POST", "/api/v2/rest/update_room", "update_room", rooms.update_room),
    (
        "GET",
        "/api/v2/rest/get_or_create_room_with_target",
        "get_or_create_room_with_target",
        rooms.get_or_create_room_with_target,
    ),
    ("POST", "/api/v2/rest/get_rooms_info", "get_rooms_info", rooms.get_rooms_info),
    ("POST", "/api/v2/rest/add_room_participants", "add_room_participants", rooms.add_room_participants),
    ("POST", "/api/v2/rest/remove_room_participants", "remove_room_participants", rooms.remove_room_participants),
    ("POST", "/api/v2/rest/post_comment", "post_comment", comments.post_comment),
    ("GET", "/api/v2/rest/load_comments", "load_comments", comments.load_comments),
    ("POST", "/api/v2/rest/load_comments", "load_comments", comments.load_comments),
    (
        "POST",
        "/api/v2/rest/post_system_event_message",
        "post_system_event_message",
        comments.post_system_event_message,
    ),
    ("POST", "/api/v2/rest/search_messages", "search_messages", comments.search_messages),
    ("POST", "/api/v2/rest/broadcast", "broadcast", comments.broadcast),
    (
        "POST",
        "/api/v2/rest/get_total_comments_by_month",
        "get_total_comments_by_month",
        comments.get_total_comments_by_month,
    ),
    ("POST", "/api/v2/rest/exports", "create_export", transfers.create_export),
    ("GET", "/api/v2/rest/exports", "list_exports", transfers.list_exports),
    ("GET", "/api/v2/rest/exports/{backup_unique_id}", "get_export", transfers.get_export),
    ("DELETE", "/api/v2/rest/exports/{backup_unique_id}", "delete_export", transfers.delete_export),
    ("POST", "/api/v2/rest/imports", "create_import", transfers.create_import),
    ("GET", "/api/v2/rest/imports", "list_imports", transfers.list_imports),
)

_OWN_HOST = re.compile(r"([\w-]+)\.(?:qiscus\.com|localhost)(?::\d+)?", re.IGNORECASE).fullmatch
_SHARED_HOST = re.compile(r"api\d*", re.IGNORECASE).fullmatch


class QiscusSandbox:
    """Qiscus chat, as far as its server-side API goes: one app.

    The app follows from the host (``{app_id}.qiscus.com`` or ``{app_id}.localhost``) or, on any other, from the header
    ``QISCUS_SDK_APP_ID``; an address of the sandbox without either means its one app, too. Hyphens in the names of the
    headers do as well.

    :param settings: what it starts with and comes back to at a reset.
    """

    name = "qiscus"
    prefixes: Sequence[str] = ("/api/v2/", "/api/v2.1/", "/_files/qiscus", "/_qiscus/")

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
        for method, path, operation, run in _OPERATIONS:
            yield Route(method, path, operation, partial(self._operate, run))
        for method in ("GET", "HEAD"):
            yield Route(method, transfers.FILE_PATH, "download_export", partial(transfers.send_file, self.state))
            yield Route(
                method, transfers.REDIRECT_PATH, "redirect_download", partial(transfers.redirect_to_file, self.state)
            )
        for method, path, operation, control in CONTROLS:
            yield Route(method, path, operation, partial(control, self.state))

    def credentials(self) -> dict[str, Any]:
        """App, secret, the identifiers of the users, and the numbers of the rooms."""
        return {
            "app_id": self.state.app_id,
            "secret_key": self.state.secret_key,
            "users": [user.email for user in self.state.users],
            "rooms": [room.id for room in self.state.rooms],
        }

    def examples(self) -> Sequence[tuple[str, str]]:
        """One call to read, one to write, and what an end user does."""
        url, secret = self._base_url(), f"-H 'QISCUS-SDK-SECRET: {self.state.secret_key}'"
        room = self.state.rooms[seed.MAIN_ROOM]
        body = f'{{"sender_email": "{room.participants[1]}", "room_id": {room.id}, "message": "Halo kak"}}'
        json_body = "-H 'Content-Type: application/json' -d"
        hook = '{"webhook_urls": ["http://127.0.0.1:8000/"]}'
        return (
            ("the last comments of a room", f"curl {secret} '{url}/api/v2/rest/load_comments?room_id={room.id}'"),
            ("a comment", f"curl {secret} {json_body} '{body}' {url}/api/v2/rest/post_comment"),
            ("announce new comments to a bot", f"curl {json_body} '{hook}' {url}/_qiscus/settings"),
            (
                "a customer writes in the app",
                f"""curl -d '{{"room_id": {room.id}, "email": "{room.participants[0]}", "content": "Halo"}}' """
                f"{url}/_qiscus/writes",
            ),
        )

    def not_found(self, call: Call) -> Answer:
        """A path or verb that nobody knows is met by the gateway, whose answer is no JSON."""
        page = "<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>\n"
        return Answer.text(page, content_type="text/html", status=404).undocumented()

    async def _operate(self, run: _Operation, call: Call) -> Answer:
        refused = self._refused(call)
        if refused is not None:
            return refused
        try:
            params = await Params.of(call)
            with self.state.lock:
                results = run(self.state, params)
        except Refused as refusal:
            return refusal.answer()
        return Answer.json({"results": results, "status": 200})

    def _refused(self, call: Call) -> Answer | None:
        if self._app_id(call) != self.state.app_id:
            return Refused("App not found", 400).answer()
        if _credential(call, "SECRET") != self.state.secret_key:
            return Refused("Unauthorized", self.state.refused_status).answer().undocumented()
        return None

    def _app_id(self, call: Call) -> str | None:
        match = _OWN_HOST(call.header("Host") or "")
        host = match.group(1) if match else None
        if host is not None and not _SHARED_HOST(host):
            # The header beside such a host is harmless.
            return host.lower()
        given = _credential(call, "APP_ID")
        return self.state.app_id if given is None and host is None else given


def _credential(call: Call, name: str) -> str | None:
    """A header in either spelling."""
    for spelling in (f"QISCUS_SDK_{name}", f"QISCUS_SDK_{name}".replace("_", "-")):
        value = call.header(spelling)
        if value is not None:
            return value.strip()
    return None
