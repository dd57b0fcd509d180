"""``python -m nusantara.sandbox [--host HOST] [--port PORT] [--json]``"""

from __future__ import annotations

import argparse
import sys

from nusantara.sandbox.command import add_arguments, serve


def main() -> int:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(
        prog="python -m nusantara.sandbox", description="A local server that behaves as the vendors do."
    )
    add_arguments(parser)
    return serve(**vars(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
