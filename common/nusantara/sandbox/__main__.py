"""``python -m nusantara.sandbox [--host HOST] [--port PORT] [--json]``"""

from __future__ import annotations

import argparse
import os
import sys

from nusantara.sandbox.command import add_arguments, serve


def main() -> int:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(
        prog="python -m nusantara.sandbox", description="A local server that behaves as the vendors do."
    )
    add_arguments(parser)
    arguments = parser.parse_args()
    try:
        return serve(**vars(arguments))
    except OSError as error:
        # The interpreter would try again, when it exits, to write what could not be written.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.stderr.write(f"error: the output cannot be written: {error.strerror or error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
