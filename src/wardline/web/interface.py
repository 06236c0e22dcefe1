"""The user interface as static files. What keeps other people's scripts and frames out stands on every answer, put there by the edge."""

from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

STATIC: Final = Path(__file__).parent / "static"
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
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405)
        response = self._page(scope["path"])
        await (response if response is not None else self._files)(scope, receive, send)

    def _page(self, path: str) -> Response | None:
        """The page, unless the path names a file."""
        if not self.is_built:
            return HTMLResponse(MISSING, 503)
        if path != "/" and "." in path.rsplit("/", 1)[-1]:
            return None
        return FileResponse(self.folder / "index.html", headers={"Cache-Control": "no-cache"})
