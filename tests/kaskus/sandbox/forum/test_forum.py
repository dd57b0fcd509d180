"""Reading and writing in the forums: what is written can be read."""

from __future__ import annotations

from typing import Any

import pytest

from kaskus_async.sandbox import KaskusState

COFFEE = 41


def first_thread(caller: Any, forum_id: int = COFFEE) -> dict[str, Any]:
    found: dict[str, Any] = caller.get(f"/v1/forum/{forum_id}/threads")["thread"][0]
    return found


def test_the_first_data_look_like_a_forum(state: KaskusState, app: Any) -> None:
    forums = [forum for forum in state.board.forums.values() if forum.service == "forum"]
    assert len([forum for forum in forums if forum.open]) == 10
    threads = state.board.threads_of_service("forum")
    assert len(threads) == 40
    assert 180 <= sum(len(thread.post_ids) for thread in threads) <= 220
    rows = {row["forum_id"]: row for row in app.get("/forumlist")}
    assert rows["41"]["parent_list"] == "41,40,-1"
    assert rows["40"]["child_list"] == "40,41,42,43,-1"
    assert [row["forum_id"] for row in app.get("/forumlist/40")] == ["41", "42", "43"]
    assert len({thread.title for thread in threads}) == 40
    assert all(state.board.last_post(thread).dateline >= thread.dateline for thread in threads)


def test_a_thread_is_started_read_edited_and_found(me: Any, app: Any) -> None:
    before = app.get(f"/v1/forum/{COFFEE}/threads")
    created = me.post(
        "/v1/forum_thread", forum_id=COFFEE, title="Tubruk ala rumah", message="[b]Air[/b] mendidih & kopi halus"
    )
    listing = app.get(f"/v1/forum/{COFFEE}/threads")
    assert listing["thread_num"] == before["thread_num"] + 1
    assert listing["forum"]["last_thread_id"] == created["thread_id"]
    newest = listing["thread"][0]
    assert (newest["thread_id"], newest["first_post_id"]) == (created["thread_id"], created["post_id"])
    assert (newest["post_username"], newest["reply_count"]) == ("arya.kopi", 0)

    read = app.get(f"/v1/forum_thread/{created['thread_id']}")
    (post,) = read["posts"]
    assert post["pagetext"] == "[b]Air[/b] mendidih & kopi halus"
    assert post["text"] == "Air mendidih & kopi halus"
    assert post["decoded"] == "<b>Air</b> mendidih &amp; kopi halus"

    me.post(f"/v1/forum_post/{created['post_id']}/edit", title="Tubruk ala kampung", message="Airnya panas saja")
    again = app.get(f"/v1/thread/{created['thread_id']}")
    assert again["thread"]["title"] == "Tubruk ala kampung"
    assert again["posts"][0]["text"] == "Airnya panas saja"
    assert again["thread"]["views"] > read["thread"]["views"]
    found = app.get("/search/forum?q=tubruk+kampung")
    assert [item["thread_id"] for item in found["item"]] == [created["thread_id"]]
    assert app.get("/search/forum?q=mendidih")["numFound"] == 0
    assert app.get(f"/mythread/{read['thread']['post_userid']}")["thread"][0]["thread_id"] == created["thread_id"]


def test_a_reply_quotes_and_is_told_to_the_quoted(me: Any, friend: Any, app: Any) -> None:
    created = me.post("/v1/forum_thread", forum_id=21, title="Halo", message="Apa kabar?")
    quote = f"[QUOTE=arya.kopi;{created['post_id']}]Apa kabar?[/QUOTE]\nBaik gan"
    reply = friend.post("/v1/forum_post", thread_id=created["thread_id"], title="Re", message=quote)

    page = app.get(f"/v1/thread/{created['thread_id']}")
    assert (page["total_post"], page["thread"]["reply_count"]) == (2, 1)
    assert page["thread"]["last_poster"] == "laras_senja"
    post = page["posts"][1]
    assert (post["post_id"], post["title"]) == (reply["post_id"], "Re")
    assert post["pagetext_noquote"] == "Baik gan"
    assert "<blockquote" in post["decoded"]
    newest = me.get("/myquotedpost")[0]
    assert (newest["post_id"], newest["post_username"]) == (reply["post_id"], "laras_senja")
    assert me.get("/v1/user/quoted_posts?limit=1")["data"][0]["post_id"] == reply["post_id"]
    assert app.get(f"/whoposted/{created['thread_id']}") == {
        "users": [
            {"userid": 1_048_211, "username": "arya.kopi", "total_post": 1},
            {"userid": 2_210_437, "username": "laras_senja", "total_post": 1},
        ],
        "total_post": 2,
    }
    assert app.get(f"/mypost/2210437/{created['thread_id']}")["total_post"] == 1
    assert app.get("/mypost/2210437")["posts"][0]["forum_title"] == "Obrolan Sore"


