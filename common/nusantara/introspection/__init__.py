"""What ``help()``, editors and messages about wrong keywords tell of classes: their fields and their settings."""

from __future__ import annotations

from nusantara.introspection.fields import Documented, PlainSignature, documented
from nusantara.introspection.keywords import check_keywords, show_keywords, suggesting, unknown_keyword

__all__ = [
    "Documented",
    "PlainSignature",
    "check_keywords",
    "documented",
    "show_keywords",
    "suggesting",
    "unknown_keyword",
]
