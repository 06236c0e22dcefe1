"""What the FHIR door can do, for programs that ask first."""

from fastapi import Request, Response

from wardline import __version__
from wardline.api.doors import OPEN, Doors, House
from wardline.api.fhir.answering import answer, check_format
from wardline.api.fhir.reading import RESOURCE
from wardline.formats.fhir.conformance import statement
from wardline.formats.fhir.resources import instant, written

doors = Doors("FHIR: conformance")


@doors.get("/fhir/metadata", who=OPEN, responses=RESOURCE)
async def metadata(request: Request, house: House) -> Response:
    """The CapabilityStatement of this server."""
    check_format(request)
    return answer(written(statement(base=house.fhir.base(), version=__version__, at=instant(house.started_at), hospital=house.hospital)))
