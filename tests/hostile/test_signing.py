"""OAuth 1.0a where clocks are wrong, and servers that check what they are sent to the last byte."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Iterator
from email.utils import formatdate
from typing import Any

import pytest
from hostile.conftest import SECRET, at_once
from oauthlib.oauth1 import ResourceEndpoint
from support.faults import Seen
from support.oauth1_server import Credentials
from support.raw import Received, Wire

from nusantara.errors import AuthFailed, ConfigurationError

PATH = "/api/oauth/v1/hot_threads"
FORM = "application/x-www-form-urlencoded"
WINDOW = 300
"""Seconds that a signature may be off."""


class MachineClock:
    """The time of this machine as signatures see it: off, and set right by somebody."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, off: float) -> None:
        self.off = off
        monkeypatch.setattr("nusantara.signing.clock.time", self)

    def time(self) -> float:
        return time.time() + self.off

    def monotonic(self) -> float:
        return time.monotonic()


class Strict:
    """A server that refuses signatures whose time is far from its own, and nonces that it has seen."""

    def __init__(self, *, date_off: float = 0.0) -> None:
        self.stamps: list[int] = []
        self.nonces: set[str] = set()
        self.refused_times = self.refused_nonces = 0
        self.date_off = date_off
        """How far the ``Date`` of answers is from the clock that signatures are checked by."""
        self.forbidden: set[str] = set()
        """What nobody may see, whatever the signature."""
        self.faults: Iterator[str] = itertools.repeat("")

    async def __call__(self, wire: Wire, request: Received) -> bool:
        fields = dict(part.replace('"', "").split("=", 1) for part in request.headers["authorization"].split(", "))
        stamp, nonce = int(fields["oauth_timestamp"]), fields["OAuth oauth_nonce"]
        late = abs(stamp - time.time()) > WINDOW
        seen = nonce in self.nonces
        self.stamps.append(stamp)
        self.nonces.add(nonce)
        self.refused_times += late
        self.refused_nonces += seen
        fault = next(self.faults)
        if fault == "drop":
            return True
        refused = late or seen or request.target in self.forbidden
        status = 401 if refused else int(fault or 200)
        await wire.answer(status, {}, Date=formatdate(time.time() + self.date_off, usegmt=True))
        return False


@pytest.fixture(autouse=True)
def pauses(short_pauses: None) -> None:
    """Retries come almost at once."""


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("off", [-600, 600])
async def test_g36_a_clock_that_is_wrong(
    open_client: Any, serve: Any, monkeypatch: pytest.MonkeyPatch, off: int, method: str, seen: Seen
) -> None:
    clock = MachineClock(monkeypatch, off)
    strict = Strict()
    server = await serve(strict)
    client = open_client(server.base_url, "kaskus")
    counts = []
    for _ in range(5):
        before = len(server.requests)
        assert (await client(lambda c: c.request(method, PATH))).status == 200
        counts.append(len(server.requests) - before)
    assert counts == [2, 1, 1, 1, 1]
    assert (strict.refused_times, strict.refused_nonces) == (1, 0)
    # Other users of the same application learn nothing new, and setting the clock right does no harm.
    clock.off = 0
    user = client.client.with_token("pengguna", SECRET)
    assert (await client(lambda _: user.request(method, PATH))).status == 200
    assert len(server.requests) == sum(counts) + 1
    seen(f"{counts[0]} requests for the first call, {max(counts[1:])} for later ones", f"{off:+} s")


