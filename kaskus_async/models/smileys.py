"""Answers of the smiley operations."""

from __future__ import annotations

from nusantara.model import LooseInt, Model, field, model

__all__ = ["Smiley", "SmileyCategories", "SmileyCategory"]


@model
class Smiley(Model):
    """A picture that stands for a piece of text."""

    text: str
    image_url: str | None = field(default=None, keys=("imageUrl", "url"))


@model
class SmileyCategory(Model):
    """A category of smileys."""

    category_id: LooseInt
    category_name: str | None = None
    smilies: list[Smiley] | None = None
    """None where only the categories are listed."""


@model
class SmileyCategories(Model):
    """All categories."""

    data: list[SmileyCategory] = field(factory=list)
