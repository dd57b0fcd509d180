"""Reading and writing large JSON arrays a piece at a time. The standard library only takes them whole."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from nusantara import codec
from nusantara.errors import BadResponse, TooLarge

__all__ = ["array_files", "read_rows"]

CHUNK = 256 * 1024
MAX_ROW = 16 * 1024 * 1024
_BLANKS = " \t\r\n"


def read_rows(path: Path, start: int, count: int) -> tuple[list[dict[str, Any]], int | None]:
    """Up to ``count`` objects of the array in a file, and where the next one begins; None after the last.

    Args:
        start: 0, or what an earlier call gave as the place of the next row, in bytes.
    """
    with path.open("rb") as file:
        file.seek(start)
        reader = _Reader(file, start)
        rows: list[dict[str, Any]] = []
        if start == 0:
            reader.open_array()
            if reader.at_end():
                return rows, None
        while True:
            rows.append(reader.row())
            if reader.at_end():
                return rows, None
            reader.pass_comma()
            if len(rows) >= count:
                return rows, reader.place


class _Reader:
    def __init__(self, file: IO[bytes], start: int) -> None:
        self._file = file
        self._decode = codecs.getincrementaldecoder("utf-8")().decode
        self._text = ""
        self._at = 0
        self._before = start
        """Bytes before the first character of the text at hand."""
        self._ended = False
        self._long_integers = False
        """Whether there may be any."""

    @property
    def place(self) -> int:
        """Where the next row begins, in bytes."""
        return self._before + len(self._text[: self._at].encode())

    def open_array(self) -> None:
        """Go past the opening bracket."""
        self._more()
        if self._text.startswith("\ufeff"):
            self._at = 1
        if self._peek() != "[":
            raise self._bad("it is not a JSON array")
        self._at += 1

    def at_end(self) -> bool:
        """Whether the array ends here, as nothing but blanks may follow."""
        if self._peek() != "]":
            return False
        self._at += 1
        if self._peek():
            raise self._bad("something follows the array")
        return True

    def pass_comma(self) -> None:
        sign = self._peek()
        if sign != ",":
            raise self._bad("a comma is missing" if sign else "it ends in the middle")
        self._at += 1

    def row(self) -> dict[str, Any]:
        """The object that begins here."""
        sign = self._peek()
        if sign != "{":
            raise self._bad("a row is not an object" if sign else "it ends in the middle")
        while True:
            try:
                row, self._at = codec.read_at(self._text, self._at, count_digits=self._long_integers)
            except ValueError:
                if len(self._text) - self._at > MAX_ROW:
                    raise TooLarge(f"a row of the file is larger than {MAX_ROW} bytes") from None
                if not self._more():
                    raise self._bad("a row is cut short or is not JSON") from None
            except BadResponse as error:
                raise self._bad(error.message.partition(": ")[2]) from None
            else:
                return row  # type: ignore[no-any-return]

    def _peek(self) -> str:
        """The next character that is not blank, or nothing at the end of the file."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _BLANKS:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _more(self) -> bool:
        if self._ended:
            return False
        # A row longer than what is at hand is parsed anew with twice as much, so that the work stays linear.
        chunk = self._file.read(max(CHUNK, len(self._text) - self._at))
        self._ended = not chunk
        # With the end of what is here, where a number may begin.
        around = self._text[-codec.MAX_DIGITS :].encode() + chunk
        self._long_integers = self._long_integers or codec.may_have_long_integers(around)
        self._before = self.place
        try:
            self._text = self._text[self._at :] + self._decode(chunk, final=self._ended)
        except UnicodeDecodeError:
            raise self._bad("it is not UTF-8") from None
        self._at = 0
        return not self._ended

    def _bad(self, problem: str) -> BadResponse:
        return BadResponse(f"the file cannot be read at byte {self.place}: {problem}")


def array_files(rows: Iterable[bytes], limit: int) -> Iterator[tuple[memoryview, int]]:
    """Pack encoded objects into JSON arrays of at most ``limit`` bytes, each with the number of its rows.

    All arrays are made in one buffer: each is good until the next one is asked for. (A new buffer for each would leave
    the heap in pieces that are never given back.) A row that alone exceeds the limit raises :exc:`ValueError` with its
    number.
    """
    buffer = bytearray(limit)
    view = memoryview(buffer)
    buffer[0:1] = b"["
    end, held = 1, 0
    for number, row in enumerate(rows):
        if len(row) + 2 > limit:
            raise ValueError(number)
        if end + len(row) + 2 > limit:
            view[end : end + 1] = b"]"
            yield view[: end + 1], held
            end, held = 1, 0
        if held:
            view[end : end + 1] = b","
            end += 1
        view[end : end + len(row)] = row
        end += len(row)
        held += 1
    if held:
        view[end : end + 1] = b"]"
        yield view[: end + 1], held
