"""For programs that are not in the sandbox's process: what was sent, and the settings. Not the vendor's.

====  ========================  ===========================================================================
GET   ``/_kaskus/outgoing``      ``{"sms": [...], "emails": [...]}``: one-time passwords and codes are in it
GET   ``/_kaskus/settings``      the settings
POST  ``/_kaskus/settings``      change some: ``{"timestamp_window": 60}``
POST  ``/_kaskus/applications``  add one: ``{}`` or ``{"userid": 2210437}``; answers with its credentials
====  ========================  ===========================================================================
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs

from kaskus_async.sandbox.settings import Settings
from kaskus_async.sandbox.state import KaskusState
from kaskus_async.sandbox.stores.outgoing import Letter
from nusantara.errors import InvalidParameter
from nusantara.sandbox.answer import Answer
from nusantara.sandbox.incoming import Incoming

__all__ = ["CONTROLS"]

Control = Callable[[KaskusState, Incoming], Answer]


def _outgoing(state: KaskusState, call: Incoming) -> Answer:
    with state.lock:
        return Answer.json({"sms": _letters(state.outgoing.sms), "emails": _letters(state.outgoing.emails)})


def _show_settings(state: KaskusState, call: Incoming) -> Answer:
    return Answer.json({field.name: getattr(state, field.name) for field in attrs.fields(Settings)})


def _change_settings(state: KaskusState, call: Incoming) -> Answer:
    """All or nothing."""
    known = {field.name for field in attrs.fields(Settings)}
    with state.lock:
        before = {name: getattr(state, name) for name in known}
        try:
            wanted = call.json()
            if not isinstance(wanted, dict):
                raise InvalidParameter("body", "must be a JSON object")
            for name, value in wanted.items():
                if name not in known:
                    raise InvalidParameter(name, "is not a setting")
                setattr(state, name, value)
        except (ValueError, TypeError) as error:
            for name, value in before.items():
                setattr(state, name, value)
            return Answer.json({"error": str(error)}, status=400)
    return _show_settings(state, call)


def _add_application(state: KaskusState, call: Incoming) -> Answer:
    try:
        wanted = call.json() if call.body else {}
        if not isinstance(wanted, dict):
            raise InvalidParameter("body", "must be a JSON object")
        return Answer.json(state.add_application(wanted.get("userid")))
    except (ValueError, TypeError) as error:
        return Answer.json({"error": str(error)}, status=400)


CONTROLS: tuple[tuple[str, str, str, Control], ...] = (
    ("GET", "/_kaskus/outgoing", "outgoing", _outgoing),
    ("GET", "/_kaskus/settings", "settings", _show_settings),
    ("POST", "/_kaskus/settings", "settings", _change_settings),
    ("POST", "/_kaskus/applications", "applications", _add_application),
)


def _letters(letters: list[Letter]) -> list[dict[str, Any]]:
    return [attrs.asdict(letter) for letter in letters]
