"""Reports on paper and in the browser: PDF and HTML with key images. A draft says on every page that it is one."""

from base64 import b64encode
from typing import Any, Final
from zoneinfo import ZoneInfo

from fastapi import Response

from wardline.api import key_images
from wardline.api.cases import is_theirs
from wardline.api.dicomweb.seeing import READ
from wardline.api.doors import Doors, House, SeenBy
from wardline.api.reports import PATH
from wardline.api.reports_shown import Opened, opened, state_of
from wardline.api.services import Services
from wardline.delivery.reports import pages, printing
from wardline.delivery.reports.measured import DATE
from wardline.delivery.reports.register import Report
from wardline.delivery.reports.withdrawing import DOUBT
from wardline.delivery.worklists.studies import Study

doors = Doors("reports")
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
TIME: Final = f"{DATE} %H:%M"
_PDF: Final[dict[str, Any]] = {"responses": {200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}}}
_HTML: Final[dict[str, Any]] = {"responses": {200: {"content": {"text/html": {"schema": {"type": "string"}}}}}}


@doors.get(PATH + "/{id}.pdf", who=READ, **_PDF)
async def as_pdf(id: str, seen_by: SeenBy, house: House) -> Response:
    """The report as PDF/UA. Printed twice, it is the same file."""
    page = await _page(await opened(id, seen_by, house, "report printed"), house)
    content: bytes = await house.workers.run(printing.TASK, page)
    return Response(content, media_type="application/pdf", headers={"content-disposition": 'inline; filename="report.pdf"'})


@doors.get(PATH + "/{id}.html", who=READ, **_HTML)
async def as_html(id: str, seen_by: SeenBy, house: House) -> Response:
    """The report as one page that needs nothing else."""
    page = await _page(await opened(id, seen_by, house, "report printed"), house)
    sources = [f"data:image/jpeg;base64,{b64encode(each.jpeg).decode()}" for each in page.pictures]
    headers = {"content-security-policy": POLICY + house.edge.headers.ancestors}
    return Response(pages.html(page, sources), media_type="text/html; charset=utf-8", headers=headers)


async def _page(at: Opened, house: Services) -> pages.Page:
    report, zone, entry = at.report, ZoneInfo(house.zone), house.engine.house.directory.get(at.about)
    # Of a study that is another patient's by now nothing is told here: neither when it was, nor its images.
    imaged = house.studies.placed[at.case.opened.study] if is_theirs(at.case, house) else None
    text = report.newest.signed.text if report.is_signed else pages.text_of(at.draft, at.measured)
    head = (
        ("Patient", f"{entry.name}, born {entry.born}" if entry is not None else ""), ("Hospital number", entry.number if entry is not None else ""),
        ("Study", _study(imaged, zone) if imaged is not None else ""), ("Accession", imaged.imaged.accession if imaged is not None else ""),
        ("Question", at.case.opened.question),
    )  # fmt: skip
    signed = tuple(
        f"{'Addendum signed' if each.signed.addendum else 'Signed'} by {each.signed.author}, {each.at.astimezone(zone).strftime(TIME)} "
        f"({house.zone}). SHA-256 {each.signed.digest}"
        for each in report.signatures
    )
    pictures = await key_images.drawn(at.case.opened.study, at.draft.key_images, house) if imaged is not None else ()
    return pages.Page(
        house.hospital, at.draft.title, report.newest.signed.author if report.is_signed else house.name_of(report.versions[-1].by),
        _banner(report, state_of(report, house), zone, house.zone), tuple((name, value) for name, value in head if value),
        pages.blocks_of(text), signed, pictures,
    )  # fmt: skip


def _study(study: Study, zone: ZoneInfo) -> str:
    return f"{study.imaged.description or ', '.join(study.imaged.modalities)}, {study.begun_at.astimezone(zone).strftime(TIME)}"


def _banner(report: Report, state: str, zone: ZoneInfo, zone_name: str) -> str:
    """What every page must say of one that nobody may act on."""
    if report.withdrawal is not None:
        withdrawn, at = report.withdrawal
        return f"{pages.WITHDRAWN}. By {withdrawn.author}, {at.astimezone(zone).strftime(TIME)} ({zone_name}): {withdrawn.reason}"
    return {"draft": pages.DRAFT, "waiting": f"{pages.WAITING}: {DOUBT}"}.get(state, "")
