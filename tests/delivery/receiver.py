"""The far side of a wire: a small web server on this machine that takes notifications as phones, pagers and mail gateways do."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receiver:
    """Paths say how it behaves: /ok takes everything, /500 nothing, /slow answers after a while, /cut hangs up having read all."""

    def __init__(self, slow_seconds: float = 2.0) -> None:
        self.taken: list[tuple[str, dict[str, Any]]] = []
        """(path, what came), duplicates included."""
        self.cuts = 1
        """How many requests /cut hangs up on before it behaves."""
        self._slow_seconds = slow_seconds
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True

    def url(self, path: str, **more: str) -> str:
        extra = "".join(f"&{name}={value}" for name, value in more.items())
        return f"json://127.0.0.1:{self._server.server_address[1]}/{path}?:id={{id}}&cto=1&rto=1{extra}"

    def ids(self, path: str) -> list[str]:
        """Notification ids that came to a path, each once: what a receiver makes of repeats."""
        return list(dict.fromkeys(body["id"] for taken, body in self.taken if taken == path))

    def count(self, path: str) -> int:
        return sum(1 for taken, _ in self.taken if taken == path)

    @contextmanager
    def running(self) -> Iterator["Receiver"]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join(5)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                path = self.path.lstrip("/").split("?", 1)[0]
                receiver.taken.append((path, body))
                if path == "slow":
                    time.sleep(receiver._slow_seconds)
                if path == "cut" and receiver.cuts > 0:
                    receiver.cuts -= 1
                    self.close_connection = True
                    return
                self.send_response(500 if path == "500" else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Tests print nothing."""

        return Handler
