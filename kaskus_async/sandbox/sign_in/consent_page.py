"""The page on which a user allows an application or does not: plain HTML that works without scripts."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from nusantara.sandbox.answer import Answer

__all__ = ["consent_page", "message_page", "verifier_page"]

_PAGE = """<!DOCTYPE html>
<html lang="id">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 sans-serif; max-width: 28em; margin: 3em auto; padding: 0 1em; color: #222; }}
button {{ font: inherit; padding: .5em 1.5em; }}
code {{ font-size: 1.5em; }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"""

_FORM = """<p>Sebuah aplikasi minta izin untuk memakai akun KASKUS di sandbox ini.</p>
<form method="post" id="consent">
<input type="hidden" name="token" value="{token}">
<p><label for="username">Masuk sebagai</label>
<select name="username" id="username">
{options}
</select></p>
<p><button type="submit" name="decision" value="allow" id="allow">Izinkan</button>
<button type="submit" name="decision" value="deny" id="deny">Tolak</button></p>
</form>"""


def consent_page(token: str, usernames: Iterable[str]) -> Answer:
    """Asks who one is, and yes or no. The first user is chosen already."""
    options = "\n".join(f"<option>{escape(name)}</option>" for name in dict.fromkeys(usernames))
    return _page("Izinkan aplikasi?", _FORM.format(token=escape(token), options=options))


def verifier_page(verifier: str) -> Answer:
    """Shows what the user is to type into an application that has no address to come back to."""
    return _page("Izin diberikan", f'<p>Kode verifikasi:</p>\n<p><code id="verifier">{escape(verifier)}</code></p>')


def message_page(message: str, *, status: int = 200) -> Answer:
    """Says something."""
    return _page("KASKUS", f'<p id="message">{escape(message)}</p>', status=status)


def _page(title: str, content: str, *, status: int = 200) -> Answer:
    page = _PAGE.format(title=title, content=content)
    return Answer.text(page, content_type="text/html", status=status, headers=(("Cache-Control", "no-store"),))
