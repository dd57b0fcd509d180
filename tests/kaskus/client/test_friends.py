"""The operations on friends and on requests to be friends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.documents import read_document
from support.ledger import answered, documented, prove, refused, unnamed, unread, whole

from kaskus_async.friend_requests import FriendRequests
from kaskus_async.friends import Friends
from nusantara.codec import unstructure

DOCUMENTS = Path(__file__).parents[1] / "documents"

LEDGER: dict[str, Any] = {
    "GET /friend": (lambda k: k.friends.mine(), "GET /friend"),
    "POST /friend/{user_id}": (lambda k: k.friends.add(71), "POST /friend/71"),
    "DELETE /friend/{user_id}": (lambda k: k.friends.unfriend(71), "DELETE /friend/71"),
    "GET /v1/user/{userId}/friends": (
        lambda k: k.friends.of_user(71, page=2, limit=10),
        "GET /v1/user/71/friends?page=2&limit=10",
    ),
    "DELETE /v1/user/friends/{userId}": (lambda k: k.friends.remove(71), "DELETE /v1/user/friends/71"),
    "GET /mutualfriend/{user_id}": (lambda k: k.friends.mutual(71), "GET /mutualfriend/71"),
    "POST /v1/user/friends/{userId}": (lambda k: k.friend_requests.approve(71), "POST /v1/user/friends/71"),
    "POST /v1/user/friend/requests/{userId}": (
        lambda k: k.friend_requests.send(71),
        "POST /v1/user/friend/requests/71",
    ),
    "GET /v1/user/friend/requests?type=incoming": (
        lambda k: k.friend_requests.incoming(page=2, limit=10),
        "GET /v1/user/friend/requests?type=incoming&page=2&limit=10",
    ),
    "GET /v1/user/friend/requests?type=outgoing": (
        lambda k: k.friend_requests.outgoing(page=2, limit=10),
        "GET /v1/user/friend/requests?type=outgoing&page=2&limit=10",
    ),
    "DELETE /v1/user/friend/requests/{userId}?type=incoming": (
        lambda k: k.friend_requests.reject(71),
        "DELETE /v1/user/friend/requests/71?type=incoming",
    ),
    "DELETE /v1/user/friend/requests/{userId}?type=outgoing": (
        lambda k: k.friend_requests.cancel(71),
        "DELETE /v1/user/friend/requests/71?type=outgoing",
    ),
}

ANSWERS: dict[str, Any] = {
    "friend": lambda k: whole(k.friends.mine()),
}


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    operation = operation.partition("?")[0]
    await prove(
        operation, call, line, documented(FriendRequests, Friends)[unnamed(operation)], **(rest[0] if rest else {})
    )


def test_every_operation_is_proven() -> None:
    assert set(documented(FriendRequests, Friends)) == {unnamed(operation.partition("?")[0]) for operation in LEDGER}


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_answer_is_understood_and_loses_nothing(name: str) -> None:
    document = read_document(DOCUMENTS / f"{name}.json")
    answer = await answered(ANSWERS[name], document)
    assert unstructure(answer) == document
    assert unread(answer) == []


async def test_friends_are_given_as_they_come() -> None:
    document = {**read_document(DOCUMENTS / "friend.json"), "total_friend": "1", "total_page": 1}
    document["friends"] = [{"userid": "71", "username": "tokoh71"}]
    page = await answered(lambda k: k.friends.mine().first(), document)
    assert (page.total, page.next, page.items[0].username) == (1, None, "tokoh71")


@pytest.mark.parametrize(
    ("call", "parameter"),
    [
        (lambda k: k.friends.of_user(71, page=0), "page"),
        (lambda k: k.friends.of_user(71, limit=0), "limit"),
        (lambda k: k.friends.add(""), "user_id"),
        (lambda k: k.friends.mutual(".."), "user_id"),
        (lambda k: k.friend_requests.incoming(page=0), "page"),
        (lambda k: k.friend_requests.outgoing(limit=-1), "limit"),
        (lambda k: k.friend_requests.send(""), "user_id"),
        (lambda k: k.friend_requests.reject(""), "user_id"),
    ],
)
async def test_what_cannot_be_sent_is_refused(call: Any, parameter: str) -> None:
    await refused(call, parameter)
