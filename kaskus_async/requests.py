"""Requests to KASKUS: the core's builders, below the base path that the reference calls BASE_URI."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nusantara import request as core
from nusantara.request import CallClass, Params, PathPart, Request

if TYPE_CHECKING:
    from nusantara.upload import File

__all__ = ["BASE_PATH", "delete", "get", "post"]

BASE_PATH = "/api/oauth"


def get(
    template: str, *parts: PathPart, params: Params | None = None, call_class: CallClass = CallClass.SAFE
) -> Request:
    """A GET; ``parts`` fill the placeholders of ``template`` in their order."""
    return core.get(BASE_PATH + template, *parts, params=params, call_class=call_class)


def post(
    template: str,
    *parts: PathPart,
    call_class: CallClass,
    params: Params | None = None,
    form: Params | None = None,
    files: Mapping[str, File | None] | None = None,
) -> Request:
    """A POST with form fields, urlencoded, or multipart when there are files."""
    return core.post(BASE_PATH + template, *parts, call_class=call_class, params=params, form=form or {}, files=files)


def delete(template: str, *parts: PathPart, call_class: CallClass, params: Params | None = None) -> Request:
    """A DELETE."""
    return core.delete(BASE_PATH + template, *parts, call_class=call_class, params=params)
