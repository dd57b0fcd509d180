"""One request in, one whole answer out, every failure named. Only here does a call reach aiohttp."""
