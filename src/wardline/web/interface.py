"""The user interface as static files, with the headers that keep other people's scripts out."""

from pathlib import Path
from typing import Any, Final

from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

STATIC: Final = Path(__file__).parent / "static"
HEADERS: Final = {
    # Mantine and uPlot set style attributes; everything else comes from our own files.
    "Content-Security-Policy": (
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
MISSING: Final = """<!doctype html><meta charset="utf-8"><title>Wardline</title>
<p>Wardline is running, but its user interface has not been built.</p>
<p>Run <code>make setup</code> in the checkout, then reload this page. The API is at <a href="/docs">/docs</a>.</p>"""


class Interface:
    """ASGI: files as they are, and the page itself for every address the page's own router knows."""

    def __init__(self, folder: Path = STATIC) -> None:
        self.folder = folder
        self._files = StaticFiles(directory=folder, check_dir=False)

    @property
    def is_built(self) -> bool:
        return (self.folder / "index.html").exists()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *((name.lower().encode(), value.encode()) for name, value in HEADERS.items())]
            await send(message)

        response = self._page(scope["path"])
        if response is not None:
            await response(scope, receive, with_headers)
        else:
            await self._files(scope, receive, with_headers)

    def _page(self, path: str) -> Response | None:
        """The page, unless the path names a file."""
        if not self.is_built:
            return HTMLResponse(MISSING, 503)
        if path != "/" and "." in path.rsplit("/", 1)[-1]:
            return None
        return FileResponse(self.folder / "index.html", headers={"Cache-Control": "no-cache"})
