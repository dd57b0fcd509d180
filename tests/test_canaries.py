"""The watch for credentials that show: each way to show one is found, and a watch that sees nothing is found too."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from support.canaries import Watch

ROOT = Path(__file__).resolve().parent.parent

LEAKS = {
    "records": 'logging.getLogger("nusantara.toko").debug("signed with %s", TOKEN)',
    "errors": "NusantaraError(f'no such token: {TOKEN}')",
    "tracebacks": """
        with pytest.raises(InvalidParameter):
            expand("/{id}/" + TOKEN, [""])
    """,
    "reprs": "repr(Attempt(number=1, reason=TOKEN, sent=Sent.NO, elapsed=0.1))",
    "pickles": "pickle.dumps(Record({'token': TOKEN}))",
    "outputs": "print('Authorization: Basic ' + base64.b64encode(TOKEN.encode()).decode())",
    "nothing": "str(Secret(TOKEN)), repr(HiddenText(TOKEN))",
}

HEAD = """
import base64, logging, pickle
import pytest
from nusantara.errors import Attempt, InvalidParameter, NusantaraError, Sent
from nusantara.record import Record
from nusantara.request import expand
from nusantara.secret import HiddenText, Secret

TOKEN = "kenari-emas-1945"
Secret(TOKEN)
"""


def run(folder: Path, *arguments: str, **tests: str) -> subprocess.CompletedProcess[str]:
    """The tests of a file of their own, watched."""
    bodies = [f"def test_{name}():\n{textwrap.indent(textwrap.dedent(body), '    ')}\n" for name, body in tests.items()]
    (folder / "test_leaks.py").write_text(HEAD + "\n".join(bodies))
    (folder / "pytest.ini").write_text("[pytest]\ntestpaths = .\n")
    path = os.pathsep.join([str(ROOT / "common"), str(ROOT / "tests"), str(ROOT)])
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "support.canaries", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )


@pytest.mark.shows_secrets(why="it runs tests that do")
def test_each_way_to_show_a_credential_fails_the_test_that_does(tmp_path: Path) -> None:
    done = run(tmp_path, "-n", "2", **LEAKS)
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    for kind in LEAKS:
        assert (f"{kind} shows a credential" in done.stdout) is (kind != "nothing"), (kind, done.stdout)
        assert (f"leaks.py::test_{kind} " in done.stdout) is (kind != "nothing"), (kind, done.stdout)
    assert "2 canary secrets searched for in" in done.stdout


def test_a_run_of_everything_that_searched_nothing_fails(tmp_path: Path) -> None:
    narrowed = run(tmp_path, "-k", "nothing", nothing=LEAKS["nothing"])
    assert (narrowed.returncode, "does not work" in narrowed.stdout) == (0, False), narrowed.stdout
    whole = run(tmp_path, nothing=LEAKS["nothing"])
    assert whole.returncode == pytest.ExitCode.TESTS_FAILED
    assert "no pickles" in whole.stdout
    assert "does not work" in whole.stdout


def test_what_is_searched_for_is_too_odd_to_appear_by_chance() -> None:
    watch = Watch()
    chance = (
        "rahasia",
        "password",
        "application/json",
        "http://127.0.0.1:43210",
        "the user has not allowed it",
        "x" * 90,
    )
    for text in (*chance, "HMAC-SHA256", "replied_comment_type"):
        watch.plant(text)
    assert watch.counts["canaries"] == 0
    watch.plant("Basic Njo0NWUxYTA4OGI1NDM4ZDIwYTA4OA==")
    watch.plant("tok/en+1945 ü".replace(" ", ""))
    for shown in ("45e1a088b5438d20a088", "Njo0NWUxYTA4OGI1NDM4ZDIwYTA4OA==", "tok/en+1945ü", "tok%2Fen%2B1945%C3%BC"):
        assert watch.seen_in(f"GET /?token={shown}&a=1"), shown
    assert watch.seen_in("45e1a088b5438d20a08") is None
