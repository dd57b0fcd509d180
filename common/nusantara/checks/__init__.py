"""What a caller gives, checked by the same rules everywhere and before a byte is sent: values, headers, base URLs."""

from __future__ import annotations

from nusantara.checks.base_url import base_url_from_environment, clean_base_url, normal_host
from nusantara.checks.headers import check_headers, encode_head, with_headers
from nusantara.checks.tags import NO_TAGS, checked_tags
from nusantara.checks.values import check_flag, check_mode, check_seconds, check_whole

__all__ = [
    "NO_TAGS",
    "base_url_from_environment",
    "check_flag",
    "check_headers",
    "check_mode",
    "check_seconds",
    "check_whole",
    "checked_tags",
    "clean_base_url",
    "encode_head",
    "normal_host",
    "with_headers",
]
