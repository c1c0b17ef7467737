"""`nox -s links`: a dead link is red, a host that answers no program and no network are told."""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sites import ROOT, copied, edit, sphinx, write


class Host(BaseHTTPRequestHandler):
    """Answers by the name of the page."""

    def do_GET(self):
        page = b'<p id="there">here</p>'
        self.send_response({"/gone": 404, "/refused": 403}.get(self.path, 200))
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page if self.command == "GET" else b"")

    do_HEAD = do_GET  # noqa: N815 - the library's name

    def log_message(self, *args):
        """What a test asks for is no news."""


@pytest.fixture
def host():
    """The address of a host on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def judged(output):
    """How the session's last command ends, and what it says."""
    command = [sys.executable, ROOT / "conf/tools/links.py", output]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()


def test_dead_links_on_a_page(tmp_path, host):
    """A page that is gone, an anchor that is not there, and a 403 of a host not known for it."""
    project = copied(tmp_path, "conf", "proofs")
    edit(project / "conf/printing/claims.py", 'app.connect("env-updated", stop)', "")
    lines = [f"[{name}]({host}/{name})" for name in ("here#there", "gone", "here#not", "refused")]
    write(project, index="# Page\n\n" + "\n\n".join(lines) + "\n")
    sphinx(project, "-b", "linkcheck")
    status, said = judged(project / "html/output.json")
    assert status == 1
    dead = [line for line in said if line.startswith("dead: docs/index.md:")]
    assert [line.split(host)[1].split(":")[0] for line in sorted(dead)] == [
        "/gone",
        "/here#not",
        "/refused",
    ]
    assert said[-1] == "1 of 4 links lead somewhere."


SILENCE = "HTTPSConnectionPool(host='x'): Max retries exceeded (Caused by NameResolutionError())"


@pytest.mark.parametrize(
    ("links", "status", "report"),
    [
        (
            [("https://a.org", "broken", SILENCE), ("https://b.org", "timeout", "")],
            0,
            ["No network: nothing is known of 2 links, nobody answered."],
        ),
        (
            [("https://a.org", "broken", SILENCE), ("https://b.org", "working", "")],
            1,
            [f"dead: docs/p.md:1: https://a.org: {SILENCE}", "1 of 2 links lead somewhere."],
        ),
        (
            [
                ("https://stats.stackexchange.com/q/1", "broken", "403 Client Error: Forbidden"),
                ("https://b.org", "working", ""),
            ],
            0,
            [
                "not known: 1 links to stats.stackexchange.com, which answers no program",
                "1 of 2 links lead somewhere.",
            ],
        ),
        (
            [("https://stackoverflow.com/q/1", "broken", "404 Client Error: Not Found")],
            1,
            [
                "dead: docs/p.md:1: https://stackoverflow.com/q/1: 404 Client Error: Not Found",
                "0 of 1 links lead somewhere.",
            ],
        ),
    ],
)
def test_what_is_told(tmp_path, links, status, report):
    """Silence everywhere is no network, elsewhere a dead link; who refuses us may be alive."""
    output = tmp_path / "output.json"
    rows = [
        {"filename": "p.md", "lineno": 1, "uri": uri, "status": state, "info": info}
        for uri, state, info in links
    ]
    output.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert judged(output) == (status, report)
