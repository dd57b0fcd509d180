"""Tags: words of the caller's by which what is watched can be told apart."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from nusantara.errors import InvalidParameter
from nusantara.secret import HiddenText

__all__ = ["NO_TAGS", "checked_tags"]

MOST_TAGS = 16
LONGEST_NAME = 64
LONGEST_VALUE = 256
NO_TAGS: Final[Mapping[str, str]] = MappingProxyType({})


def checked_tags(tags: object, before: Mapping[str, str] = NO_TAGS) -> Mapping[str, str]:
    """Tags added to others, or put in the place of those of the same name.

    Raises:
        InvalidParameter: They are not a mapping of text to text; a name is not like a variable's, perhaps with dots
            and hyphens; one is too long; or there are more than 16.
    """
    if not isinstance(tags, Mapping):
        raise InvalidParameter("tags", f"must be a mapping of names to text, not {type(tags).__name__}")
    for name, value in tags.items():
        if not isinstance(name, str) or not name.translate(_DOTS_AND_HYPHENS).isidentifier() or not name.isascii():
            raise InvalidParameter("tags", "has a name that is not of letters, digits, dots, hyphens and underscores")
        if len(name) > LONGEST_NAME:
            raise InvalidParameter("tags", f"has a name of more than {LONGEST_NAME} characters")
        parameter = f"tags[{name!r}]"
        if not isinstance(value, str) or isinstance(value, HiddenText):
            kind = "a credential" if isinstance(value, HiddenText) else type(value).__name__
            raise InvalidParameter(parameter, f"must be text, which logs show, not {kind}")
        if len(value) > LONGEST_VALUE or not value.isprintable():
            raise InvalidParameter(parameter, f"must be at most {LONGEST_VALUE} characters that can be printed")
    merged = {**before, **tags}
    if len(merged) > MOST_TAGS:
        raise InvalidParameter("tags", f"are {len(merged)}: there may be {MOST_TAGS}")
    return MappingProxyType(merged)


_DOTS_AND_HYPHENS = str.maketrans(".-", "__")
