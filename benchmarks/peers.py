"""``python -m benchmarks.peers``: install the peers that cannot live in the environment of the others.

niquests brings urllib3-future, which takes the place of urllib3 and so changes requests. It gets a virtual environment
of its own beside the project's, which ``python -m benchmarks`` finds there.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

from benchmarks.processes import ROOT

__all__ = ["find_python", "main", "version_of"]

PEERS = ("niquests",)


def find_python(peer: str) -> str | None:
    """The interpreter of a peer's environment, that which runs for none; ``None`` if the environment is not there."""
    if not peer:
        return sys.executable
    python = _folder(peer) / "bin" / "python"
    return str(python) if python.exists() else None


def version_of(peer: str) -> str | None:
    """The version that is in the peer's environment."""
    found = sorted(_folder(peer).glob(f"lib/python*/site-packages/{peer}-*.dist-info"))
    return found[0].name.removeprefix(f"{peer}-").removesuffix(".dist-info") if found else None


def _folder(peer: str) -> Path:
    return ROOT / f".venv-{peer}"


def main() -> int:
    """Make the environments, or bring them up to date."""
    for peer in PEERS:
        folder = _folder(peer)
        print(f"{peer} into {folder}", flush=True)
        venv.create(folder, with_pip=True)
        python = find_python(peer)
        assert python is not None
        status = subprocess.run([python, "-m", "pip", "install", "--quiet", "--upgrade", peer], check=False).returncode
        if status:
            return status
        print(f"{peer} {version_of(peer)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
