"""What a call costs in memory, measured in a process that does nothing else.

    python -m support.measured KIND FLAVOUR BASE_URL ...

is that process; it prints one JSON object.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import attrs

__all__ = ["MIB", "Cost", "costs_of_calls", "finished_export", "slow_download"]

MIB = 1024 * 1024


@attrs.frozen
class Cost:
    outcome: str
    """Class of the error, or the status."""
    message: str
    growth: int
    """Bytes by which the memory grew at its peak."""
    elapsed: float
    """Seconds."""


async def costs_of_calls(flavour: str, base_url: str, targets: Iterable[str], *, of: str) -> dict[str, Cost]:
    """GET ``/warm``, which must be answered, and then each target, by one attempt within 5 s.

    Args:
        of: ``rss``, the memory of the process, where only a call that needs more than all before it shows; or
            ``heap``, what Python objects take, to the byte, where each call is made twice and the second one counts.
    """
    targets = list(targets)
    costs = await _run("call", flavour, base_url, of, *targets)
    return {target: Cost(**cost) for target, cost in zip(targets, costs, strict=True)}


async def slow_download(flavour: str, base_url: str, folder: Path, *, speed: int) -> int:
    """Fetch ``/small`` and ``/large`` as exports, the latter to a disk that takes ``speed`` bytes a second.

    Returns by how many bytes the memory of the process grew meanwhile.
    """
    growth: int = (await _run("download", flavour, base_url, str(folder), str(speed)))["growth"]
    return growth


def finished_export(url: str) -> Any:
    """An export of Qiscus whose file is at this address."""
    from nusantara.codec import structure
    from qiscus_async.models.transfers import Export

    return structure(
        {
            "unique_id": "1",
            "resource_name": "comments",
            "status": "finished",
            "percentage": 100,
            "size": 0,
            "total_rows": 1,
            "download_url": url,
            "error_message": "",
            "original_filename": "",
            "created_at": "2024-01-01T00:00:00Z",
        },
        Export,
    )


async def _run(*arguments: str) -> Any:
    path = os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "support.measured",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    )
    output, _ = await asyncio.wait_for(child.communicate(), 30)
    assert child.returncode == 0
    return json.loads(output)


# --- In the child


def _peak_rss() -> int:
    """Not from ``getrusage``: a child begins with its parent's figure there."""
    status = Path("/proc/self/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024


async def _on_client(flavour: str, base_url: str, work: Callable[[Callable[..., Any]], Any]) -> Any:
    """Run ``work(call)`` where ``await call(lambda client: ...)`` calls a Qiscus client of the flavour."""
    from qiscus_async import AsyncQiscus, Qiscus

    settings: dict[str, Any] = {"base_url": base_url, "max_attempts": 1, "timeout": 5}
    client: Any = (AsyncQiscus if flavour == "async" else Qiscus)("toko", "rahasia-toko", **settings)

    async def call(operation: Callable[[Any], Any]) -> Any:
        if flavour == "sync":
            return await asyncio.to_thread(operation, client)
        result = operation(client)
        return await result if inspect.isawaitable(result) else result

    try:
        return await work(call)
    finally:
        await call(lambda c: c.aclose() if flavour == "async" else c.close())


async def _call(flavour: str, base_url: str, of: str, *targets: str) -> list[dict[str, Any]]:
    import tracemalloc

    from nusantara.errors import NusantaraError

    async def work(call: Callable[..., Any]) -> list[dict[str, Any]]:
        async def once(target: str) -> tuple[str, str]:
            try:
                response = await call(lambda c: c.request("GET", target))
            except NusantaraError as error:
                return type(error).__name__, str(error)
            return str(response.status), response.text()[:100]

        async def measured(target: str) -> dict[str, Any]:
            if of == "heap":
                await once(target)
                tracemalloc.start()
                before = tracemalloc.get_traced_memory()[0]
            else:
                before = _peak_rss()
            start = time.perf_counter()
            outcome, message = await once(target)
            elapsed = time.perf_counter() - start
            after = tracemalloc.get_traced_memory()[1] if of == "heap" else _peak_rss()
            tracemalloc.stop()
            return {"outcome": outcome, "message": message, "growth": after - before, "elapsed": elapsed}

        await call(lambda c: c.request("GET", "/warm"))
        return [await measured(target) for target in targets]

    results: list[dict[str, Any]] = await _on_client(flavour, base_url, work)
    return results


async def _download(flavour: str, base_url: str, folder: str, speed: str) -> dict[str, Any]:
    from nusantara.transport import part_file

    new = vars(part_file)["open_new"]

    class SlowFile:
        def __init__(self, file: Any) -> None:
            self.file = file

        def write(self, data: bytes) -> int:
            time.sleep(len(data) / float(speed))
            written: int = self.file.write(data)
            return written

        def __getattr__(self, name: str) -> Any:
            return getattr(self.file, name)

    def slow(path: Path, mode: int) -> Any:
        return SlowFile(new(path, mode))

    vars(part_file)["open_new"] = slow

    async def work(call: Callable[..., Any]) -> dict[str, Any]:
        small, large = (finished_export(f"{base_url}/{name}") for name in ("small", "large"))
        await call(lambda c: c.exports.download(small, Path(folder, "small")))
        before = _peak_rss()
        await call(lambda c: c.exports.download(large, Path(folder, "large")))
        return {"growth": _peak_rss() - before}

    result: dict[str, Any] = await _on_client(flavour, base_url, work)
    return result


if __name__ == "__main__":
    kind, *given = sys.argv[1:]
    work: Any = {"call": _call, "download": _download}[kind]
    print(json.dumps(asyncio.run(work(*given))))  # noqa: T201
