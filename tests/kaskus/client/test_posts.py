"""The post operations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.documents import read_document
from support.ledger import answered, documented, prove, refused, unnamed, unread, whole

from kaskus_async.models.posts import GoodsCondition, PostPrefix
from kaskus_async.posts import Posts
from nusantara.codec import unstructure

DOCUMENTS = Path(__file__).parents[1] / "documents"

LEDGER: dict[str, Any] = {
    "GET /v1/post/{id}": (
        lambda k: k.posts.get("5f0b", fields=["pagetext", "text"]),
        "GET /v1/post/5f0b?field=pagetext%2Ctext",
    ),
    "GET /v1/forum_post/{id}": (
        lambda k: k.posts.get_forum("5f0b", fields=["text"], images=True),
        "GET /v1/forum_post/5f0b?field=text&image=on",
    ),
    "GET /post/{post_id}": (lambda k: k.posts.details("5f0b"), "GET /post/5f0b"),
    "GET /posts/{post_id}": (lambda k: k.posts.around("5f0b"), "GET /posts/5f0b"),
    "POST /v1/forum_post": (
        lambda k: k.posts.create("5f01", "[B]Halo[/B]", title="Judul"),
        "POST /v1/forum_post",
        {"form": {"thread_id": "5f01", "title": "Judul", "message": "[B]Halo[/B]"}},
    ),
    "POST /v1/forum_post/{id}/edit": (
        lambda k: k.posts.edit_forum("5f0b", title="Judul", message="Halo", meta_images=["http://a/1", "http://a/2"]),
        "POST /v1/forum_post/5f0b/edit",
        {"form": {"title": "Judul", "message": "Halo", "meta_images": "http://a/1,http://a/2"}},
    ),
    "POST /post/{post_id}": (
        lambda k: k.posts.edit(
            "5f0b",
            title="Judul",
            message="Halo",
            prefix=PostPrefix.SELLING,
            condition=GoodsCondition.SECOND,
            price=10000,
            search_tags=["kamera", "foto"],
            location=11,
        ),
        "POST /post/5f0b",
        {
            "form": {
                "title": "Judul",
                "message": "Halo",
                "prefix": "wts",
                "condition": "2",
                "price": "10000",
                "search_tags": "kamera,foto",
                "location": "11",
            }
        },
    ),
    "GET /mypost/{user_id}": (lambda k: k.posts.of_user(11), "GET /mypost/11"),
    "GET /mypost/{user_id}/{thread_id}": (lambda k: k.posts.of_user_in_thread(11, "5f01"), "GET /mypost/11/5f01"),
    "GET /v1/user/quoted_posts": (
        lambda k: k.posts.quoted(page=1, limit=10),
        "GET /v1/user/quoted_posts?page=1&limit=10",
    ),
    "GET /myquotedpost": (lambda k: k.posts.my_quoted(), "GET /myquotedpost"),
}

ANSWERS: dict[str, Any] = {
    "post": lambda k: k.posts.get("5f0b"),
    "mypost": lambda k: whole(k.posts.of_user(70)),
    "mypost_in_thread": lambda k: whole(k.posts.of_user_in_thread(70, "5f01")),
    "myquotedpost": lambda k: k.posts.my_quoted(),
}


@pytest.mark.parametrize("operation", LEDGER)
async def test_an_operation_sends_what_is_documented(operation: str) -> None:
    call, line, *rest = LEDGER[operation]
    await prove(operation, call, line, documented(Posts)[unnamed(operation)], **(rest[0] if rest else {}))


def test_every_operation_is_proven() -> None:
    assert set(documented(Posts)) == set(map(unnamed, LEDGER))


@pytest.mark.parametrize("name", ANSWERS)
async def test_an_answer_is_understood_and_loses_nothing(name: str) -> None:
    document = read_document(DOCUMENTS / f"{name}.json")
    answer = await answered(ANSWERS[name], document)
    assert unstructure(answer) == document
    assert unread(answer) == []


async def test_a_post_comes_with_its_thread() -> None:
    found = await answered(lambda k: k.posts.get("5f0b"), read_document(DOCUMENTS / "post.json"))
    assert (found.thread.discounted_price, found.thread.shipping.weight) == (450000, 900)
    assert (found.posts[0].post_userid, found.posts[0].post[0].text) == (70, "Bekas, mulus")


@pytest.mark.parametrize("link", [False, True, "http://a", None, {"url": "http://a"}, 1])
async def test_the_link_of_a_fragment_may_be_anything(link: Any) -> None:
    document = read_document(DOCUMENTS / "mypost.json")
    document["posts"][0]["post"][0]["link"] = link
    [post, _] = await answered(lambda k: k.posts.of_user(70).collect(), document)
    assert post.post[0].link == link


@pytest.mark.parametrize(
    ("call", "parameter"),
    [
        (lambda k: k.posts.create("", "isi"), "thread_id"),
        (lambda k: k.posts.create("5f01", ""), "message"),
        (lambda k: k.posts.edit("5f0b", price=-1), "price"),
        (lambda k: k.posts.edit("5f0b", price=10.5), "price"),
        (lambda k: k.posts.edit("5f0b", search_tags="kamera"), "search_tags"),
        (lambda k: k.posts.edit_forum("5f0b", meta_images=["http://a/1,2"]), "meta_images"),
        (lambda k: k.posts.quoted(page=0), "page"),
        (lambda k: k.posts.quoted(limit=-1), "limit"),
        (lambda k: k.posts.get(".."), "post_id"),
    ],
)
async def test_what_cannot_be_sent_is_refused(call: Any, parameter: str) -> None:
    await refused(call, parameter)
