"""The command ``python -m nusantara.syncgen``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from nusantara.syncgen.arguments import with_arguments
from nusantara.syncgen.exports import with_exports
from nusantara.syncgen.files import differences, write
from nusantara.syncgen.header import COMMAND
from nusantara.syncgen.packages import generate, packages_here
from nusantara.syncgen.source import Problem, folder_of

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """The command. Exit code 1 if ``--check`` finds a difference, 2 if something has no rule."""
    parser = argparse.ArgumentParser(prog=COMMAND, description="Write the synchronous classes from the async ones.")
    parser.add_argument("--check", action="store_true", help="change nothing; list what is not up to date")
    parser.add_argument("packages", nargs="*", metavar="PACKAGE", help="default: those below the current directory")
    arguments = parser.parse_args(argv)
    try:
        if not arguments.packages and str(Path.cwd()) not in sys.path:
            sys.path.insert(0, str(Path.cwd()))
        act = differences if arguments.check else write
        report: list[tuple[str, Path]] = []
        for package in arguments.packages or packages_here():
            folder = folder_of(package)
            if not arguments.check:
                # Before anything is imported, which may need the names that are new.
                with suppress(Problem):
                    tables = with_exports(folder, {})
                    report += write(folder, {file: tables[file] for file in tables if file.parent.name != "sync"})
            report += act(folder, with_arguments(folder))
            report += act(folder, generate(package))
    except Problem as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    for what, file in report:
        sys.stdout.write(f"{what}: {file}\n")
    return 1 if arguments.check and report else 0
