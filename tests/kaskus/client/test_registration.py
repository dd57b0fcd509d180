"""The operations of registration, and text messages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from support.ledger import documented, prove, refused, unnamed

from kaskus_async.models.users import Gender
from kaskus_async.registration import Registration
from kaskus_async.sms import Sms
from nusantara.secret import Secret

LEDGER: dict[str, Any] = {
    "POST /v1/registration/user": (
        lambda k: k.registration.register(
            "tokoh",
            "tokoh@contoh.example",
            Secret("secret"),
            "080000000070",
            Secret("123456"),
            gender=Gender.MALE,
            birthdate=date(1987, 6, 5),
        ),
        "POST /v1/registration/user",
        {
            "form": {
                "username": "tokoh",
                "email": "tokoh@contoh.example",
                "password": "5ebe2294ecd0e0f08eab7690d2a6ee69",
                "phone": "080000000070",
                "gender": "1",
                "birthdate": "1987-06-05",
                "otp": "123456",
            }
        },
    ),
    "POST /v1/registration/user?service=forum": (
        lambda k: k.registration.register_forum(
            "tokoh",
            "tokoh@contoh.example",
            "secret",
            gender=Gender.FEMALE,
            birthdate=date(1987, 6, 5),
            fullname="Tokoh Contoh",
        ),
        "POST /v1/registration/user?service=forum",
        {
            "form": {
                "username": "tokoh",
                "email": "tokoh@contoh.example",
                "password": "5ebe2294ecd0e0f08eab7690d2a6ee69",
                "gender": "0",
                "birthdate": "1987-06-05",
                "fullname": "Tokoh Contoh",
            }
        },
    ),
    "POST /v1/registration/user/validation": (
        lambda k: k.registration.check(username="tokoh", email="tokoh@contoh.example", phone="080000000070"),
        "POST /v1/registration/user/validation",
        {"form": {"username": "tokoh", "email": "tokoh@contoh.example", "phone": "080000000070"}},
    ),
    "POST /v1/otp/{action}": (
        lambda k: k.sms.send_otp("user", "080000000070"),
        "POST /v1/otp/user",
        {"form": {"phone": "080000000070"}},
    ),
    "POST /v1/sms": (
        lambda k: k.sms.send(70, "Mantap, Gan!"),
        "POST /v1/sms",
        {"form": {"user_id": "70", "message": "Mantap, Gan!"}},
    ),
}


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    operation = operation.partition("?")[0]
    await prove(operation, call, line, documented(Registration, Sms)[unnamed(operation)], **(rest[0] if rest else {}))


def test_every_operation_is_proven() -> None:
    assert set(documented(Registration, Sms)) == {unnamed(operation.partition("?")[0]) for operation in LEDGER}


@pytest.mark.parametrize(
    ("call", "parameter"),
    [
        (lambda k: k.registration.register("", "a@b", "c", "d", "e"), "username"),
        (lambda k: k.registration.register("a", "", "c", "d", "e"), "email"),
        (lambda k: k.registration.register("a", "a@b", "", "d", "e"), "password"),
        (lambda k: k.registration.register("a", "a@b", "c", "", "e"), "phone"),
        (lambda k: k.registration.register("a", "a@b", "c", "d", ""), "otp"),
        (lambda k: k.registration.register("a", "a@b", "c", "d", "e", gender=1), "gender"),
        (lambda k: k.registration.register_forum("a", "a@b", "c", gender=Gender.UNSPECIFIED), "gender"),
        (lambda k: k.registration.register_forum("a", "a@b", "c", birthdate="1987-06-05"), "birthdate"),
        (lambda k: k.sms.send(70, ""), "message"),
        (lambda k: k.sms.send_otp("", "0"), "action"),
        (lambda k: k.sms.send_otp("user", ""), "phone"),
    ],
)
async def test_what_cannot_be_sent_is_refused(call: Any, parameter: str) -> None:
    await refused(call, parameter)
