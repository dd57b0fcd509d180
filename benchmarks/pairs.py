"""Calls of this SDK next to themselves in another situation."""

from __future__ import annotations

from benchmarks.contenders import AIOHTTP, FACADE, SDK, Spec
from benchmarks.contest import Column, Contest, Turn

__all__ = ["FACADE_ALONE", "GROWTH", "INSIDE_LOOP", "LAYERS", "PROXY", "UNSIGNED", "contests"]

UNSIGNED = "unsigned"
GROWTH = "growth"
FACADE_ALONE = "facade"
INSIDE_LOOP = "loop"
LAYERS = "layers"
PROXY = "proxy"

CLOSE = 3.0
"""How many times the usual laps it takes to see a difference of a few hundredths."""

_ELSEWHERE = {
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "NO_PROXY": "127.0.0.1,localhost",
}
"""Proxies for every other host, as on a company's machine."""

_TRUSTING = Spec(name="aiohttp, trust_env=True, with them", module="aiohttp_trusting", needs=("aiohttp",))
_LAYERS = Spec(name="through the client", module="sdk_layers")
_NOTHING = Spec(name="the exchange alone", module="sdk_nothing")


def contests() -> list[Contest]:
    """All of them."""
    return [
        Contest(UNSIGNED, "A signature (answer, 100 in flight)", [_unsigned("1 KB"), _unsigned("20 KB", quick=False)]),
        Contest(
            GROWTH,
            "From 100 to 1,000 in flight (answer)",
            [_growth("1 KB"), _growth("20 KB", quick=False)],
        ),
        Contest(
            FACADE_ALONE,
            "A sync call next to the async call (answer, one at a time)",
            [_facade("1 KB"), _facade("20 KB", quick=False)],
        ),
        Contest(
            INSIDE_LOOP,
            "A sync call in the thread of a running loop (answer, one at a time)",
            [_inside("1 KB"), _inside("20 KB", quick=False)],
        ),
        Contest(
            LAYERS,
            "What the client puts around an exchange (answer, 100 in flight)",
            [
                Column(
                    "1 KB",
                    (
                        Turn(AIOHTTP, "hot threads 1 KB", concurrency=100),
                        Turn(_LAYERS, "hot threads 1 KB", concurrency=100),
                        Turn(_NOTHING, "hot threads 1 KB", concurrency=100),
                    ),
                    differences={"the layers": (_LAYERS.name, _NOTHING.name)},
                    laps=CLOSE,
                )
            ],
        ),
        Contest(
            PROXY,
            "Proxy variables in the environment (answer, 100 in flight)",
            [
                Column(
                    "1 KB",
                    (
                        Turn(SDK, "hot threads 1 KB", concurrency=100, name="without them"),
                        Turn(
                            SDK,
                            "hot threads 1 KB",
                            concurrency=100,
                            name="with proxy variables",
                            variables=_ELSEWHERE,
                        ),
                        Turn(AIOHTTP, "hot threads 1 KB", concurrency=100, often=False),
                        Turn(_TRUSTING, "hot threads 1 KB", concurrency=100, often=False, variables=_ELSEWHERE),
                    ),
                    laps=CLOSE,
                )
            ],
        ),
    ]


def _unsigned(answer: str, *, quick: bool = True) -> Column:
    operation = f"hot threads {answer}"
    return Column(
        answer,
        (
            Turn(SDK, f"{operation}, unsigned", concurrency=100, name="without a signature"),
            Turn(SDK, operation, concurrency=100, name="signed"),
        ),
        quick=quick,
        laps=CLOSE if quick else 1.0,
    )


def _growth(answer: str, *, quick: bool = True) -> Column:
    operation = f"hot threads {answer}"
    return Column(
        answer,
        (
            Turn(SDK, operation, concurrency=100, name="100 in flight"),
            Turn(SDK, operation, concurrency=1000, name="1,000 in flight"),
        ),
        quick=quick,
        laps=2.0 if quick else 0.5,
    )


def _facade(answer: str, *, quick: bool = True) -> Column:
    operation = f"hot threads {answer}"
    return Column(
        answer,
        (Turn(SDK, operation, concurrency=1), Turn(FACADE, operation, concurrency=1)),
        quick=quick,
        laps=CLOSE if quick else 1.0,
    )


def _inside(answer: str, *, quick: bool = True) -> Column:
    operation = f"hot threads {answer}"
    return Column(
        answer,
        (
            Turn(FACADE, operation, concurrency=1, name="in a plain thread"),
            Turn(FACADE, operation, concurrency=1, name="in a running loop's thread", inside_loop=True),
        ),
        quick=quick,
        laps=CLOSE if quick else 1.0,
    )
