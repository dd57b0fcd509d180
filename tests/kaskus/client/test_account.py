"""The operations on one's own account."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.documents import read_document
from support.ledger import answered, documented, prove, refused, unnamed, unread

from kaskus_async.account import Account
from kaskus_async.models.account import GuardedAction, OptionCategory, PictureChange
from kaskus_async.models.users import Gender, ProfileInclude
from nusantara.codec import unstructure
from nusantara.secret import Secret

DOCUMENTS = Path(__file__).parents[1] / "documents"

LEDGER: dict[str, Any] = {
    "GET /user": (lambda k: k.account.profile(include=[ProfileInclude.BADGES]), "GET /user?include=badges"),
    "POST /user": (
        lambda k: k.account.update_profile(
            fullname="Tokoh Contoh",
            address="Jalan Contoh 1",
            country="ID",
            province="DKI Jakarta",
            gender=Gender.FEMALE,
            ktp="0000000000000070",
            birthdate=date(1987, 6, 5),
            biography="Halo semua",
            upload_profile=PictureChange.REMOVE,
        ),
        "POST /user",
        {
            "form": {
                "fullname": "Tokoh Contoh",
                "address": "Jalan Contoh 1",
                "country": "ID",
                "province": "DKI Jakarta",
                "gender": "2",
                "ktp": "0000000000000070",
                "day": "5",
                "month": "6",
                "year": "1987",
                "biography": "Halo semua",
                "upload_profile": "-1",
            }
        },
    ),
    "GET /user/privacy_setting": (
        lambda k: k.account.privacy(setting="phone"),
        "GET /user/privacy_setting?setting=phone",
    ),
    "POST /user/privacy_setting": (
        lambda k: k.account.update_privacy(
            gender=True, email=False, address=False, country=True, province=True, phone=False, dateofbirth=False
        ),
        "POST /user/privacy_setting",
        {
            "form": {
                "gender": "1",
                "email": "0",
                "address": "0",
                "country": "1",
                "province": "1",
                "phone": "0",
                "dateofbirth": "0",
            }
        },
    ),
    "GET /user/option": (lambda k: k.account.options(), "GET /user/option"),
    "POST /user/option": (
        lambda k: k.account.update_options(
            push_pm_notification=True,
            push_hot_thread_notification=False,
            push_quoted_post_notification=True,
            push_friend_request_notification=False,
            push_thread_replied_notification=True,
            push_subscribed_thread_replied_notification=False,
        ),
        "POST /user/option",
        {
            "form": {
                "push_pm_notification": "true",
                "push_hot_thread_notification": "false",
                "push_quoted_post_notification": "true",
                "push_friend_request_notification": "false",
                "push_thread_replied_notification": "true",
                "push_subscribed_thread_replied_notification": "false",
            }
        },
    ),
    "GET /v1/user/options/{category}": (
        lambda k: k.account.options_in(OptionCategory.PUSH_NOTIFICATION),
        "GET /v1/user/options/push_notification",
    ),
    "POST /v1/user/permissions": (
        lambda k: k.account.permissions([GuardedAction.SEE_BALANCE, "create_lapak"], password=Secret("secret")),
        "POST /v1/user/permissions",
        {"form": {"action": "see_balance,create_lapak", "password": "5ebe2294ecd0e0f08eab7690d2a6ee69"}},
    ),
    "GET /v1/user/forum_permissions": (
        lambda k: k.account.forum_permissions(),
        "GET /v1/user/forum_permissions",
    ),
    "GET /v1/user/fjb_permissions": (lambda k: k.account.fjb_permissions(), "GET /v1/user/fjb_permissions"),
    "POST /v1/user/verification": (
        lambda k: k.account.resend_verification("tokoh@contoh.example"),
        "POST /v1/user/verification",
        {"form": {"email": "tokoh@contoh.example"}},
    ),
    "POST /v1/user/{user_id}/verifications": (
        lambda k: k.account.verify(70, Secret("f" * 40)),
        "POST /v1/user/70/verifications",
        {"form": {"verification_code": "f" * 40}},
    ),
}

ANSWERS: dict[str, Any] = {
    "user": lambda k: k.account.profile(),
    "user_privacy_setting": lambda k: k.account.privacy(),
    "user_forum_permissions": lambda k: k.account.forum_permissions(),
}


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    await prove(operation, call, line, documented(Account)[unnamed(operation)], **(rest[0] if rest else {}))


def test_every_operation_is_proven() -> None:
    assert set(documented(Account)) == set(map(unnamed, LEDGER))


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_answer_is_understood_and_loses_nothing(name: str) -> None:
    document = read_document(DOCUMENTS / f"{name}.json")
    answer = await answered(ANSWERS[name], document)
    assert unstructure(answer) == document
    assert unread(answer) == []


async def test_what_identifies_a_person_shows_in_no_repr() -> None:
    profile = await answered(ANSWERS["user"], read_document(DOCUMENTS / "user.json"))
    assert (profile.phone, profile.dateofbirth.year) == ("080000000070", 1969)
    for shown in ("tokoh70@contoh.example", "080000000070", "Jalan Contoh", "1969"):
        assert shown not in repr(profile)


async def test_numbers_of_forums_are_text_whatever_they_came_as() -> None:
    found = await answered(ANSWERS["user_forum_permissions"], read_document(DOCUMENTS / "user_forum_permissions.json"))
    assert (found.can_not_create_thread, found.can_not_reply_thread) == (["12", "13"], ["14"])


async def test_a_permission_without_a_balance_needs_no_password() -> None:
    await prove(
        "POST /v1/user/permissions",
        lambda k: k.account.permissions([GuardedAction.CREATE_LAPAK]),
        "POST /v1/user/permissions",
        "safe",
        form={"action": "create_lapak"},
    )


@pytest.mark.parametrize(
    ("call", "parameter"),
    [
        (lambda k: k.account.update_profile(birthdate="1987-06-05"), "birthdate"),
        (lambda k: k.account.permissions([]), "actions"),
        (lambda k: k.account.permissions("see_balance", password="x"), "actions"),
        (lambda k: k.account.permissions(["see_balance"]), "password"),
        (lambda k: k.account.permissions(["create_lapak"], password=""), "password"),
        (lambda k: k.account.options_in(""), "category"),
        (lambda k: k.account.resend_verification(""), "email"),
        (lambda k: k.account.verify(70, ""), "verification_code"),
        (lambda k: k.account.profile(include="badges"), "include"),
    ],
)
async def test_what_cannot_be_sent_is_refused(call: Any, parameter: str) -> None:
    await refused(call, parameter)
