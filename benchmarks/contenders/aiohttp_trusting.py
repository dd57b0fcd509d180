"""aiohttp told to look for proxies in the environment, which it does with every request."""

from __future__ import annotations

from benchmarks.contenders import aiohttp_raw


class Contender(aiohttp_raw.Contender):
    trust_env = True
