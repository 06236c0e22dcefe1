"""Everything a server has, by its bulk export: asked for, waited for, and fetched file by file.

https://hl7.org/fhir/uv/bulkdata/: kick-off with "respond-async", a status address that is asked until the list of files is there.
"""

from collections.abc import AsyncIterator, Callable, Container, Iterable
from typing import Any, Final
from urllib.parse import urlencode

from wardline.core.errors import Fault, Refused
from wardline.formats.fhir.resources import Resource, plainly, read
from wardline.intake.fhir.asking import Asking, rest_of
from wardline.intake.fhir.elsewhere import rank
from wardline.intake.fhir.parts import Part, Told, key_of

NDJSON: Final = "application/fhir+ndjson"
FIRST_WAIT: Final = 0.5
USUAL_WAIT: Final = 15.0
"""Between two looks, where the server does not say how long to wait: the first soon, the later ones less often."""
MOST_POLLS: Final = 2_000


class BulkExport:
    """A `Source`. `status_url`: of an export that was asked for before; `remembered` is told where ours can be asked for."""

    def __init__(
        self, asking: Asking, *, scope: str = "", types: Iterable[str] = (), since: str = "", status_url: str = "",
        remembered: Callable[[str], None] = lambda url: None, told: Told = lambda words: None,
    ) -> None:  # fmt: skip
        self.asking = asking
        self.name = asking.client.base
        self.scope, self.types, self.since = scope, tuple(types), since
        self.failures: list[tuple[str, str]] = []
        self.until = ""
        self._status_url = status_url
        self._remembered = remembered
        self._told = told

    async def parts(self, done: Container[str]) -> AsyncIterator[Part]:
        manifest = await self._manifest()
        self.until = str(manifest.get("transactionTime", ""))
        for file in _files(manifest, "error"):
            self.failures.append(
                (str(file.get("type", "")), "the server says that it could not export everything; its list of errors is at its address")
            )
        files = sorted(_files(manifest, "output"), key=lambda file: rank(str(file.get("type", ""))))
        for number, file in enumerate(files, 1):
            key = key_of(str(file["url"]))
            if key not in done:
                self._told(f"file {number} of {len(files)}")
                yield Part(key, tuple(self._lines((await self.asking.get(str(file["url"]), accept=NDJSON)).content, str(file.get("type", "")))))
        await self._let_go()

    async def _manifest(self) -> dict[str, Any]:
        reply = await self.asking.get(self._status_url) if self._status_url else None
        if reply is None:
            query = {name: value for name, value in (("_type", ",".join(self.types)), ("_since", self.since)) if value}
            path = "/".join(part for part in (self.scope, "$export") if part)
            begun = await self.asking.get(f"{path}?{urlencode(query)}" if query else path, prefer="respond-async")
            self._status_url = begun.headers.get("content-location", "")
            if not self._status_url:
                raise Refused("the server does not say where its export can be asked for (Content-Location); try --how search", code="export")
            self._remembered(self._status_url)
            reply = await self.asking.get(self._status_url)
        for poll in range(MOST_POLLS):
            if reply.status == 200:
                return plainly(reply.content)
            self._told(f"the server prepares its export ({reply.headers.get('x-progress', 'no word how far')[:60]})")
            await self.asking.wait(rest_of(reply, min(FIRST_WAIT * 2.0 ** min(poll, 10), USUAL_WAIT)))
            reply = await self.asking.get(self._status_url)
        raise Fault("the server has not finished its export; run the same command later, it goes on from here")

    def _lines(self, content: bytes, type: str) -> Iterable[Resource]:
        for line in content.splitlines():
            if line.strip():
                try:
                    yield read(line)
                except Refused as refused:
                    self.failures.append((type, str(refused)))

    async def _let_go(self) -> None:
        """The server need not keep its files for us any longer. Whether it obeys changes nothing."""
        try:
            await self.asking.client.ask("DELETE", self._status_url)
        except (Fault, Refused):
            return


def _files(manifest: dict[str, Any], name: str) -> list[dict[str, Any]]:
    listed = manifest.get(name)
    return [each for each in listed if isinstance(each, dict) and each.get("url")] if isinstance(listed, list) else []
