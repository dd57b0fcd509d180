"""How many comments each person wrote in a room, as a table of pandas; also for a notebook, cell by cell.

    python comments_to_pandas.py 41002

Reads ``QISCUS_APP_ID`` and ``QISCUS_SECRET_KEY``.
"""

from __future__ import annotations

import sys

import pandas

from qiscus_async import Qiscus


def comments(room: int) -> pandas.DataFrame:
    """The comments of a room, a row each, oldest first."""
    with Qiscus.from_env() as qiscus:
        frame = pandas.DataFrame(qiscus.messages.load(room).to_dicts())
    return frame.sort_values("timestamp")


if __name__ == "__main__":
    frame = comments(int(sys.argv[1]))
    table = frame.groupby("email").agg(comments=("id", "count"), last=("timestamp", "max"))
    print(table.sort_values("comments", ascending=False).to_string())
