"""Qiscus on the sandbox, both flavours: rooms, comments, users, and what is never posted twice."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import pytest
from support.flavours import Flavour

from nusantara.errors import AuthFailed, InvalidParameter, NotFound, OutcomeUnknown, ServerError
from nusantara.sandbox import Fault, Sandbox
from qiscus_async import payloads
from qiscus_async.errors import ValidationFailed
from qiscus_async.sandbox.settings import Duplicates

Client = Flavour[Any]


@pytest.fixture
def people(nusantara_sandbox: Sandbox) -> list[str]:
    users: list[str] = nusantara_sandbox.credentials["qiscus"]["users"]
    return users


@pytest.fixture
async def room(qiscus: Client, people: list[str]) -> Any:
    return await qiscus(lambda q: q.rooms.create("Uji", creator=people[0], participants=people[:3]))


def post(room_id: int, sender: str, text: str, client: Any) -> Any:
    return client.messages.post(room_id, sender, text)


async def test_a_room_is_made_changed_and_listed(qiscus: Client, room: Any, people: list[str]) -> None:
    changed = await qiscus(lambda q: q.rooms.update(room.id, people[0], name="Uji Baru"))
    assert changed.changed
    added = await qiscus(lambda q: q.rooms.add_participants(room.id, [people[4]]))
    assert len(added.participants) == 4
    left = await qiscus(lambda q: q.rooms.remove_participants(room.id, [people[1]]))
    assert len(left.participants) == 3
    await qiscus(lambda q: q.messages.post(room.id, people[0], "Halo semua"))
    listed = await qiscus.items(lambda q: q.rooms.of_user(people[4]))
    assert "Uji Baru" in {one.name for one in listed}
    [info] = await qiscus(lambda q: q.rooms.info([room.id], people[0]))
    assert info.last_comment_message == "Halo semua"


async def test_rooms_without_comments_are_listed_where_asked_for(qiscus: Client, room: Any, people: list[str]) -> None:
    with_comments = {one.id for one in await qiscus.items(lambda q: q.rooms.of_user(people[0]))}
    everything = {one.id for one in await qiscus.items(lambda q: q.rooms.of_user(people[0], show_empty=True))}
    assert room.id in everything - with_comments
    assert with_comments < everything


CONTENTS = [
    payloads.Card(title="Teh", buttons=[payloads.Button.link("Lihat", "https://h.test")]),
    payloads.Buttons(text="Pilih", buttons=[payloads.Button.postback("Ya", "https://h.test", postback_text="ya")]),
    payloads.Location(name="Kedai", address="Jl. Melati 1", latitude=-7.1, longitude=110.4, map_url="https://h.test"),
    payloads.ContactPerson(name="Sari", value="0800"),
    payloads.FileAttachment(url="https://h.test/f.pdf", caption="Nota"),
    payloads.Custom(type="pesanan", content={"nomor": 7, "isi": [1, None]}),
]


@pytest.mark.parametrize("content", CONTENTS, ids=lambda content: type(content).__name__)
async def test_a_content_comes_back_as_what_it_was(qiscus: Client, room: Any, people: list[str], content: Any) -> None:
    posted = await qiscus(lambda q: q.messages.post(room.id, people[0], content))
    assert type(posted.payload) is type(content)
    newest = (await qiscus(lambda q: q.messages.load(room.id).first())).items[0]
    assert (newest.id, type(newest.payload)) == (posted.id, type(content))


async def test_comments_are_read_newest_first_to_the_first(qiscus: Client, room: Any, people: list[str]) -> None:
    for text in (f"nomor {number}" for number in range(7)):
        await qiscus(partial(post, room.id, people[0], text))
    comments = await qiscus.items(lambda q: q.messages.load(room.id, per_page=3))
    texts = [comment.message for comment in comments if comment.message.startswith("nomor")]
    assert texts == [f"nomor {number}" for number in reversed(range(7))]
    found = await qiscus(lambda q: q.messages.search(people[0], "nomor 3", room_id=room.id))
    assert [comment.message for comment in found] == ["nomor 3"]


async def test_users_are_made_read_and_changed(qiscus: Client) -> None:
    made = await qiscus(lambda q: q.users.login_or_register("baru-1", "Baru", password="rahasia"))
    assert made.token is not None
    assert made.token.reveal() not in repr(made)
    changed = await qiscus(lambda q: q.users.update_profile("baru-1", name="Lama"))
    assert changed.username == "Lama"
    again = await qiscus(lambda q: q.users.reset_token("baru-1"))
    assert again.token.reveal() != made.token.reveal()
    assert "baru-1" in {user.email for user in await qiscus.items(lambda q: q.users.list_all())}


async def test_refusals_have_their_kinds(qiscus: Client, room: Any, nusantara_sandbox: Sandbox) -> None:
    with pytest.raises(NotFound):
        await qiscus(lambda q: q.users.profile("tidak-ada"))
    with pytest.raises(ValidationFailed) as caught:
        await qiscus(lambda q: q.users.reset_token("tidak-ada"))
    assert caught.value.detailed_messages
    with pytest.raises(InvalidParameter, match="title"):
        await qiscus(lambda q: q.messages.post(room.id, "x", payloads.Card(title="")))
    kind = type(qiscus.client)
    stranger: Client = Flavour(qiscus.name, kind("teh-senja", "salah", base_url=nusantara_sandbox.base_url))
    with pytest.raises(AuthFailed):
        await stranger(lambda q: q.users.profile("x"))
    await stranger.close()
    nusantara_sandbox.faults.add(Fault.html(503))
    with pytest.raises(ServerError, match="HTML"):
        await qiscus(lambda q: q.with_options(max_attempts=1).users.profile("x"))


async def test_broadcasts_are_never_repeated(qiscus: Client, people: list[str], nusantara_sandbox: Sandbox) -> None:
    nusantara_sandbox.faults.add(Fault.drop_after_execute(), operation="broadcast")
    with pytest.raises(OutcomeUnknown):
        await qiscus(lambda q: q.messages.broadcast(people[0], people[1:4], "Promo"))
    assert len(nusantara_sandbox.requests) == 1


@pytest.mark.parametrize("duplicates", list(Duplicates))
async def test_a_thousand_comments_are_posted_exactly_once(
    qiscus: Client, room: Any, people: list[str], nusantara_sandbox: Sandbox, duplicates: Duplicates
) -> None:
    """20 % of the answers are lost after the server acted, 20 % of the requests before it did."""
    sandbox = nusantara_sandbox
    sandbox.qiscus.duplicates = duplicates
    sandbox.faults.add(Fault.drop_after_execute(), operation="post_comment", probability=0.2)
    sandbox.faults.add(Fault.reset_after_read(), operation="post_comment", probability=0.25)
    patient = qiscus.client.with_options(max_attempts=40, timeout=None)
    numbers = iter(range(1_000))

    async def post_some() -> None:
        for number in numbers:
            call: Client = Flavour(qiscus.name, patient)
            await call(partial(post, room.id, people[0], f"isi {number}"))

    await asyncio.gather(*(post_some() for _ in range(4)))
    stored = sorted(one.message for one in sandbox.qiscus.comments(room.id) if one.message.startswith("isi "))
    assert stored == sorted(f"isi {number}" for number in range(1_000))
    posts = [request for request in sandbox.requests if request.operation == "post_comment"]
    lost = sum(request.fault is not None for request in posts)
    assert lost > 200, "the faults really struck"
