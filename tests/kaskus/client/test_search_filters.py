"""Queries with filters: what goes in can be read out again, and nothing else gets in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaskus_async.search_filters import Condition, ListingKind, Price, classified_query, lapak_query
from nusantara.errors import InvalidParameter

NAMES = ("condition", "location", "fid", "type", "price", "sellerverified", "donatur", "paymentescrow")


def parts(query: str) -> tuple[str, dict[str, str]]:
    """The words and the filters of a query, read as a server may read them: filters anywhere, up to a blank."""
    found = re.compile(rf"({'|'.join(NAMES)}):(\S*)", re.IGNORECASE)
    filters = {match[1].lower(): match[2] for match in found.finditer(query)}
    assert len(filters) == len(found.findall(query)), "no filter stands there twice"
    return found.sub("", query).rstrip(" "), filters


def understood(price: str) -> tuple[float, float]:
    """The prices that a filter lets through."""
    if price[0] == "<":
        return 0, int(price[1:]) - 1
    if price[0] == ">":
        return int(price[1:]) + 1, float("inf")
    if price[0] == "~":
        return int(price[1:]) * 0.9, int(price[1:]) * 1.1
    low, _, high = price.partition("-")
    return int(low), int(high or low)


RUPIAH = st.integers(0, 10**12)
IDS = st.lists(st.integers(0, 10**6), min_size=1, max_size=4)


@pytest.mark.parametrize(
    ("price", "text"),
    [
        (Price.exactly(10), "10"),
        (Price.between(10, 100), "10-100"),
        (Price.between(10, 10), "10-10"),
        (Price.below(10), "<10"),
        (Price.above(10), ">10"),
        (Price.around(100), "~100"),
    ],
)
def test_prices_are_spelt_as_documented(price: Price, text: str) -> None:
    assert classified_query("android", price=price) == f"android price:{text}"


@given(RUPIAH, RUPIAH)
def test_a_price_means_what_its_name_says(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert understood(Price.exactly(low).text) == (low, low)
    assert understood(Price.between(low, high).text) == (low, high)
    assert understood(Price.below(low).text) == (0, low - 1)
    assert understood(Price.above(low).text) == (low + 1, float("inf"))
    assert understood(Price.around(low).text) == (low * 0.9, low * 1.1)


def test_every_filter_of_the_marketplace_is_spelt_as_documented() -> None:
    assert classified_query(
        "android",
        condition=[Condition.NEW, Condition.SECOND, Condition.REFURBISHED],
        location=[11, 12],
        forum_ids=[198, 199],
        kind=[ListingKind.SOLD, ListingKind.BUYING, ListingKind.SELLING],
        price=Price.around(100),
        seller_verified=True,
        donatur=True,
        payment_escrow=True,
    ) == (
        "android condition:new,second,refurbish location:11,12 fid:198,199 type:sold,buy,sell price:~100"
        " sellerverified:1 donatur:1 paymentescrow:1"
    )


def test_every_filter_of_lapak_is_spelt_as_documented() -> None:
    assert (
        lapak_query(
            "android",
            condition=["new"],
            location=[11],
            forum_ids=[198],
            kind=["sell"],
            price=Price.exactly(10),
            donatur=True,
        )
        == "android condition:new location:11 fid:198 type:sell price:10 donatur:true"
    )


@given(
    st.text(),
    st.none() | st.lists(st.sampled_from(Condition), min_size=1),
    st.none() | IDS,
    st.none() | IDS,
    st.none() | st.lists(st.sampled_from(ListingKind), min_size=1),
    st.none() | RUPIAH.map(Price.above),
    st.booleans(),
)
def test_what_goes_in_can_be_read_out_again(
    words: str,
    condition: list[Condition] | None,
    location: list[int] | None,
    forum_ids: list[int] | None,
    kind: list[ListingKind] | None,
    price: Price | None,
    donatur: bool,
) -> None:
    given_filters = {
        "condition": ",".join(condition or ()),
        "location": ",".join(map(str, location or ())),
        "fid": ",".join(map(str, forum_ids or ())),
        "type": ",".join(kind or ()),
        "price": price.text if price else "",
        "donatur": "true" if donatur else "",
    }
    expected = {name: value for name, value in given_filters.items() if value}
    arguments: Any = {
        "condition": condition,
        "location": location,
        "forum_ids": forum_ids,
        "kind": kind,
        "price": price,
        "donatur": donatur,
    }
    if not words.strip() and not expected:
        with pytest.raises(InvalidParameter, match="words"):
            lapak_query(words, **arguments)
        return
    query = lapak_query(words, **arguments)
    assert parts(query) == (words.rstrip(" ") if words.strip() else "", expected)


@given(
    st.text(),
    st.sampled_from(NAMES).flatmap(lambda name: st.sampled_from([name, name.upper(), name.title(), "x" + name])),
    st.text(),
)
def test_words_cannot_smuggle_a_filter_in(before: str, name: str, after: str) -> None:
    for build in (classified_query, lapak_query):
        with pytest.raises(InvalidParameter, match="words"):
            build(f"{before}{name}:{after}")


@given(st.text(alphabet=" :,abc<>~\t\n", max_size=6))
def test_a_value_stays_one_value(value: str) -> None:
    if not value or set(value) & set(" :,\t\n"):
        with pytest.raises(InvalidParameter, match="condition"):
            lapak_query(condition=[value])
    else:
        assert parts(lapak_query(condition=[value])) == ("", {"condition": value})


@pytest.mark.parametrize("words", ["USB type-c", "price", "harga: 10", "a:b", "tipe:c", "condition - new"])
def test_other_words_with_colons_and_names_are_words(words: str) -> None:
    assert lapak_query(words) == words


@pytest.mark.parametrize("build", [Price.exactly, Price.below, Price.above, Price.around])
@pytest.mark.parametrize("amount", [-1, 1.5, "10", True, None])
def test_a_price_is_whole_rupiah(build: Any, amount: Any) -> None:
    with pytest.raises(InvalidParameter, match="price"):
        build(amount)


def test_senseless_arguments_are_refused() -> None:
    refusals: list[tuple[Any, str]] = [
        (lambda: Price.between(100, 10), "price"),
        (lambda: lapak_query(), "words"),
        (lambda: classified_query("  "), "words"),
        (lambda: lapak_query(None), "words"),  # type: ignore[arg-type]
        (lambda: lapak_query(location=[]), "location"),
        (lambda: lapak_query(kind="sell"), "kind"),
    ]
    for build, parameter in refusals:
        with pytest.raises(InvalidParameter) as caught:
            build()
        assert caught.value.parameter == parameter
