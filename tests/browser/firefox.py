"""Debian's Firefox, spoken to by Marionette, the protocol that it has built in."""

import base64
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

QUIET = {
    "marionette.port": 0,  # any free port, which Firefox writes into a file
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.enabled": False,
    "ui.prefersReducedMotion": 1,
    "toolkit.legacyUserProfileCustomizations.stylesheets": True,
}
"""What keeps a new profile from asking anybody for anything."""

SCHEME = "layout.css.prefers-color-scheme.content-override"
"""What pages are told that the reader prefers: 0 is dark, 1 is light."""

NARROW = ":root, body, #navigator-toolbox, #nav-bar { min-width: 0 !important }"
"""Its window is otherwise never as narrow as a phone."""

PATIENCE = 120
"""Seconds until a browser that says nothing is given up."""

ANSWER = """
const [source, given, done] = arguments;
const run = 0 || eval;
let called;
try {
  called = run(`(${source})`);
} catch (error) {
  if (error.name !== "SyntaxError") throw error;
  called = run(source);  // statements
}
Promise.resolve(typeof called === "function" ? called(given) : called)
  .then(value => done({ value: value ?? null }), error => done({ error: String(error) }));
"""


def program() -> str | None:
    """Where it is."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


class Tab:
    """The one tab of a browser, with as much of Playwright's page as the gates use."""

    def __init__(self, port: int) -> None:
        self.line = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._hear()  # it says hello
        self.told = 0
        self.ask("WebDriver:NewSession")
        self.ask("WebDriver:SetTimeouts", script=1000 * PATIENCE)  # on a busy machine axe is slow

    def ask(self, command: str, **given: Any) -> Any:
        """What Firefox answers; raises RuntimeError with its own words if it can't."""
        self.told += 1
        message = json.dumps([0, self.told, command, given]).encode()
        self.line.sendall(b"%d:%s" % (len(message), message))
        _, _, error, answer = self._hear()
        if error:
            raise RuntimeError(f"{command}: {error['message']}")
        return answer

    def _hear(self) -> Any:
        head = b""
        while not head.endswith(b":"):
            head += self._read(1)
        return json.loads(self._read(int(head[:-1])))

    def _read(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            data += (more := self.line.recv(length - len(data)))
            if not more:
                raise ConnectionError("Firefox went away")
        return data

    def goto(self, address: str, width: int) -> None:
        """Open a page in a window whose inside has that width."""
        self.ask("WebDriver:Navigate", url=address)
        for _ in range(2):  # what is around the page is known once it has a size
            around = self.evaluate("outerWidth - innerWidth") if _ else 0
            self.ask("WebDriver:SetWindowRect", width=width + around, height=900)

    def evaluate(self, source: str, given: Any = None) -> Any:
        """The value of an expression, or of a function of what is given, as Playwright has it."""
        answer = self.ask(
            "WebDriver:ExecuteAsyncScript", script=ANSWER, args=[source, given], sandbox="gates",
            newSandbox=False,
        )["value"]  # fmt: skip
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["value"]

    def screenshot(self, file: Path) -> None:
        """The whole page, as a picture."""
        taken = self.ask("WebDriver:TakeScreenshot", full=True)["value"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(base64.b64decode(taken))


@contextmanager
def firefox(theme: str = "light") -> Iterator[Tab]:
    """A tab of a Firefox with a profile of its own, as long as the block lasts."""
    told = QUIET | {SCHEME: ("dark", "light").index(theme)}
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in told.items()]
        Path(profile, "user.js").write_text("".join(lines), encoding="utf-8")
        Path(profile, "chrome").mkdir()
        Path(profile, "chrome/userChrome.css").write_text(NARROW, encoding="utf-8")
        command = [
            str(program()),
            "--headless",
            "--marionette",
            "--no-remote",
            "--profile",
            profile,
        ]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        started = subprocess.Popen(command, env=os.environ | {"HOME": profile}, **quiet)
        try:
            tab = Tab(_port(started, Path(profile, "MarionetteActivePort")))
            with tab.line:
                yield tab
        finally:
            started.terminate()
            started.wait(PATIENCE)


def _port(started: subprocess.Popen[bytes], file: Path) -> int:
    for _ in range(10 * PATIENCE):
        if file.exists() and (said := file.read_text(encoding="utf-8")):
            return int(said)
        if started.poll() is not None:
            raise RuntimeError(f"Firefox ended with status {started.returncode}")
        time.sleep(0.1)
    raise RuntimeError(f"Firefox did not listen within {PATIENCE} seconds")
