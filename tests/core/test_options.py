"""Settings: what makes no sense is refused by name, whichever way it is given."""

from __future__ import annotations

import math
from typing import Any, cast

import pytest

from nusantara.client import AsyncClient, Settings
from nusantara.errors import InvalidParameter
from nusantara.options import Options, Timeouts
from nusantara.signing import NoAuth

NO_NUMBERS = ["5", b"5", True, math.nan, -1, -0.5, [1], {}, 1j]
SENSELESS: dict[str, list[Any]] = {
    "max_body": [*NO_NUMBERS, 0, 1.5, math.inf],
    "max_attempts": [*NO_NUMBERS, 0, 1.5, math.inf],
    "max_retry_after": [*NO_NUMBERS, math.inf, -math.inf],
    "timeout": [*NO_NUMBERS, 0, math.inf, -math.inf],
    "strict": [0, 1, "ya", "False", [], math.nan],
    "headers": [7, "a", [("a", "b")], {1: "a"}, {"a": None}, {"a": b"b"}, {"a b": "c"}, {"": "c"}],
}
CASES = [(name, value) for name, values in SENSELESS.items() for value in values]


@pytest.mark.parametrize(("name", "value"), CASES)
def test_a_senseless_setting_is_refused_by_name(name: str, value: Any) -> None:
    client = AsyncClient("http://h.test", NoAuth(), Settings())
    for use in (lambda: Options().merged(**{name: value}), lambda: client.with_options(**{name: value})):
        with pytest.raises(InvalidParameter) as caught:
            use()
        assert caught.value.parameter.startswith(name)
    if name in Settings.__annotations__:
        with pytest.raises(InvalidParameter, match=name):
            AsyncClient("http://h.test", NoAuth(), cast(Settings, {name: value}))
    if name != "timeout":
        with pytest.raises(InvalidParameter, match=name):
            Options(**{name: value})


@pytest.mark.parametrize("phase", ["pool", "connect", "first_byte", "idle_read", "idle_write", "total"])
@pytest.mark.parametrize("value", SENSELESS["timeout"])
def test_a_senseless_phase_is_refused_by_name(phase: str, value: Any) -> None:
    with pytest.raises(InvalidParameter, match=f"timeout.{phase}: must be a number of seconds above 0 or None"):
        Timeouts(**{phase: value})


@pytest.mark.parametrize("value", [5, None, "5"])
def test_options_take_nothing_but_timeouts(value: Any) -> None:
    with pytest.raises(InvalidParameter, match="timeout: must be Timeouts"):
        Options(timeout=value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("max_connections", value) for value in SENSELESS["max_attempts"]),
        *(("max_connection_age", value) for value in SENSELESS["timeout"]),
    ],
)
def test_a_senseless_setting_of_connections_is_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(InvalidParameter, match=name):
        AsyncClient("http://h.test", NoAuth(), cast(Settings, {name: value}))


def test_the_edges_are_taken() -> None:
    options = Options().merged(max_retry_after=0, max_body=1, max_attempts=1, timeout=None, strict=False)
    assert (options.max_retry_after, options.max_body, options.timeout.total) == (0, 1, None)


def test_a_refusal_does_not_show_what_may_be_a_credential() -> None:
    with pytest.raises(InvalidParameter) as caught:
        Options(max_body="kunci-rahasia")  # type: ignore[arg-type]
    assert "kunci-rahasia" not in str(caught.value)
