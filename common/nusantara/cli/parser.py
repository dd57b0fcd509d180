"""Reading of command lines: argparse, with errors of one line."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Iterable
from typing import Any, NoReturn

__all__ = ["Parser", "UsageError", "did_you_mean"]


class UsageError(Exception):
    """The command line makes no sense."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Parser(argparse.ArgumentParser):
    """A parser that raises :exc:`UsageError` and takes option names in full only."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, **settings)

    def print_help(self, file: Any = None) -> None:
        # argparse would pass over an output that cannot be written.
        (file or sys.stdout).write(self.format_help())

    def error(self, message: str) -> NoReturn:
        raise UsageError(message, hint=f"see {self.prog} --help")

    @property
    def option_names(self) -> frozenset[str]:
        """All options that it takes, as written."""
        return frozenset(self._option_string_actions)

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        parsed, unknown = self.parse_known_args(args, namespace)
        if unknown:
            self.refuse(unknown)
        return parsed

    def refuse(self, unknown: list[str]) -> NoReturn:
        """Raise for arguments that nothing here takes. No value is repeated: it may be a credential."""
        for argument in unknown:
            if argument.startswith("-") and argument != "--":
                option = argument.partition("=")[0]
                raise UsageError(
                    f"there is no option {option}" if option.startswith("--") else "there is no such short option",
                    hint=did_you_mean(option, self.option_names)
                    or f"see {self.prog} --help; write -- before a value that begins with a dash",
                )
        raise UsageError("there are more arguments than it takes", hint=f"see {self.prog} --help")


def did_you_mean(given: str, known: Iterable[str]) -> str | None:
    """A question that names what was probably meant."""
    known = list(known)
    # Whoever leaves out the group, or has it wrong, means the last part.
    same_end = [name for name in known if name.rpartition(".")[2] == given.rpartition(".")[2]]
    near = same_end or difflib.get_close_matches(given, known, n=1)
    return f"did you mean {' or '.join(near)}?" if near else None
