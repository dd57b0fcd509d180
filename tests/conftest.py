"""What every test may use: the sandbox fixtures, and both flavours of a client behind one face."""

from __future__ import annotations

pytest_plugins = ["nusantara.testing"]
