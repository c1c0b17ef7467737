"""The built site behind HTTP, as a host of static pages serves it: compressed, with a 404 page."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

COMPRESSED = (".html", ".css", ".js", ".svg", ".txt", ".xml", ".json")


class StaticHost(SimpleHTTPRequestHandler):
    """Serves a folder; what does not exist is answered with 404.html."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path))
        file = file / "index.html" if file.is_dir() else file
        status = 200 if file.is_file() else 404
        if status == 404:
            file = Path(self.directory, "404.html")
        data = file.read_bytes() if file.is_file() else b""
        packed = file.suffix in COMPRESSED
        body = gzip.compress(data, mtime=0) if packed else data
        self.send_response(status)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """A browser that goes away or asks for what is not there is no news."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder, as long as the block lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(StaticHost, directory=str(folder)))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
