"""The payload of each type of comment: what is refused, and what the server adds.

Only what the reference shows to be there is asked for; what a type needs beyond that is not known.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qiscus_async.sandbox.entities import Comment, User
from qiscus_async.sandbox.refusals import Invalid

__all__ = ["TYPES", "complete", "guess_type"]

Payload = dict[str, Any]
Quoted = tuple[Comment, User] | None
"""The comment that a reply answers, and who wrote it; ``None`` where there is none."""


def complete(kind: str, message: str, payload: Payload | None, quoted: Quoted = None) -> tuple[str, Payload | None]:
    """Message and payload as they are stored. Raises :exc:`Invalid`.

    Reference: "Post comment".
    """
    if kind == "text":
        if not message:
            raise Invalid(message="can't be blank")
        return message, None
    if kind == "reply":
        return _reply(message, payload, quoted)
    if kind not in _TYPES:
        raise Invalid(type="is not a type that can be posted")
    if not payload:
        raise Invalid(payload="can't be blank")
    return _TYPES[kind](message, payload)


def guess_type(payload: Payload) -> str:
    """The type that a payload looks like. Raises :exc:`ValueError`."""
    for keys, kind in _MARKS:
        if keys <= payload.keys():
            return kind
    raise ValueError("the payload looks like no type of comment; say which with type=")


def _reply(message: str, payload: Payload | None, quoted: Quoted) -> tuple[str, Payload]:
    payload = payload or {}
    text = _text(payload, "text", "") or message
    if not text:
        raise Invalid(payload="needs a text")
    if quoted is None:
        raise Invalid(payload="replied_comment_id is not a comment of this room")
    comment, sender = quoted
    whole = payload | {
        "text": text,
        "replied_comment_type": comment.type,
        "replied_comment_message": comment.message,
        "replied_comment_payload": comment.payload,
        "replied_comment_sender_username": sender.username,
        "replied_comment_sender_email": sender.email,
    }
    # The quotation is for clients that do not know replies.
    return f"{sender.username}: `{comment.message}`\n{text}", whole


def _account_linking(message: str, payload: Payload) -> tuple[str, Payload]:
    text = _text(payload, "text", "")
    _text(payload, "url")
    _text(payload, "redirect_url", "")
    if not isinstance(payload.get("params") or {}, dict):
        raise Invalid(payload="params must be an object")
    return message or text, payload


def _buttons(message: str, payload: Payload) -> tuple[str, Payload]:
    text = _text(payload, "text", "")
    buttons = _pressable(payload.get("buttons"))
    if not buttons:
        raise Invalid(payload="needs buttons")
    return message or text, payload | {"buttons": buttons}


def _button_postback_response(message: str, payload: Payload) -> tuple[str, Payload]:
    _text(payload, "url", "")
    return message, payload


def _card(message: str, payload: Payload) -> tuple[str, Payload]:
    text = _text(payload, "text", "")
    # One name in the documented request, another in the documented answer.
    shown = {("image" if name == "image_url" else name): value for name, value in payload.items()}
    if "buttons" in shown:
        shown["buttons"] = _pressable(shown["buttons"])
    return text or message, shown


def _carousel(message: str, payload: Payload) -> tuple[str, Payload]:
    cards = payload.get("cards")
    if not isinstance(cards, list) or not cards or not all(isinstance(card, dict) for card in cards):
        raise Invalid(payload="needs cards")
    shown = [card | {"buttons": _pressable(card.get("buttons"))} for card in cards]
    return message, payload | {"cards": shown}


def _custom(message: str, payload: Payload) -> tuple[str, Payload]:
    _text(payload, "type")
    if "content" not in payload:
        raise Invalid(payload="needs a content")
    return message, payload


def _location(_: str, payload: Payload) -> tuple[str, Payload]:
    for name in ("latitude", "longitude"):
        if isinstance(payload.get(name), bool) or not isinstance(payload.get(name), int | float | str):
            raise Invalid(payload=f"needs a {name}")
    texts = [_text(payload, "name"), _text(payload, "address", ""), _text(payload, "map_url", "")]
    return "\n".join(text for text in texts if text), payload


def _contact_person(_: str, payload: Payload) -> tuple[str, Payload]:
    if payload.get("type") not in (None, "", "phone", "email"):
        raise Invalid(payload="type must be phone or email")
    return f"{_text(payload, 'name')} - {_text(payload, 'value')}", payload


def _file_attachment(_: str, payload: Payload) -> tuple[str, Payload]:
    _text(payload, "url")
    return _text(payload, "caption", ""), payload


_TYPES: dict[str, Callable[[str, Payload], tuple[str, Payload]]] = {
    "account_linking": _account_linking,
    "buttons": _buttons,
    "button_postback_response": _button_postback_response,
    "card": _card,
    "carousel": _carousel,
    "custom": _custom,
    "location": _location,
    "contact_person": _contact_person,
    "file_attachment": _file_attachment,
}

TYPES = ("text", "reply", *_TYPES)
"""What can be posted; a ``system_event`` cannot."""

_MARKS = (
    ({"replied_comment_id"}, "reply"),
    ({"cards"}, "carousel"),
    ({"title", "buttons"}, "card"),
    ({"title"}, "card"),
    ({"buttons"}, "buttons"),
    ({"latitude"}, "location"),
    ({"redirect_url"}, "account_linking"),
    ({"content"}, "custom"),
    ({"name", "value"}, "contact_person"),
    ({"method"}, "button_postback_response"),
    ({"url"}, "file_attachment"),
)


def _text(payload: Payload, name: str, default: str | None = None) -> str:
    value = payload.get(name)
    if value is None:
        value = default
    if not isinstance(value, str) or (default is None and not value):
        raise Invalid(payload=f"needs a {name}" if default is None else f"{name} must be a text")
    return value


def _pressable(buttons: Any) -> list[Payload]:
    if not isinstance(buttons or [], list):
        raise Invalid(payload="buttons must be a list")
    return [_button(button) for button in buttons or []]


def _button(button: Any) -> Payload:
    if not isinstance(button, dict) or not isinstance(button.get("payload"), dict):
        raise Invalid(payload="each button needs a label, a type and a payload")
    _text(button, "label")
    if button.get("type") not in ("postback", "link"):
        raise Invalid(payload="the type of a button must be postback or link")
    if button["type"] == "link":
        _text(button["payload"], "url")
        return button
    return {"postback_text": _text(button, "postback_text", "")} | button
