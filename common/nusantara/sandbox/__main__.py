"""``python -m nusantara.sandbox [--host HOST] [--port PORT] [--json]``"""

from __future__ import annotations

import argparse
import sys

from nusantara.sandbox.command import serve


def main() -> int:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(
        prog="python -m nusantara.sandbox", description="A local server that behaves as the vendors do."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0, the default, takes a free one")
    parser.add_argument("--json", action="store_true", help="print the connection facts as one JSON object")
    arguments = parser.parse_args()
    return serve(arguments.host, arguments.port, arguments.json)


if __name__ == "__main__":
    sys.exit(main())
