"""What a vendor's side of the sandbox says back."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import attrs

from nusantara.sandbox.incoming import Incoming

__all__ = ["UNDOCUMENTED", "Answer"]

UNDOCUMENTED = ("X-Sandbox-Shape", "undocumented")
"""Header of an answer whose shape nobody has documented: a client must not learn from it."""

Headers = tuple[tuple[str, str], ...]

_RANGE = re.compile(r"bytes=(\d*)-(\d*)").fullmatch


@attrs.frozen(slots=True)
class Answer:
    """Status, headers and body. The length and the date are added when it is sent."""

    status: int
    headers: Headers
    body: bytes = attrs.field(default=b"", repr=False)

    @classmethod
    def text(cls, text: str, *, content_type: str, status: int = 200, headers: Headers = ()) -> Answer:
        """Text in UTF-8 under any media type: XML, HTML, a form, plain text."""
        return cls(status, (("Content-Type", f"{content_type}; charset=utf-8"), *headers), text.encode())

    @classmethod
    def json(cls, document: Any, *, status: int = 200, headers: Headers = ()) -> Answer:
        """A JSON document in UTF-8."""
        try:
            text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
            body = text.encode()
        except UnicodeEncodeError:
            # A lone surrogate, sent as an escape, can only go back as one.
            body = json.dumps(document, separators=(",", ":")).encode()
        return cls(status, (("Content-Type", "application/json; charset=utf-8"), *headers), body)

    @classmethod
    def download(cls, call: Incoming, data: bytes, *, content_type: str, headers: Headers = ()) -> Answer:
        """A file, or the part of it that the call asks for (one range of bytes, ``If-Range`` by entity tag)."""
        tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
        common = (("Content-Type", content_type), ("Accept-Ranges", "bytes"), ("ETag", tag), *headers)
        match = _RANGE((call.header("Range") or "").replace(" ", ""))
        if match is None or match.group() == "bytes=-" or (call.header("If-Range") or tag) != tag:
            return cls(200, common, data)
        size = len(data)
        first, last = match.groups()
        start = int(first) if first else max(size - int(last), 0)
        end = min(int(last), size - 1) if first and last else size - 1
        if start > end:
            return cls(416, (*common[1:], ("Content-Range", f"bytes */{size}")))
        return cls(206, (*common, ("Content-Range", f"bytes {start}-{end}/{size}")), data[start : end + 1])

    def undocumented(self) -> Answer:
        """The same answer, marked as one whose shape nobody has documented."""
        return attrs.evolve(self, headers=(*self.headers, UNDOCUMENTED))

    def with_header(self, name: str, value: str) -> Answer:
        """The same answer with this header instead of any other of its name."""
        kept = tuple(pair for pair in self.headers if pair[0].lower() != name.lower())
        return attrs.evolve(self, headers=(*kept, (name, value)))
