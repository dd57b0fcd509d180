"""Friends, followers and messages on the sandbox, both flavours."""

from __future__ import annotations

from typing import Any

import pytest
from support.flavours import Flavour

from kaskus_async.models.private_messages import MessageStatus, StandardFolder
from nusantara.errors import BadRequest, NotFound

Client = Flavour[Any]

MAIN, PARTNER, REQUESTER, STRANGER = 1_048_211, 2_210_437, 7_450_390, 6_044_703


async def test_one_is_asked_and_becomes_a_friend(kaskus: Client) -> None:
    asking = await kaskus(lambda k: k.friend_requests.incoming())
    assert str(REQUESTER) in {str(one.userid) for one in asking.data}
    await kaskus(lambda k: k.friend_requests.approve(REQUESTER))
    friends = await kaskus.items(lambda k: k.friends.mine())
    assert str(REQUESTER) in {str(friend.userid) for friend in friends}
    with pytest.raises(NotFound, match="there is no request of this user"):
        await kaskus(lambda k: k.friend_requests.approve(REQUESTER))


async def test_a_request_is_sent_seen_and_taken_back(kaskus: Client) -> None:
    await kaskus(lambda k: k.friend_requests.send(STRANGER))
    with pytest.raises(BadRequest, match="there is a request already"):
        await kaskus(lambda k: k.friend_requests.send(STRANGER))
    outgoing = await kaskus(lambda k: k.friend_requests.outgoing())
    assert str(STRANGER) in {str(one.userid) for one in outgoing.data}
    await kaskus(lambda k: k.friend_requests.cancel(STRANGER))
    outgoing = await kaskus(lambda k: k.friend_requests.outgoing())
    assert str(STRANGER) not in {str(one.userid) for one in outgoing.data}


async def test_friends_part_and_share_friends(kaskus: Client, partner: Client) -> None:
    shared = await kaskus(lambda k: k.friends.mutual(PARTNER))
    assert len(shared.friends) == 2
    await kaskus(lambda k: k.friends.remove(PARTNER))
    assert str(MAIN) not in {str(friend.userid) for friend in await partner.items(lambda k: k.friends.mine())}
    with pytest.raises(NotFound, match="you are not friends"):
        await kaskus(lambda k: k.friends.unfriend(PARTNER))


async def test_following_is_seen_by_the_other_side(kaskus: Client, partner: Client) -> None:
    await kaskus(lambda k: k.following.follow(PARTNER))
    followers = await partner(lambda k: k.following.followers())
    assert "arya.kopi" in {follower.follower_name for follower in followers}
    await kaskus(lambda k: k.following.unfollow(PARTNER))
    followers = await partner(lambda k: k.following.followers())
    assert "arya.kopi" not in {follower.follower_name for follower in followers}


async def test_profiles(kaskus: Client, application: Client) -> None:
    mine = await kaskus(lambda k: k.account.profile())
    seen = await application(lambda k: k.users.get(MAIN))
    assert (mine.username, seen.username) == ("arya.kopi", "arya.kopi")
    with pytest.raises(NotFound, match="user not found"):
        await application(lambda k: k.users.get(1))


async def test_a_private_message_is_sent_read_and_filed(kaskus: Client, partner: Client) -> None:
    sent = await kaskus(
        lambda k: k.private_messages.send(["laras_senja", "bimo.gowes"], "Kopdar; jadi?", "Sabtu [b]sore[/b]\nya?")
    )
    inbox = await partner(lambda k: k.private_messages.in_folder(StandardFolder.INBOX))
    [message] = [one for one in inbox.pm if one.title == "Kopdar; jadi?"]
    assert (message.fromusername, message.message, message.messageread) == (
        "arya.kopi",
        "Sabtu [b]sore[/b]\nya?",
        "0",
    )
    outbox = await kaskus(lambda k: k.private_messages.in_folder(StandardFolder.OUTBOX))
    assert str(sent.pmid) in {one.pmid for one in outbox.pm}

    read = await partner(lambda k: k.private_messages.get(StandardFolder.INBOX, [message.pmid]))
    assert read.pm[0].messageread == "1"
    await partner(lambda k: k.private_messages.mark([message.pmid], MessageStatus.UNREAD))
    folder = await partner(lambda k: k.private_messages.create_folder("Kopdar"))
    await partner(lambda k: k.private_messages.move(StandardFolder.INBOX, message.pmid, folder.folder_id))
    folders = {one.id: one for one in await partner(lambda k: k.private_messages.folders())}
    assert (folders[folder.folder_id].name, folders[folder.folder_id].total_message_unread) == ("Kopdar", 1)

    await partner(lambda k: k.private_messages.delete(folder.folder_id, [message.pmid]))
    await partner(lambda k: k.private_messages.delete_folder(folder.folder_id))
    assert folder.folder_id not in {one.id for one in await partner(lambda k: k.private_messages.folders())}


async def test_mail_to_nobody_is_refused(kaskus: Client) -> None:
    with pytest.raises(BadRequest, match="recipient must name users") as refusal:
        await kaskus(lambda k: k.private_messages.send(["laras_senja", "tidak.ada"], "Halo", "isi"))
    assert refusal.value.details["errordetails"] == {"recipient": "tidak.ada"}


async def test_a_visitor_message_is_written_and_read(kaskus: Client, application: Client) -> None:
    await kaskus(lambda k: k.visitor_messages.send(PARTNER, "Apa kabar?"))
    newest = (await application.items(lambda k: k.visitor_messages.of_user(PARTNER, limit=2)))[0]
    assert (newest.postusername, newest.pagetext) == ("arya.kopi", "Apa kabar?")
