"""KASKUS' part of the tour."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from nusantara.sandbox import Sandbox

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def tour() -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "nusantara.cli", "tour", "--vendor", "kaskus"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "common"), str(ROOT)])},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_a_user_signs_in_and_no_secret_shows(tour: str) -> None:
    assert "   -> GET /api/oauth/token?oauth_callback=http%3A%2F%2F127.0.0.1%3A" in tour
    assert "   = arya.kopi ***\n" in tour
    keys = Sandbox(vendors=["kaskus"]).vendors["kaskus"].credentials()
    for owner in (keys, keys["partner"]):
        for name in ("consumer_secret", "token", "token_secret", "password", "client_secret", "bearer_token"):
            assert owner[name] not in tour
        assert hashlib.md5(owner["password"].encode()).hexdigest() not in tour


def test_a_purchase_goes_through_its_states(tour: str) -> None:
    states = [
        "Menunggu Pembayaran | ",
        "Menunggu Persetujuan Penjual\n",
        "Siap Dikirim\n",
        "Dalam Pengiriman\n",
        "Selesai\n",
    ]
    places = [tour.index(f"   = {state}") for state in states]
    assert places == sorted(places)
    assert "   = 130000 Diterima | Boleh.\n" in tour


def test_what_is_lost_has_happened_once(tour: str) -> None:
    assert "   = purchases with this message in the sandbox: 1\n" in tour
    assert "   = posts with this text in the sandbox: 1\n" in tour
    assert "   = OutcomeUnknown: POST /api/oauth/v1/fjb/lapak/{lapak_id}/buy_now: it may or may not" in tour
    assert len(re.findall(r"-> GET /api/oauth/search/forum\?q=kopi%20gayo&page=1 <- (?:no answer|200)", tour)) == 2


def test_it_is_async_and_sync(tour: str) -> None:
    assert "\nkaskus, async\n" in tour
    assert "\nkaskus, sync: the same names, no await\n" in tour
    assert "= Forbidden: POST /api/oauth/post/{post_id}: only its author may edit a post" in tour
    assert "= AuthFailed: GET /api/oauth/user: the signature is wrong" in tour
