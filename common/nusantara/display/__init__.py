"""What notebooks show of results: tables in HTML, of a bounded size, in which nothing is markup but ours."""

from __future__ import annotations

from nusantara.display.tables import fields_table

__all__ = ["fields_table"]
