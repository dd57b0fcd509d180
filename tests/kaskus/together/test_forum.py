"""The forum on the sandbox, both flavours: reading, searching, writing, changing, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from support.flavours import Flavour

from kaskus_async.enums import ReputationKind
from nusantara.errors import AuthFailed, BadRequest, Forbidden, NotFound
from nusantara.sandbox import Sandbox

Client = Flavour[Any]

CHAT, COFFEE, CATEGORY = 21, 41, 221


@pytest.fixture
async def thread_id(kaskus: Client) -> str:
    """A new thread of the main user."""
    made = await kaskus(lambda k: k.threads.create(CHAT, "Uji coba & lain-lain", "Halo [b]semua[/b] \U0001f40d"))
    found: str = made.thread_id
    return found


async def test_hot_threads(application: Client) -> None:
    hot = await application(lambda k: k.threads.hot(include="preview"))
    assert len(hot.data) == 4
    assert all(thread.extra["first_post_preview"] and thread.image for thread in hot.data)
    assert hot.data[0].hot_thread_start_timestamp.tzinfo is UTC


async def test_forums_lead_to_their_threads(application: Client) -> None:
    forums = {forum.forum_id: forum.name for forum in await application(lambda k: k.forums.all())}
    assert forums[CHAT] == "Obrolan Sore"
    first = await application(lambda k: k.forums.threads(CHAT, limit=3).first())
    assert (first.answer.forum.name, len(first.items), first.total) == ("Obrolan Sore", 3, 4)
    pages = await application.pages(lambda k: k.forums.threads(CHAT, limit=3))
    assert [len(page.items) for page in pages] == [3, 1]
    everything = await application.items(lambda k: k.forums.threads(CHAT, limit=1))
    assert len({thread.thread_id for thread in everything}) == 4


async def test_a_thread_is_read_page_by_page(application: Client, nusantara_sandbox: Sandbox) -> None:
    hot = await application(lambda k: k.threads.hot())
    thread_id = hot.data[0].thread_id
    posts = await application.items(lambda k: k.threads.read(thread_id, limit=2))
    stored = nusantara_sandbox.kaskus.board.threads[thread_id].post_ids
    assert [post.post_id for post in posts] == stored
    page = await application(lambda k: k.threads.read_forum(thread_id, post_id=stored[-1], limit=2).first())
    assert page.items[-1].post_id == stored[-1]
    assert page.answer.thread.title == hot.data[0].title


async def test_a_search_has_pages_and_can_go_by_cursor(application: Client) -> None:
    by_number = await application.items(lambda k: k.search.forum("kopi", limit=2))
    by_cursor = await application.items(lambda k: k.search.forum("kopi", limit=2, by_cursor=True))
    assert [thread.thread_id for thread in by_number] == [thread.thread_id for thread in by_cursor]
    assert "Gayo atau Kintamani?" in {thread.title for thread in by_number}
    page = await application(lambda k: k.search.forum("kopi", include="facet").first())
    assert page.total == len(by_number)
    assert str(COFFEE) in {str(count.value) for count in page.answer.facet.forum_id}
    assert await application.items(lambda k: k.search.forum("tidakadadimanapun")) == []
    [user] = await application.items(lambda k: k.search.user("laras_senja"))
    assert user.username == "laras_senja"


async def test_a_thread_is_started_and_replied_to(kaskus: Client, partner: Client, thread_id: str) -> None:
    reply = await partner(lambda k: k.posts.create(thread_id, "Salam kenal", title="Re"))
    posts = await kaskus.items(lambda k: k.threads.read(thread_id))
    assert [(post.post_username, post.pagetext) for post in posts] == [
        ("arya.kopi", "Halo [b]semua[/b] \U0001f40d"),
        ("laras_senja", "Salam kenal"),
    ]
    assert (posts[0].text, posts[1].post_id) == ("Halo semua \U0001f40d", reply.post_id)
    mine = await kaskus.items(lambda k: k.threads.of_user(1_048_211))
    assert mine[0].thread_id == thread_id
    [poster] = [
        one for one in (await kaskus(lambda k: k.threads.posters(thread_id))).users if one.username != "arya.kopi"
    ]
    assert poster.username == "laras_senja"


async def test_a_post_is_changed_by_its_author_alone(kaskus: Client, partner: Client, thread_id: str) -> None:
    reply = await partner(lambda k: k.posts.create(thread_id, "Salam kenal"))
    await partner(lambda k: k.posts.edit_forum(reply.post_id, message="Salam kenal semuanya"))
    read = await kaskus(lambda k: k.posts.get(reply.post_id))
    assert [post.pagetext for post in read.posts] == ["Salam kenal semuanya"]
    with pytest.raises(Forbidden, match="only its author may edit a post") as refusal:
        await kaskus(lambda k: k.posts.edit_forum(reply.post_id, message="Diganti orang lain"))
    assert (refusal.value.status, refusal.value.template) == (403, "/api/oauth/v1/forum_post/{post_id}/edit")


async def test_ratings_and_reputation_are_given_once(kaskus: Client, partner: Client, thread_id: str) -> None:
    await partner(lambda k: k.threads.rate(thread_id, 5))
    with pytest.raises(BadRequest, match="a user can only rate a thread once"):
        await partner(lambda k: k.threads.rate(thread_id, 1))
    post_id = (await kaskus(lambda k: k.threads.read(thread_id).first())).items[0].post_id
    await partner(lambda k: k.reputation.give(post_id, ReputationKind.CENDOL))
    received = await kaskus(lambda k: k.reputation.received())
    assert received.list_reputation[0].giver.username == "laras_senja"
    with pytest.raises(BadRequest):
        await partner(lambda k: k.reputation.give(post_id, ReputationKind.CENDOL))


async def test_what_is_not_there_or_not_allowed_is_refused(kaskus: Client, application: Client) -> None:
    with pytest.raises(NotFound, match="thread not found") as refusal:
        await kaskus(lambda k: k.threads.read("5f0000000000000000000000").first())
    assert refusal.value.code == 404
    with pytest.raises(NotFound):
        await kaskus.items(lambda k: k.forums.threads(999_999))
    with pytest.raises(BadRequest) as wrong:
        await kaskus(lambda k: k.threads.create(CATEGORY, "Dijual", "Bukan di sini"))
    assert wrong.value.details["errordetails"] == {"forum_id": "forum"}
    with pytest.raises(AuthFailed, match="a user has to sign in"):
        await application(lambda k: k.threads.create(CHAT, "Tanpa nama", "Halo"))


async def test_threads_are_neighbours_by_their_last_posts(application: Client) -> None:
    first = await application(lambda k: k.forums.threads(CHAT).first())
    newest = max(first.items, key=lambda thread: thread.last_post)
    before = await application(lambda k: k.threads.neighbour(CHAT, newest.last_post, "prev"))
    assert int(before.posts[-1].dateline) < newest.last_post.timestamp()
    with pytest.raises(NotFound):
        await application(lambda k: k.threads.neighbour(CHAT, datetime.now(UTC), "next"))


async def test_the_same_comes_in_xml(open_kaskus: Any, nusantara_sandbox: Sandbox) -> None:
    user = nusantara_sandbox.credentials["kaskus"]
    as_json, as_xml = open_kaskus(user), open_kaskus(user, output="xml")
    for call in (
        lambda k: k.forums.all(),
        lambda k: k.account.profile(),
        lambda k: k.private_messages.folders(),
        lambda k: k.forums.top_users(),
        lambda k: k.smileys.categories(),
    ):
        assert await as_xml(call) == await as_json(call)
    for listing in (lambda k: k.forums.threads(CHAT, limit=3), lambda k: k.search.forum("kopi", limit=2)):
        assert await as_xml.items(listing) == await as_json.items(listing)
    kinds = {record.header("Return-Type") for record in nusantara_sandbox.requests}
    assert kinds == {"text/json", "text/xml"}
