"""Text to values, and results to text."""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from datetime import UTC, date, datetime, timedelta, timezone
from io import StringIO
from os import PathLike
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nusantara import codec
from nusantara.cli.output import write_json, write_json_lines, write_table
from nusantara.cli.parser import did_you_mean
from nusantara.cli.text import one_line
from nusantara.cli.values import can_be_given, convert, convert_list, expected, is_flag, is_list, is_secret
from nusantara.errors import InvalidParameter
from nusantara.model import Model, Via, field, model
from nusantara.options import NotGiven
from nusantara.secret import Secret, reveal


class Colour(enum.Enum):
    RED = "merah"
    DARK_BLUE = "biru tua"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Rank(enum.IntEnum):
    LOW = 1
    TOP = 3


@model
class Pair(Model):
    left: int
    right: str


@model
class Holder(Model):
    token: Annotated[Secret, Via(Secret, reveal)]
    others: list[Annotated[Secret, Via(Secret, reveal)]] = field(factory=list)
    note: str = ""


@pytest.mark.parametrize(
    ("annotation", "text", "value"),
    [
        (str, "", ""),
        (str | int, "007", "007"),
        (int | str, "007", "007"),
        (int | None, "-3", -3),
        (float, "2.5", 2.5),
        (int | float, "2", 2),
        (Annotated[int, "seconds"], "5", 5),
        (bool | str, "true", "true"),
        (bool | int, "yes", True),
        (Colour, "dark-blue", Colour.DARK_BLUE),
        (Colour, "Colour.RED", Colour.RED),
        (Colour, "merah", Colour.RED),
        (Colour | str, "kuning", "kuning"),
        (Level | int, "high", Level.HIGH),
        (Level | int, "2", Level.HIGH),
        (Level | int, "9", 9),
        (Level | Rank | int, "1", 1),
        (Level | Rank | int, "3", Rank.TOP),
        (Level | Rank, "rank.low", Rank.LOW),
        (Literal["v1", "v2"], "v2", "v2"),
        (Literal[1, 2], "2", 2),
        (date | None, "2024-05-01", date(2024, 5, 1)),
        (datetime, "2024-05-01T09:30:00+00:00", datetime(2024, 5, 1, 9, 30, tzinfo=UTC)),
        (Path, "a/b", Path("a/b")),
        (dict[str, Any], '{"a": [1]}', {"a": [1]}),
        (Mapping[str, Any] | None, "{}", {}),
        (Any, "[1, null]", [1, None]),
        (Pair, '{"left": 1, "right": "x"}', Pair(left=1, right="x")),
        (int | NotGiven | None, "4", 4),
        (str | Pair, '{"left": 1}', '{"left": 1}'),
        (str | Pair | Holder, 'Pair{"left": 1, "right": "x"}', Pair(left=1, right="x")),
        (str | Pair, "Other{}", "Other{}"),
        (str | PathLike[str] | bytes, "a/b", "a/b"),
    ],
)
def test_a_text_becomes_the_value_of_its_type(annotation: Any, text: str, value: Any) -> None:
    converted = convert("it", annotation, text)
    assert converted == value
    assert type(converted) is type(value)


