"""Signatures of bodies, and the secret part of the path."""

from __future__ import annotations

import hashlib
import hmac
import logging
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.hook import PATH_SECRET

from nusantara.errors import InvalidParameter
from nusantara.secret import Secret, credential_problem
from qiscus_async.webhooks import make_path_secret, sign, verify
from qiscus_async.webhooks.secret_path import SecretPath


def test_the_signature_is_that_of_rfc_4231() -> None:
    # Test case 2 there.
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert sign(b"what do ya want for nothing?", "Jefe") == expected
    assert sign(b"what do ya want for nothing?", Secret("Jefe")) == expected


@given(st.binary(), st.text().filter(lambda key: credential_problem(key) is None))
def test_the_right_signature_is_taken_in_either_case_and_type(body: bytes, key: str) -> None:
    signature = sign(body, key)
    assert signature == hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
    for given_one in (signature, signature.upper(), signature.encode(), f" {signature} "):
        assert verify(body, given_one, key)


@given(st.binary(), st.binary(max_size=80) | st.text(max_size=80) | st.none())
def test_no_other_value_is_taken_or_raises(body: bytes, signature: bytes | str | None) -> None:
    assert verify(body, signature, "kunci") is False


@pytest.mark.parametrize("signature", ["\udcff" * 64, "é" * 64, "\u0660" * 64, b"\xff" * 64, "", "0" * 10_000])
def test_hostile_signatures_are_wrong_and_nothing_more(signature: str | bytes) -> None:
    assert verify(b"{}", signature, "kunci") is False


def test_a_changed_body_or_key_is_noticed() -> None:
    signature = sign(b'{"a": 1}', "kunci")
    assert not verify(b'{"a":1}', signature, "kunci")
    assert not verify(b'{"a": 1}', signature, "Kunci")


def test_an_empty_key_is_refused() -> None:
    with pytest.raises(InvalidParameter, match="key"):
        verify(b"", None, "")


def test_made_secrets_differ_and_have_256_bits() -> None:
    made = {make_path_secret() for _ in range(100)}
    assert len(made) == 100
    assert all(re.fullmatch(r"[\w-]{43}", text) for text in made)
    for text in made:
        SecretPath("", text)


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "short",
        "a" * 64,
        "0123456789" * 3,
        "0123456789abcdef" * 1,
        "x" * 21 + "y",
        "halo halo " * 9,
        "é" * 50,
        "a/b",
        f"{PATH_SECRET}/",
        ("0123456789" * 4)[:38],
        ("0123456789abcdef" * 2)[:31],
        "abcde" * 9,
    ],
)
def test_weak_and_unfit_secrets_are_refused_without_showing_them(secret: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        SecretPath("/qiscus", secret)
    assert secret not in str(caught.value) or not secret


@pytest.mark.parametrize(
    "secret",
    [("0123456789" * 4)[:39], "0123456789abcdef" * 2, "0123456789ABCDEF" * 2, "abcdefghijk" * 2, "uvwxyz" * 4],
)
def test_the_shortest_good_secrets_are_taken(secret: str) -> None:
    assert SecretPath("/qiscus", secret).matches(secret)


@pytest.mark.parametrize("prefix", ["qiscus", "/", "/qiscus/", "/a b", "/{x}", "/a?b", "/é", None])
def test_unfit_prefixes_are_refused(prefix: str) -> None:
    with pytest.raises(InvalidParameter, match="prefix"):
        SecretPath(prefix, None)


def test_the_secret_shows_in_no_repr() -> None:
    path = SecretPath("/qiscus", Secret(PATH_SECRET))
    assert str(path.text) == f"/qiscus/{PATH_SECRET}"
    assert repr(path) == "SecretPath(/qiscus/***)"
    assert repr(SecretPath.__new__(SecretPath)) == "<SecretPath, not made>"
    assert PATH_SECRET not in repr(path.text)


@given(st.text(st.characters()))
@example("\udcff" * 43)
def test_only_the_secret_matches(text: str) -> None:
    path = SecretPath("", PATH_SECRET)
    assert path.matches(text) is (text == PATH_SECRET)
    assert path.matches(PATH_SECRET)


def test_the_filter_hides_the_secret_wherever_a_record_has_it() -> None:
    record = logging.LogRecord("x", logging.INFO, "f", 1, "%s %s", (f"POST /qiscus/{PATH_SECRET}", 200), None)
    record.first_request_line = f"POST /qiscus/{PATH_SECRET} HTTP/1.1"
    assert SecretPath("", PATH_SECRET).hiding_filter().filter(record)
    assert record.getMessage() == "POST /qiscus/*** 200"
    assert PATH_SECRET not in str(vars(record))


def test_the_filter_hides_the_secret_in_tracebacks_and_leaves_others_alone() -> None:
    def logged(error: Exception) -> logging.LogRecord:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "failed", None, (type(error), error, None))
        assert SecretPath("", PATH_SECRET).hiding_filter().filter(record)
        return record

    hidden, other = logged(ValueError(f"/qiscus/{PATH_SECRET}")), logged(ValueError("/qiscus"))
    assert logging.Formatter().format(hidden) == "failed\nValueError: /qiscus/***"
    assert hidden.exc_info is None
    assert other.exc_info
    assert logging.Formatter().format(other) == "failed\nValueError: /qiscus"
