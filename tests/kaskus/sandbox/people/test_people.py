"""Profiles, friends, messages and registration."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
import requests

from kaskus_async.sandbox import KaskusState

ME, LARAS, SEKAR, TARI, DEWI = 1_048_211, 2_210_437, 7_450_390, 1_507_744, 5_871_942


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def names(rows: list[dict[str, Any]]) -> list[str]:
    return [row["username"] for row in rows]


def test_a_profile_is_changed_and_its_private_parts_are_hidden(me: Any, friend: Any) -> None:
    me.post(
        "/user", fullname="Arya Wirawan Putra", province="Banten", gender=1, biography="Tukang seduh",
        day=6, month=1, year=87, ktp="0000000000000001", upload_profile=-1,
    )  # fmt: skip
    own = me.get("/user")
    assert (own["firstname"], own["lastname"], own["province"]) == ("Arya", "Wirawan Putra", "Banten")
    assert own["dateofbirth"] == 536_864_400
    assert own["profilepicture"].endswith("default.png")
    seen = friend.get(f"/user/{ME}")
    assert (seen["email"], seen["phone"], seen["dateofbirth"], seen["ktpnumber"]) == ("", "", 0, "")
    assert seen["biography"] == "Tukang seduh"

    me.post("/user/privacy_setting", email=1, province=0)
    settings = {row["name"]: row["value"] for row in me.get("/user/privacy_setting")["settings"]}
    assert (settings["email"], settings["province"], settings["phone"]) == (1, 0, 0)
    assert me.get("/user/privacy_setting?setting=phone")["settings"] == [{"name": "phone", "value": 0}]
    seen = friend.get(f"/user/{ME}")
    assert (seen["email"], seen["province"]) == ("arya.kopi@pengguna.example", "")
    assert me.refused(400, "POST", "/user/privacy_setting", email="ya")
    assert me.refused(400, "POST", "/user", day=31, month=2, year=1987) == "there is no such day"


def test_a_visit_is_remembered(me: Any, friend: Any, app: Any) -> None:
    before = me.get("/user")["profilevisits"]
    app.get(f"/user/{ME}")
    friend.get(f"/user/{ME}")
    assert me.get("/user")["profilevisits"] == before + 1
    assert me.get(f"/user/visitor/{ME}")[0]["username"] == "laras_senja"
    assert names(me.get(f"/user/latest_visitor/{ME}")["visitors"])[0] == "laras_senja"
    assert app.refused(404, "GET", "/user/1") == "user not found"


def test_options_and_permissions(me: Any, credentials: dict[str, Any]) -> None:
    me.post("/user/option", push_pm_notification="false")
    options = me.get("/user/option")
    assert (options["push_pm_notification"], options["push_hot_thread_notification"]) == (False, True)
    assert me.get("/v1/user/options/push_notification") == {"push_notification": options}
    assert me.refused(404, "GET", "/v1/user/options/tiada")
    granted = me.post("/v1/user/permissions", action="see_balance,create_lapak", password=md5(credentials["password"]))
    assert granted["data"] == {"see_balance": True, "create_lapak": True}
    assert me.refused(403, "POST", "/v1/user/permissions", action="see_balance", password=md5("salah"))
    assert "40" in me.get("/v1/user/forum_permissions")["can_not_create_thread"]


def test_badges(me: Any) -> None:
    assert me.get("/user?include=badges")["badges"] == []
    me.post("/v1/badges", badge_id=7, user_id=f"{ME},{LARAS}")
    assert me.get(f"/user/badges/{LARAS}")["badges"] == [{"badge_id": "7"}]
    assert me.get("/user?include=badges")["total_badge"] == 1
    me.delete(f"/v1/badges/{ME}/7")
    assert me.get(f"/user/badges/{ME}")["badges"] == []


@pytest.mark.parametrize("path", ["/friend/{}", "/v1/user/friend/requests/{}"])
def test_a_request_is_sent_seen_and_approved(path: str, me: Any, friend: Any) -> None:
    me.delete(f"/friend/{LARAS}")
    me.post(path.format(LARAS))
    assert names(me.get("/v1/user/friend/requests?type=outgoing")["data"])[0] == "laras_senja"
    assert names(friend.get("/v1/user/friend/requests?type=incoming")["data"])[0] == "arya.kopi"
    assert me.refused(400, "POST", path.format(LARAS)) == "there is a request already"
    assert me.refused(404, "POST", f"/v1/user/friends/{LARAS}") == "there is no request of this user"
    friend.post(f"/v1/user/friends/{ME}")
    assert names(me.get("/friend")["friends"])[0] == "laras_senja"
    assert "arya.kopi" in names(me.get(f"/v1/user/{LARAS}/friends")["friends"])
    assert "laras_senja" not in names(me.get("/v1/user/friend/requests?type=outgoing")["data"])
    assert me.refused(400, "POST", path.format(LARAS)) == "you are friends already"
    assert me.refused(400, "POST", path.format(ME))


def test_requests_are_rejected_and_taken_back(me: Any) -> None:
    me.delete(f"/v1/user/friend/requests/{SEKAR}?type=incoming")
    assert "sekar_ayu" not in names(me.get("/v1/user/friend/requests?type=incoming")["data"])
    me.delete(f"/v1/user/friend/requests/{TARI}?type=outgoing")
    assert me.get("/v1/user/friend/requests?type=outgoing")["data"] == []
    assert me.refused(404, "DELETE", f"/v1/user/friend/requests/{TARI}?type=outgoing")
    assert me.refused(400, "GET", "/v1/user/friend/requests") == "type must be incoming or outgoing"


def test_friends_in_common(me: Any) -> None:
    assert set(names(me.get(f"/mutualfriend/{LARAS}")["friends"])) == {"nindya.teh", "galihngoding"}
    document = me.get("/friend?limit=3&page=2")
    assert (document["total_friend"], document["total_page"], len(document["friends"])) == ("4", 2, 1)


def test_following(me: Any, friend: Any) -> None:
    friend_before = friend.get("/follower")
    me.post(f"/followed/{LARAS}")
    me.post(f"/followed/{LARAS}")
    assert me.get("/followed")[0]["followed_name"] == "laras_senja"
    assert len(friend.get("/follower")) == len(friend_before) + 1
    assert friend.get("/follower")[0]["follower_id"] == ME
    me.delete(f"/followed/{LARAS}")
    assert friend.get("/follower") == friend_before
    assert me.refused(404, "DELETE", f"/followed/{LARAS}")
    assert me.refused(400, "POST", f"/followed/{ME}") == "one cannot follow oneself"


def test_a_private_message_is_sent_read_moved_and_deleted(me: Any, friend: Any) -> None:
    sent = me.post("/pm", subject="Kopdar", message="Jadi [b]Sabtu[/b]?", recipient="laras_senja;BIMO.gowes")
    outbox = me.get("/pm/-1")["pm"][0]
    assert (outbox["pmid"], outbox["recipient"]) == (str(sent["pmid"]), "laras_senja;bimo.gowes")
    message = friend.get("/pm/0")["pm"][0]
    assert (message["title"], message["fromusername"], message["messageread"]) == ("Kopdar", "arya.kopi", "0")
    pmid = message["pmid"]

    def unread() -> int:
        return int({row["folder_id"]: row for row in friend.get("/pmfolder")}[0]["total_message_unread"])

    waiting = unread()
    assert friend.get(f"/pm/0/{pmid}")["pm"][0]["decoded"] == "Jadi <b>Sabtu</b>?"
    assert unread() == waiting - 1
    friend.post(f"/pm/{pmid}", status="unread")
    assert unread() == waiting
    folder = friend.post("/pmfolder", name="Kopdar")["folder_id"]
    friend.post(f"/pm/0/{pmid}", folder_id=folder)
    assert [one["pmid"] for one in friend.get(f"/pm/{folder}")["pm"]] == [pmid]
    assert friend.refused(404, "GET", f"/pm/0/{pmid}")
    friend.delete(f"/pmfolder/{folder}")
    assert friend.get(f"/pm/0/{pmid}")["pm"]
    friend.delete(f"/pm/0/{pmid}")
    assert friend.refused(404, "GET", f"/pm/0/{pmid}") == f"private message {pmid} not found"
    assert me.get("/pm/-1")["pm"][0]["pmid"] == str(sent["pmid"])


def test_private_messages_of_others_are_out_of_reach(me: Any, friend: Any) -> None:
    pmid = me.get("/pm/0")["pm"][0]["pmid"]
    assert friend.refused(404, "GET", f"/pm/0/{pmid}")
    assert friend.refused(404, "DELETE", f"/pm/0/{pmid}")
    assert friend.refused(404, "POST", f"/pm/{pmid}", status="read")
    assert me.refused(404, "GET", "/pm/55") == "folder not found"


def test_a_private_message_needs_known_recipients(me: Any, friend: Any) -> None:
    before = friend.get("/pm/0")["total_message"]
    assert me.refused(400, "POST", "/pm", subject="a", message="b", recipient="laras_senja;tiada")
    assert me.refused(400, "POST", "/pm", subject="a", message="b") == "recipient must name users"
    assert friend.get("/pm/0")["total_message"] == before
    me.post("/pmfolder", name="Arsip")
    assert me.refused(400, "POST", "/pmfolder", name="arsip")
    assert me.refused(404, "DELETE", "/pmfolder/0") == "folder not found"


def test_visitor_messages(me: Any, friend: Any, app: Any, stranger: Any, state: KaskusState) -> None:
    before = int(app.get(f"/vm/{ME}")["total"])
    vmid = friend.post(f"/vm/{ME}", message="Halo [b]gan[/b]")["vmid"]
    document = me.get(f"/vm/{ME}")
    assert document["total"] == str(before + 1)
    first = document["vm"][0]
    assert (first["vmid"], first["postusername"], first["decoded"]) == (vmid, "laras_senja", "Halo <b>gan</b>")
    assert first["messageread"] == "0"
    assert me.get(f"/vm/{ME}")["vm"][0]["messageread"] == "1"
    assert me.get(f"/vm/{ME}/{LARAS}")["vm"][0]["vmid"] == vmid
    assert me.get(f"/vm/{LARAS}/{ME}")["vm"] == me.get(f"/vm/{ME}/{LARAS}")["vm"]
    with state.lock:
        token = state.sessions.sign_in(state.app, DEWI)
    other = stranger(token.token, token.secret)
    assert other.refused(403, "DELETE", f"/vm/{vmid}") == "this visitor message is not yours"
    me.delete(f"/vm/{vmid}")
    assert me.refused(404, "DELETE", f"/vm/{vmid}") == "visitor message not found"


def test_registering_by_phone(app: Any, stranger: Any, session: requests.Session, sandbox: Any) -> None:
    form = {
        "username": "warga_baru",
        "email": "warga@pengguna.example",
        "password": md5("kata sandi"),
        "phone": "080012345678",
        "gender": 0,
        "birthdate": "1987-06-05",
    }
    app.post("/v1/registration/user/validation", username="warga_baru", email=form["email"], phone=form["phone"])
    app.post("/v1/otp/user", phone=form["phone"])
    (sms,) = session.get(f"{sandbox.base_url}/_kaskus/outgoing").json()["sms"]
    assert sms["to"] == form["phone"]
    assert app.refused(400, "POST", "/v1/registration/user", **form, otp="salah") == "otp is wrong"
    created = app.post("/v1/registration/user", **form, otp=sms["code"])

    (email,) = session.get(f"{sandbox.base_url}/_kaskus/outgoing").json()["emails"]
    assert len(email["code"]) == 40
    app.post("/v1/user/verification", email=form["email"])
    newest = session.get(f"{sandbox.base_url}/_kaskus/outgoing").json()["emails"][-1]["code"]
    path = f"/v1/user/{created['userid']}/verifications"
    assert app.refused(400, "POST", path, verification_code=email["code"])
    app.post(path, verification_code=newest)
    assert app.refused(400, "POST", "/v1/user/verification", email=form["email"])

    token = app.post("/authentication", user="warga_baru", **{"pass": form["password"]})
    user = stranger(token["oauth_token"], token["oauth_token_secret"]).get("/user")
    assert (user["username"], user["gender"], user["usertitle"]) == ("warga_baru", 2, "newbie")
    assert app.get("/v1/users?username=Warga_Baru")["data"][0]["userid"] == str(created["userid"])


def test_registering_for_the_forum_takes_a_name_instead_of_a_phone(app: Any) -> None:
    created = app.post(
        "/v1/registration/user?service=forum", username="tetangga", email="t@pengguna.example",
        password=md5("x"), gender=1, birthdate="1990-01-02", fullname="Budi Tetangga",
    )  # fmt: skip
    profile = app.get(f"/user/{created['userid']}")
    assert (profile["firstname"], profile["lastname"], profile["email"]) == ("Budi", "Tetangga", "")


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"username": "arya.kopi"}, "username is taken"),
        ({"username": "ARYA.KOPI"}, "username is taken"),
        ({"username": "a b"}, "username has 3 to 25"),
        ({"email": "arya.kopi@pengguna.example"}, "email is taken"),
        ({"email": "bukan"}, "email is no address"),
        ({"phone": "0812"}, "phone is no phone number"),
    ],
)
def test_values_that_cannot_be_registered(form: dict[str, str], problem: str, app: Any) -> None:
    assert problem in app.refused(400, "POST", "/v1/registration/user/validation", **form)


def test_sms_are_kept(me: Any, state: KaskusState) -> None:
    me.post("/v1/sms", user_id=LARAS, message="Ntap gan!")
    assert [(letter.to, letter.text) for letter in state.outgoing.sms] == [(state.users[LARAS].phone, "Ntap gan!")]
