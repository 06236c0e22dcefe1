"""The site that an app runs on: one page that takes answers, on a real socket."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from types import TracebackType
from typing import Self

PAGE = b"<!doctype html><html lang='en'><title>Growth charts</title><h1>Growth charts</h1>"


class AppSite:
    """Remembers every address that a browser comes to it with."""

    def __init__(self) -> None:
        arrived: Queue[str] = Queue()

        class Answering(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                arrived.put(self.path)
                self.send_response(200)
                self.send_header("content-type", "text/html")
                self.end_headers()
                self.wfile.write(PAGE)

            def log_message(self, format: str, *arguments: object) -> None:
                """Says nothing."""

        self.arrived = arrived
        self._server = HTTPServer(("127.0.0.1", 0), Answering)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def came(self, start: str) -> str:
        """The next address that begins like this. Browsers ask for icons, too."""
        while not (path := self.arrived.get(timeout=15)).startswith(start):
            pass
        return path