def test_only_its_author_edits_a_post(me: Any, friend: Any) -> None:
    created = me.post("/v1/forum_thread", forum_id=21, title="Punyaku", message="isi")
    for path in (f"/v1/forum_post/{created['post_id']}/edit", f"/post/{created['post_id']}"):
        assert friend.refused(403, "POST", path, message="diganti") == "only its author may edit a post"
    me.post(f"/post/{created['post_id']}", message="diganti")
    assert me.get(f"/post/{created['post_id']}")["text"] == "diganti"


def test_the_oldest_way_to_edit_knows_goods(me: Any) -> None:
    lapak = me.get("/mywts/active/1048211")["thread"][0]
    me.post(f"/post/{lapak['thread_starter']}", price=77_000)
    changed = me.get(f"/v1/lapak/{lapak['thread_id']}")["thread"]
    assert (changed["item_price"], changed["title"]) == (77_000, lapak["title"])


def test_the_title_of_a_reply_is_not_that_of_the_thread(me: Any) -> None:
    created = me.post("/v1/forum_thread", forum_id=21, title="Judul", message="isi")
    reply = me.post("/v1/forum_post", thread_id=created["thread_id"], message="balasan")
    me.post(f"/v1/forum_post/{reply['post_id']}/edit", title="Judul balasan")
    document = me.get(f"/v1/post/{reply['post_id']}")
    assert document["thread"]["title"] == "Judul"
    (post,) = document["posts"]
    assert (post["title"], post["text"]) == ("Judul balasan", "balasan")


@pytest.mark.parametrize(
    ("form", "status", "message"),
    [
        ({"forum_id": 21, "title": "t"}, 400, "message is required"),
        ({"forum_id": 21, "title": "  ", "message": "m"}, 400, "title is required"),
        ({"forum_id": "dua", "title": "t", "message": "m"}, 400, "forum_id must be a number"),
        ({"forum_id": 999, "title": "t", "message": "m"}, 404, "forum not found"),
        ({"forum_id": 40, "title": "t", "message": "m"}, 403, "no thread can be started here"),
        ({"forum_id": 221, "title": "t", "message": "m"}, 400, "forum_id must be that of a forum"),
    ],
)
def test_a_thread_that_cannot_be_started(form: dict[str, Any], status: int, message: str, me: Any) -> None:
    assert me.refused(status, "POST", "/v1/forum_thread", **form) == message


def test_nobody_replies_to_a_closed_thread_or_to_none(me: Any, state: KaskusState) -> None:
    closed = next(thread for thread in state.board.threads.values() if not thread.open)
    message = me.refused(403, "POST", "/v1/forum_post", thread_id=closed.thread_id, message="x")
    assert message == "the thread is closed"
    assert me.refused(404, "POST", "/v1/forum_post", thread_id="0" * 24, message="x") == "thread not found"
    assert me.refused(404, "GET", "/v1/thread/tiada") == "thread not found"
    assert me.refused(404, "GET", "/v1/forum/999/threads") == "forum not found"


def test_a_thread_is_read_page_by_page(me: Any) -> None:
    created = me.post("/v1/forum_thread", forum_id=21, title="Panjang", message="0")
    ids = [created["post_id"]]
    for number in range(1, 5):
        ids.append(me.post("/v1/forum_post", thread_id=created["thread_id"], message=number)["post_id"])
    path = f"/v1/forum_thread/{created['thread_id']}"
    pages = [me.get(f"{path}?page={number}&limit=2") for number in (1, 2, 3, 4)]
    assert [[post["text"] for post in page["posts"]] for page in pages] == [["0", "1"], ["2", "3"], ["4"], []]
    assert {(page["total_post"], page["total_page"], page["per_page"]) for page in pages} == {(5, 3, 2)}
    assert [page["current_page"] for page in pages] == [1, 2, 3, 4]
    around = me.get(f"{path}?limit=2&post={ids[3]}")
    assert (around["current_page"], around["posts"][1]["post_id"]) == (2, ids[3])
    assert me.get(f"/posts/{ids[4]}?limit=2")["current_page"] == 3


