"""``python -m nusantara.syncgen [--check] [PACKAGE ...]``"""

from __future__ import annotations

import sys

from nusantara.syncgen import main

if __name__ == "__main__":
    sys.exit(main())