@pytest.mark.parametrize(
    ("annotation", "text", "problem"),
    [
        (int, "1.5", "it: must be a whole number, not '1.5'"),
        (float, "nan", "it: must be a number, not 'nan'"),
        (date, "tomorrow", "it: must be a date such as 2024-05-01, not 'tomorrow'"),
        (Colour, "green", "it: must be one of red, dark_blue, not 'green'"),
        (Literal["v1", "v2"], "v3", "it: must be v1 or v2, not 'v3'"),
        (Level | Rank, "1", "it: '1' means different things: write Level.LOW or Rank.LOW"),
        (Level | Rank | int, "low", "it: 'low' means different things: write Level.LOW or Rank.LOW"),
        (Level | Rank, "x", "it: must be Level.NAME (low, high) or Rank.NAME (low, top), not 'x'"),
        (dict[str, Any], "[1]", r"it: must be JSON, not '[1]'"),
        (dict[str, Any], "{", "it: is not JSON: "),
        (Pair | Holder, '{"left": 1, "right": "x"}', "it: must be Pair{...} or Holder{...}, not "),
        (str | Pair, 'Pair{"left": 1}', "it: right: expected a string, found "),
        (str | Pair, "Pair{", "it: is not JSON: "),
        (Pair, '{"left": "1", "right": "x"}', "it: left: expected an integer, found "),
    ],
)
def test_a_text_of_another_type_is_an_error_that_names_the_parameter(annotation: Any, text: str, problem: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        convert("it", annotation, text)
    assert str(caught.value).startswith(problem)


def test_lists_are_repeated_or_separated_by_commas_or_json() -> None:
    assert convert_list("ids", list[int], ["1,2", "3"]) == [1, 2, 3]
    assert convert_list("names", Sequence[str], ["a, b", '["c,d"]']) == ["a", "b", "c,d"]
    assert convert_list("pairs", list[Pair], ['[{"left": 1, "right": "é"}]']) == [Pair(left=1, right="é")]
    with pytest.raises(InvalidParameter, match="ids: must be a whole number, not 'x'"):
        convert_list("ids", list[int], ["1,x"])


def test_kinds_of_parameters() -> None:
    assert is_secret(Secret | str)
    assert not is_secret(str)
    assert is_flag(bool | None)
    assert not is_flag(bool | str)
    assert is_list(list[str] | None)
    assert is_list(tuple[int, ...])
    assert not is_list(str | list[str])
    assert not is_list(dict[str, str])
    assert not is_list(Any)
    assert can_be_given(list[date])
    assert not can_be_given(bytes)
    assert not can_be_given(list[bytes])
    assert expected(str | PathLike[str] | bytes) == "a file"
    assert expected(list[int] | None) == "a list of: a whole number"


@given(st.integers())
def test_every_integer_survives(number: int) -> None:
    assert convert("it", int | None, str(number)) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_finite_number_survives(number: float) -> None:
    assert convert("it", float, repr(number)) == number


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=7))])))
def test_every_moment_survives(moment: datetime) -> None:
    assert convert("it", datetime, moment.isoformat()) == moment


@given(st.lists(st.text()))
def test_every_list_of_texts_survives_as_json(texts: list[str]) -> None:
    assert convert_list("it", list[str], [json.dumps(texts)]) == texts


ANNOTATIONS = [int, float, bool, date, datetime, Colour, Level | Rank, Literal["a"], dict[str, Any], Pair, list[int]]


@given(st.sampled_from(ANNOTATIONS), st.text())
def test_any_text_is_a_value_or_an_invalid_parameter(annotation: Any, text: str) -> None:
    try:
        if is_list(annotation):
            convert_list("it", annotation, [text])
        else:
            convert("it", annotation, text)
    except InvalidParameter as error:
        assert error.parameter == "it"  # noqa: PT017 - either outcome is right


# --- Results

TEXTS = st.text(min_size=6).filter(lambda text: "*" not in text)


class Stream(StringIO):
    encoding = "utf-8"


@given(TEXTS, st.lists(TEXTS), st.text())
def test_no_secret_is_in_any_output(token: str, others: list[str], around: str) -> None:
    holder = codec.structure(
        {"token": token, "others": others, "note": f"{around}{token}", "link": [{"at": f"?t={token}"}]}, Holder
    )
    with redirect_stdout(Stream()) as stream:
        write_json_lines([holder, {"in": [holder]}, holder.token], show_secrets=False)
    for line in stream.getvalue().splitlines():
        for leaf in leaves(json.loads(line)):
            assert not any(secret in leaf for secret in (token, *others))


def test_tables_mask_secrets_too(capsys: pytest.CaptureFixture[str]) -> None:
    holder = codec.structure({"token": "hunter2-hunter2", "note": "", "again": "hunter2-hunter2"}, Holder)
    for shown in (holder, [holder, holder], {"holder": holder}):
        write_table(shown)
        out = capsys.readouterr().out
        assert "hunter2" not in out
        assert "***" in out


def test_a_call_without_a_result_says_that_it_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    write_table(None)
    write_json(None, show_secrets=False)
    assert capsys.readouterr().out == "done\nnull\n"


def test_json_shows_secrets_if_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    write_json({"is": Secret("hunter2")}, show_secrets=True)
    assert json.loads(capsys.readouterr().out) == {"is": "hunter2"}


@given(st.text())
def test_a_line_is_one_printable_line(text: str) -> None:
    line = one_line(text)
    assert line.isprintable()
    assert line.isprintable() is not ("\n" in line)


def test_suggestions() -> None:
    names = ["messages.inbox", "messages.get", "users.get"]
    assert did_you_mean("messages.inbx", names) == "did you mean messages.inbox?"
    assert did_you_mean("get", names) == "did you mean messages.get or users.get?"
    assert did_you_mean("zzz", names) is None


def leaves(document: Any) -> list[str]:
    if isinstance(document, dict):
        return [leaf for part in document.values() for leaf in leaves(part)]
    if isinstance(document, list):
        return [leaf for part in document for leaf in leaves(part)]
    return [document] if isinstance(document, str) else []
