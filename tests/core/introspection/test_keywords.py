"""Settings in signatures and docstrings, and what is said of a keyword that nobody knows."""

from __future__ import annotations

import inspect
import pydoc
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bukalapak_async import AsyncBukalapak, Bukalapak
from kaskus_async import AsyncKaskus, Kaskus
from nusantara import client
from nusantara.client import Settings
from nusantara.hooks import Hooks
from nusantara.introspection import unknown_keyword
from nusantara.options import Options, Timeouts
from qiscus_async import AsyncQiscus, Bot, Qiscus
from qiscus_async.webhooks import Receiver, ReceiverSettings
from qiscus_async.webhooks import settings as receivers

CLIENTS = (AsyncBukalapak, Bukalapak, AsyncKaskus, Kaskus, AsyncQiscus, Qiscus)
CREDENTIALS: dict[type, tuple[Any, ...]] = {
    AsyncBukalapak: ("1", "x"),
    Bukalapak: ("1", "x"),
    AsyncKaskus: ("x", "y"),
    Kaskus: ("x", "y"),
    AsyncQiscus: ("a", "x"),
    Qiscus: ("a", "x"),
}
WITH_SETTINGS = [
    *((cls, Settings, client.DEFAULTS) for cls in CLIENTS),
    *((cls.from_env, Settings, client.DEFAULTS) for cls in CLIENTS),
    (AsyncKaskus.with_oauth2, Settings, client.DEFAULTS),
    (Kaskus.with_oauth2, Settings, client.DEFAULTS),
    (Receiver, ReceiverSettings, receivers.DEFAULTS),
    (Bot, ReceiverSettings, receivers.DEFAULTS),
]


def name_of(value: object) -> str:
    return getattr(value, "__qualname__", "")


@pytest.mark.parametrize(("made_with", "settings", "defaults"), WITH_SETTINGS, ids=name_of)
def test_every_setting_is_in_the_signature_and_in_the_docstring(
    made_with: Callable[..., Any], settings: type, defaults: dict[str, object]
) -> None:
    parameters = inspect.signature(made_with).parameters
    doc = inspect.getdoc(made_with)
    text = pydoc.plain(pydoc.render_doc(made_with))
    assert doc is not None
    assert "settings" not in parameters
    for name, kind in settings.__annotations__.items():
        parameter = parameters[name]
        assert (parameter.kind, parameter.default) == (inspect.Parameter.KEYWORD_ONLY, defaults[name])
        assert parameter.annotation == kind.__forward_arg__
        assert f"\n    {name}: " in doc
        assert f"{name}: '{kind.__forward_arg__}'" in text
    assert settings.__annotations__.keys() == defaults.keys()
    assert [name for name in parameters if f"\n    {name}: " not in doc] == []


def test_the_defaults_that_signatures_show_are_those_of_a_client() -> None:
    options = Options()
    shown = client.DEFAULTS
    assert shown["timeout"] == options.timeout.total
    for name in ("max_attempts", "max_body", "max_retry_after", "strict"):
        assert shown[name] == getattr(options, name)


@pytest.mark.parametrize("cls", CLIENTS)
def test_what_a_copy_takes_the_constructor_takes(cls: Any) -> None:
    copy, new = inspect.signature(cls.with_options).parameters, inspect.signature(cls).parameters
    assert copy.keys() - {"self"} <= new.keys()
    connections = {"max_connections", "max_connection_age", "proxy", "ca_bundle", "session"}
    assert Settings.__annotations__.keys() - copy.keys() - connections <= {"hooks", "rate_limit"}


@pytest.mark.parametrize("cls", CLIENTS)
def test_the_constructor_bounds_bodies_and_waits(cls: Any) -> None:
    made = cls(*CREDENTIALS[cls], max_body=1000, max_retry_after=0)
    assert (made.options.max_body, made.options.max_retry_after) == (1000, 0)
    assert made.with_options(max_attempts=1).options.max_body == 1000
    assert cls(*CREDENTIALS[cls]).options.max_body == 16 * 1024 * 1024


# --- Keywords that nobody knows


@pytest.mark.parametrize("cls", CLIENTS)
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("time_out", "has no setting time_out; did you mean timeout?"),
        ("max_attempt", "has no setting max_attempt; did you mean max_attempts?"),
        ("base_uri", "has no setting base_uri; did you mean base_url?"),
        ("zzz", "has no setting zzz"),
    ],
)
def test_a_wrong_setting_of_a_client_comes_with_the_nearest(cls: Any, wrong: str, said: str) -> None:
    with pytest.raises(TypeError, match="has no setting") as caught:
        cls(*CREDENTIALS[cls], **{wrong: "value-that-is-not-shown"})
    assert str(caught.value) == f"Async{cls.__name__.removeprefix('Async')} {said}"


@pytest.mark.parametrize("cls", CLIENTS)
def test_from_env_says_the_same(cls: Any, sandbox_env: dict[str, str]) -> None:
    with pytest.raises(TypeError, match=r"has no setting hook; did you mean hooks\?"):
        cls.from_env(hook=None)


@pytest.mark.parametrize("cls", CLIENTS)
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"time_out": 3}, "with_options has no setting time_out; did you mean timeout?"),
        ({"zzz": 3}, "with_options has no setting zzz"),
        ({"proxy": None}, "copies share connections, and so proxy: give that to the constructor"),
        (
            {"max_connections": 3, "session": None, "zzz": 1},
            "copies share connections, and so max_connections, session: give that to the constructor",
        ),
    ],
)
def test_a_copy_says_it_too(cls: Any, wrong: dict[str, Any], said: str) -> None:
    made = cls(*CREDENTIALS[cls])
    with pytest.raises(TypeError) as caught:
        made.with_options(**wrong)
    assert str(caught.value) == said


def test_so_do_bots_and_receivers() -> None:
    async def handle(event: object) -> None: ...

    with pytest.raises(TypeError, match=r"^Receiver has no setting que_size; did you mean queue_size\?"):
        Receiver(handle, que_size=3)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"^Bot has no setting comand_prefix; did you mean command_prefix\?"):
        Bot(AsyncQiscus("a", "x"), "bot", comand_prefix="!")  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("cls", "wrong", "said"),
    [
        (Hooks, "befor", "Hooks has no field befor; did you mean before?"),
        (Timeouts, "conect", "Timeouts has no field conect; did you mean connect?"),
        (Timeouts, "zzz", "Timeouts has no field zzz"),
    ],
)
def test_so_do_classes_of_fields(cls: Any, wrong: str, said: str) -> None:
    with pytest.raises(TypeError) as caught:
        cls(**{wrong: 1})
    assert str(caught.value) == said
    assert caught.value.__suppress_context__


def test_another_mistake_keeps_its_own_error() -> None:
    with pytest.raises(TypeError, match="positional"):
        Timeouts(1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="not iterable"):
        Hooks(before=7)  # type: ignore[arg-type]


@given(st.lists(st.text(), min_size=1), st.lists(st.text()))
def test_every_unknown_name_is_named(unknown: list[str], known: list[str]) -> None:
    text = str(unknown_keyword("X has no setting", unknown, known))
    assert all(name in text for name in unknown)
    assert ("did you mean" in text) <= bool(known)
