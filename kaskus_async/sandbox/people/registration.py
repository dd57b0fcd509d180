"""Becoming a user: one-time passwords by SMS, registration, and the code in the e-mail.

Nothing is really sent: :class:`~kaskus_async.sandbox.stores.Outgoing` keeps it. None of the answers is documented.
"""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Any

from kaskus_async.sandbox.entities import User
from kaskus_async.sandbox.operation import PUBLIC, Operation
from kaskus_async.sandbox.params import Params
from kaskus_async.sandbox.refusals import Refused
from kaskus_async.sandbox.stores.outgoing import Letter
from kaskus_async.sandbox.times import JAKARTA

if TYPE_CHECKING:
    from kaskus_async.sandbox.state import KaskusState

__all__ = ["ROUTES"]

Document = dict[str, Any]

_USERNAME = re.compile(r"[A-Za-z0-9._-]{3,25}").fullmatch
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+").fullmatch
_PHONE = re.compile(r"\+?[0-9]{8,15}").fullmatch
_MD5 = re.compile(r"[0-9a-fA-F]{32}").fullmatch
_GENDERS = {"0": 2, "1": 1}
"""Registration says 0 for female and 1 for male; profiles say 2 and 1."""


def _send_otp(state: KaskusState, params: Params) -> Document:
    phone = params.require("phone")
    if not _PHONE(phone):
        raise Refused("phone is no phone number", details={"phone": "format"})
    code = state.new_code(8)
    _text(state, phone, f"Kode KASKUS Anda: {code}", code)
    return {"result": True}


def _validate(state: KaskusState, params: Params) -> Document:
    problems = _problems(
        state, {name: params.text(name) for name in ("username", "email", "phone") if params.text(name)}
    )
    if problems:
        raise Refused("; ".join(problems.values()), details=problems)
    return {"result": True}


def _register(state: KaskusState, params: Params) -> Document:
    """With ``service=forum`` by full name, otherwise by phone and the code that was sent to it."""
    by_phone = params.text("service") != "forum"
    names = ("username", "email", "password", "gender", "birthdate", *(("phone", "otp") if by_phone else ("fullname",)))
    given: dict[str, str | None] = {name: params.require(name) for name in names}
    problems = _problems(state, given)
    if problems:
        raise Refused("; ".join(problems.values()), details=problems)
    if by_phone and given["otp"] != state.outgoing.last_code(given["phone"] or ""):
        raise Refused("otp is wrong", details={"otp": "wrong"})

    user = User(
        userid=max(state.users) + 1,
        username=given["username"] or "",
        password_md5=(given["password"] or "").lower(),
        email=given["email"] or "",
        gender=_GENDERS[given["gender"] or ""],
        phone=given.get("phone") or "",
        dateofbirth=_birthday(given["birthdate"] or "") or 0,
        joindate=state.now(),
        verified=False,
        has_picture=False,
        hidden={"email", "phone", "address", "dateofbirth"},
    )
    user.firstname, _, user.lastname = (given.get("fullname") or "").partition(" ")
    state.users[user.userid] = user
    _send_verification(state, user)
    return {"userid": user.userid, "username": user.username}


def _resend(state: KaskusState, params: Params) -> Document:
    email = params.require("email")
    user = next((user for user in state.users.values() if user.email.casefold() == email.casefold()), None)
    if user is None or user.verified:
        raise Refused("there is nothing to confirm for this address", details={"email": "unknown"})
    _send_verification(state, user)
    return {"result": True}


def _verify(state: KaskusState, params: Params) -> Document:
    user, code = state.user(params.number_in_path("user_id")), params.require("verification_code")
    if user.verified or code != state.outgoing.last_code(user.email):
        raise Refused("verification_code is wrong", details={"verification_code": "wrong"})
    user.verified = True
    return {"result": True}


def _send_sms(state: KaskusState, params: Params) -> Document:
    user = state.user(params.require_number("user_id"))
    _text(state, user.phone, params.require("message"))
    return {"result": True}


ROUTES: tuple[Operation, ...] = (
    Operation("POST", "/v1/otp/{action}", _send_otp, PUBLIC, documented=False),
    Operation("POST", "/v1/registration/user", _register, PUBLIC, documented=False),
    Operation("POST", "/v1/registration/user/validation", _validate, PUBLIC, documented=False),
    Operation("POST", "/v1/user/verification", _resend, PUBLIC, documented=False),
    Operation("POST", "/v1/user/{user_id}/verifications", _verify, PUBLIC, documented=False),
    Operation("POST", "/v1/sms", _send_sms, documented=False),
)


def _problems(state: KaskusState, given: dict[str, str | None]) -> dict[str, str]:
    """What is wrong with the values of a registration, by name."""
    users = state.users.values()
    problems: dict[str, str] = {}
    for name, value in given.items():
        text = value or ""
        match name:
            case "username" if not _USERNAME(text):
                problems[name] = "username has 3 to 25 letters, digits, dots, hyphens and underscores"
            case "username" if state.user_named(text) is not None:
                problems[name] = "username is taken"
            case "email" if not _EMAIL(text):
                problems[name] = "email is no address"
            case "email" if any(user.email.casefold() == text.casefold() for user in users):
                problems[name] = "email is taken"
            case "phone" if not _PHONE(text):
                problems[name] = "phone is no phone number"
            case "phone" if any(user.phone == text for user in users):
                problems[name] = "phone is taken"
            case "password" if not _MD5(text):
                problems[name] = "password must be an MD5 digest"
            case "gender" if text not in _GENDERS:
                problems[name] = "gender must be 0 or 1"
            case "birthdate" if _birthday(text) is None:
                problems[name] = "birthdate must be a day such as 1987-06-05"
    return problems


def _birthday(text: str) -> int | None:
    try:
        return int(datetime.datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=JAKARTA).timestamp())
    except (ValueError, OverflowError):
        return None


def _send_verification(state: KaskusState, user: User) -> None:
    code = state.digest(f"verification:{user.userid}:{len(state.outgoing.emails)}")[:40]
    text = f"Kode aktivasi untuk {user.username}: {code}"
    state.outgoing.emails.append(Letter(to=user.email, text=text, code=code, dateline=state.now()))


def _text(state: KaskusState, phone: str, text: str, code: str = "") -> None:
    state.outgoing.sms.append(Letter(to=phone, text=text, code=code, dateline=state.now()))