def test_field_trims_posts_only(app: Any) -> None:
    path = f"/v1/thread/{first_thread(app)['thread_id']}"
    trimmed = app.get(f"{path}?field=pagetext,text")
    assert {frozenset(post) for post in trimmed["posts"]} == {frozenset({"pagetext", "text"})}
    assert trimmed["thread"].keys() == app.get(path)["thread"].keys()


def test_threads_are_sorted_and_filtered(app: Any) -> None:
    def titles(query: str) -> list[str]:
        return [thread["title"] for thread in app.get(f"/v1/forum/{COFFEE}/threads?{query}")["thread"]]

    assert titles("sort=thread&order=asc") == sorted(titles(""), key=str.casefold)
    assert titles("sort=thread&order=desc") == titles("sort=thread&order=asc")[::-1]
    views = [thread["views"] for thread in app.get(f"/v1/forum/{COFFEE}/threads?sort=views")["thread"]]
    assert views == sorted(views, reverse=True)
    posted = [thread["last_post"] for thread in app.get(f"/v1/forum/{COFFEE}/threads")["thread"]]
    assert posted == sorted(posted, reverse=True)
    assert titles("tags=gayo,tiada") == ["Gayo atau Kintamani?"]
    assert "first_post_preview" in app.get(f"/v1/forum/{COFFEE}/threads?include=preview")["thread"][0]


def test_a_thread_is_rated_once(me: Any, friend: Any) -> None:
    thread_id = me.post("/v1/forum_thread", forum_id=21, title="Nilai", message="isi")["thread_id"]
    for caller, rate in ((me, 5), (friend, 4)):
        caller.post(f"/v1/thread/{thread_id}/rate", rate=rate)
    thread = me.get(f"/v1/thread/{thread_id}")["thread"]
    assert (thread["vote_num"], thread["vote_total"]) == (2, 9)
    assert me.refused(400, "POST", f"/v1/thread/{thread_id}/rate", rate=1) == "a user can only rate a thread once"
    assert me.refused(400, "POST", f"/v1/thread/{thread_id}/rate", rate=6) == "rate must be 1 to 5"


def test_going_from_thread_to_thread(app: Any) -> None:
    newest, older, *_ = app.get(f"/v1/forum/{COFFEE}/threads")["thread"]
    previous = app.get(f"/v1/thread/{COFFEE}/{newest['last_post']}/prev")
    assert previous["thread"]["thread_id"] == older["thread_id"]
    following = app.get(f"/v1/thread/{COFFEE}/{older['last_post']}/next")
    assert following["thread"]["thread_id"] == newest["thread_id"]
    assert app.refused(404, "GET", f"/v1/thread/{COFFEE}/{newest['last_post']}/next")
    assert app.refused(400, "GET", f"/v1/thread/{COFFEE}/1/sideways")


def test_hot_threads_and_those_that_were(app: Any, state: KaskusState) -> None:
    hot = app.get("/v1/hot_threads")["data"]
    assert len(hot) == 4
    assert all(app.get(f"/v1/thread/{one['thread_id']}")["thread"]["hot_thread"] == 1 for one in hot)
    archived = app.get("/v1/hot_thread_archives")["data"]
    assert len(archived) == 3
    day = archived[0]["hot_thread_start_date"]
    found = app.get(f"/v1/hot_thread_archives?date={day[:4]}-{day[4:6]}-{day[6:]}")["data"]
    assert archived[0] in found
    assert app.get("/v1/hot_thread_archives?q=tidakadakatanya") == {"data": []}