async def test_g36_of_many_calls_at_once_each_is_repeated_once(
    open_client: Any, serve: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    MachineClock(monkeypatch, 600)
    strict = Strict()
    server = await serve(strict)
    client = open_client(server.base_url, "kaskus")
    answers = await at_once(client, 50, lambda c, _: c.request("POST", PATH))
    assert [answer.status for answer in answers] == [200] * 50
    assert len(server.requests) == 50 + strict.refused_times <= 100


async def test_g36_with_one_attempt_the_next_call_has_the_servers_time(
    open_client: Any, serve: Any, monkeypatch: pytest.MonkeyPatch, seen: Seen
) -> None:
    MachineClock(monkeypatch, -600)
    server = await serve(Strict())
    client = open_client(server.base_url, "kaskus", max_attempts=1)
    with pytest.raises(AuthFailed):
        await client(lambda c: c.request("GET", PATH))
    assert len(server.requests) == 1
    assert (await client(lambda c: c.request("GET", PATH))).status == 200
    assert len(server.requests) == 2
    seen("with one attempt the next call has the server's time")


@pytest.mark.parametrize("off", [-3 * 86_400, 3 * 86_400])
async def test_g36_a_clock_that_is_wrong_by_days_is_called_so(
    open_client: Any, serve: Any, monkeypatch: pytest.MonkeyPatch, off: int, seen: Seen
) -> None:
    """So far off, a ``Date`` is not believed: it would let old signatures be collected for later."""
    MachineClock(monkeypatch, off)
    server = await serve(Strict())
    client = open_client(server.base_url, "kaskus")
    with pytest.raises(AuthFailed, match="set this machine's clock") as caught:
        await client(lambda c: c.request("GET", PATH))
    assert len(server.requests) == 1
    cause = caught.value.__cause__
    assert isinstance(cause, ConfigurationError)
    assert f"3.0 days {'ahead of' if off > 0 else 'behind'} the server's" in str(cause)
    seen(f"{off // 86_400:+} days: hint {caught.value.hint!r}")


@pytest.mark.parametrize("date_off", [-3600, 3600])
async def test_g36_a_wrong_date_of_the_server_does_no_lasting_harm(
    open_client: Any, serve: Any, date_off: int, seen: Seen
) -> None:
    """A gateway's clock is off, that of the server behind it is not, and one call is refused for another reason."""
    strict = Strict(date_off=date_off)
    strict.forbidden = {"/api/oauth/v1/rahasia"}
    server = await serve(strict)
    client = open_client(server.base_url, "kaskus")
    for _ in range(2):
        assert (await client(lambda c: c.request("GET", PATH))).status == 200
    with pytest.raises(AuthFailed):
        await client(lambda c: c.request("GET", "/api/oauth/v1/rahasia"))
    assert len(server.requests) == 4
    counts = []
    for _ in range(3):
        before = len(server.requests)
        assert (await client(lambda c: c.request("GET", PATH))).status == 200
        counts.append(len(server.requests) - before)
    assert counts == [2, 1, 1]
    seen(f"a misleading Date costs {sum(counts) - len(counts)} request more", f"Date {date_off:+} s")


async def test_g36_a_nonce_is_never_sent_twice(open_client: Any, serve: Any, seen: Seen) -> None:
    strict = Strict()
    strict.faults = itertools.cycle(["503", "drop", "", "drop", "429", "", "500", "", ""])
    server = await serve(strict)
    client = open_client(server.base_url, "kaskus")
    for _ in range(20):
        assert (await client(lambda c: c.request("GET", PATH))).status == 200
    assert len(server.requests) > 30
    assert strict.refused_nonces == 0
    assert len(strict.nonces) == len(server.requests)
    seen(f"{strict.refused_nonces} nonces refused", f"{len(server.requests)} requests for 20 calls")


# --- The signature and the bytes

LETTERS = "abcABC019 -._~%&=+/?#[]@!$'()*,;:<>\\^`{|}\t\u00e9\u2605\u202e\U0001f600"
IN_VALUES = LETTERS + '"\r\n\x01'
NAMED = ["%20", "%2B", "a+b", "a%", "[1,2]", '{"a": "b"}', "0", "&&", "=", "oauth_token", "a=b&c=d"]


def random_sets(seed: int, count: int) -> list[tuple[str, Any, Any]]:
    """Verb, query and form of each call."""
    source = random.Random(seed)

    def text(letters: str, shortest: int) -> str:
        return "".join(source.choice(letters) for _ in range(source.randrange(shortest, 12)))

    def value() -> Any:
        kind = source.randrange(8)
        if kind == 0:
            return [text(IN_VALUES, 0) for _ in range(source.randrange(4))]
        if kind == 1:
            return source.randrange(-(10**12), 10**12)
        return source.choice(NAMED) if kind == 2 else text(IN_VALUES, 0)

    def pairs() -> dict[str, Any]:
        return {text(LETTERS, 1): value() for _ in range(source.randrange(6))}

    verbs = [source.choice(["GET", "POST", "PUT", "DELETE"]) for _ in range(count)]
    return [(verb, pairs(), None if verb == "GET" else pairs()) for verb in verbs]


async def test_g37_the_signature_of_what_is_on_the_wire(open_client: Any, serve: Any, seen: Seen) -> None:
    seed = random.randrange(2**32)
    sets = random_sets(seed, 1000)
    known = {"consumer_key": "toko", "consumer_secret": SECRET, "token": "pengguna", "token_secret": "r&h=s i/a%+é"}
    judge = ResourceEndpoint(Credentials(known))
    refused: list[Received] = []

    async def verify(wire: Wire, request: Received) -> None:
        valid, _ = judge.validate_protected_resource_request(
            f"http://{request.headers['host']}{request.target}",
            http_method=request.method,
            body=request.body.decode("ascii") if request.headers.get("content-type") == FORM else None,
            headers={"Authorization": request.headers["authorization"], "Content-Type": FORM},
        )
        if not valid:
            refused.append(request)
        await wire.answer(200 if valid else 401, {})

    server = await serve(verify)
    client = open_client(server.base_url, "kaskus")
    client.client = client.client.with_token(known["token"], known["token_secret"])

    def call(kaskus: Any, number: int) -> Any:
        verb, params, form = sets[number]
        return kaskus.request(verb, PATH, params=params, form=form)

    answers = await at_once(client, len(sets), call)
    accepted = sum(getattr(answer, "status", 0) == 200 for answer in answers)
    assert (accepted, len(refused)) == (len(sets), 0), f"seed {seed}: {refused[:1]} {answers[:1]}"
    assert len(server.requests) == len(sets)
    # Whoever checks could be fooled: one byte more, and nothing is accepted any more.
    first = server.requests[0]
    glue = "&" if "?" in first.target else "?"
    valid, _ = ResourceEndpoint(Credentials(known)).validate_protected_resource_request(
        f"http://{first.headers['host']}{first.target}{glue}x=1",
        http_method=first.method,
        body=first.body.decode("ascii") or None,
        headers={"Authorization": first.headers["authorization"], "Content-Type": FORM},
    )
    assert not valid
    seen(f"{accepted} of {len(sets)} accepted by oauthlib's server")
