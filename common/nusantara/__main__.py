"""``python -m nusantara``: the command ``nusantara``."""

from __future__ import annotations

import sys

from nusantara.cli import main

if __name__ == "__main__":
    sys.exit(main())