def test_searching_by_page_and_by_cursor(app: Any) -> None:
    everything = app.get("/search/forum?q=gan&limit=100")
    assert everything["numFound"] > 10
    ids = [item["thread_id"] for item in everything["item"]]
    pages = [app.get(f"/search/forum?q=gan&page={page}&limit=7") for page in range(1, 20)]
    assert [item["thread_id"] for page in pages for item in page["item"]] == ids
    walked, cursors = [], ["0"]
    while cursors[-1] and len(cursors) < 20:
        part = app.get(f"/search/forum?q=gan&limit=7&cursor={cursors[-1]}")
        walked += [item["thread_id"] for item in part["item"]]
        cursors.append(part["cursor"])
    assert walked == ids
    assert len(cursors) == len(set(cursors)) == -(-len(ids) // 7) + 1
    assert app.get("/search/forum?q=gan&cursor=rusak")["item"][0]["thread_id"] == ids[0]


def test_searching_narrowly(app: Any) -> None:
    faceted = app.get("/search/forum?q=kopi&include=facet")
    counts = {row["value"]: row["count"] for row in faceted["facet"]["forum_id"]}
    assert sum(counts.values()) == faceted["numFound"]
    narrow = app.get(f"/search/forum?q=kopi&forum_id={COFFEE}")
    assert narrow["numFound"] == counts[str(COFFEE)]
    assert {item["forum_id"] for item in narrow["item"]} == {COFFEE}
    assert app.get("/search/forum_tags?tags=kopi,gayo")["numFound"] == 1
    below = app.get("/search/forum_recursive?q=kopi&forum_ids=40&recursive=true")["numFound"]
    assert below >= counts[str(COFFEE)]
    assert app.get("/search/forum_recursive?q=kopi&forum_ids=40")["numFound"] == 0
    assert app.get("/search/forum_recursive?q=kopi&end_date=1")["numFound"] == 0
    assert [user["username"] for user in app.get("/search/user?q=SENJA")["item"]] == ["laras_senja"]


def test_reputation_is_given_once_and_not_to_oneself(me: Any, friend: Any) -> None:
    post_id = me.post("/v1/forum_thread", forum_id=21, title="Info", message="isi")["post_id"]
    before = int(me.get("/reputation")["total_reputation"])
    friend.post(f"/reputation/{post_id}", reputation="pos")
    received = me.get("/reputation")
    assert int(received["total_reputation"]) == before + 1 == me.get("/user")["reputation"]
    newest = received["list_reputation"][0]
    assert (newest["post_id"], newest["from"]["username"]) == (post_id, "laras_senja")
    assert friend.get(f"/reputation/{post_id}")["total_reputation"] == "1"
    assert friend.refused(400, "POST", f"/reputation/{post_id}", reputation="neg")
    assert me.refused(400, "POST", f"/reputation/{post_id}", reputation="pos")
    assert friend.refused(400, "POST", f"/reputation/{post_id}", reputation="banyak")


def test_smileys_and_stickers(app: Any) -> None:
    for category in app.get("/v1/smiley_categories")["data"]:
        smileys = app.get(f"/v1/smiley/{category['category_id']}")["data"]
        assert smileys == app.get(f"/v1/smiley/categories/{category['category_id']}")["data"][0]["smilies"]
    for category in app.get("/v1/sticker_categories")["data"]:
        assert app.get(f"/v1/sticker_categories/{category['category_id']}/stickers")["data"]
    assert app.refused(404, "GET", "/v1/smiley/77") == "category not found"


def test_subscriptions_are_read(me: Any, state: KaskusState) -> None:
    threads = me.get("/v1/user/subscription/threads?limit=3")
    assert len(threads["thread"]) == 3
    assert threads["thread_num"] > 3
    assert [row["forum_id"] for row in me.get("/v1/user/subscription/forums")["data"]] == ["82", "41", "21"]
    assert [row["forum_id"] for row in me.get("/v1/user/subscription/fjb_categories")["data"]] == ["221"]
    hot = next(iter(state.board.heats))
    with state.lock:
        state.subscriptions.add_thread(1_048_211, hot)
    assert me.get("/v1/user/subscription/threads")["thread"][0]["thread_id"] == hot


def test_the_stream_has_posts_of_friends_and_followed(me: Any) -> None:
    names = {post["post_username"] for post in me.get("/stream?limit=100")["posts"]}
    assert names <= {"laras_senja", "bimo.gowes", "nindya.teh", "galihngoding", "tari_lensa"}
    assert names
