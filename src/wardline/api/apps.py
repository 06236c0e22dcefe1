"""Apps from our side: entering and closing them, opening one for a patient, and letting one in or not."""

from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import Field

from wardline.api.doors import FOR_PEOPLE, SIGNED_IN, Doors, House, SeenBy, allowed
from wardline.api.services import Services
from wardline.api.shapes import apps as shapes
from wardline.core.apps import App, Grant
from wardline.core.errors import NotAllowed, NotFound, Refused
from wardline.core.people import Person
from wardline.security.smart.granting import Decision
from wardline.security.smart.refusals import ACCESS_DENIED
from wardline.security.smart.requests import Asked, answer, asking, needs_patient, read_request, unpacked
from wardline.security.smart.scopes import parsed
from wardline.security.smart.words import line_of

doors = Doors("apps")
LOOK: Final = "patient.read"
"""Who may not see a patient cannot let an app see them."""


# --- entering ---


@doors.get("/api/v1/apps", who="app.manage", response_model=list[shapes.AppOut])
async def apps(house: House) -> list[shapes.AppOut]:
    """Every app, the closed ones too."""
    return [_out(app, house) for app in house.apps.register.apps()]


@doors.post("/api/v1/apps", who="app.manage", fresh=True, response_model=shapes.Entered, status_code=201)
async def add(new: shapes.AppIn, seen_by: SeenBy, house: House) -> shapes.Entered:
    """Enter an app. Its secret, where it has one, is shown this once."""
    await house.audit.record(seen_by, "app added", name=new.name)
    app, secret = house.apps.clients.add(new.app(house.sessions.now()))
    return shapes.Entered(app=_out(app, house), secret=secret or None)


@doors.put("/api/v1/apps/{id}", who="app.manage", fresh=True, response_model=shapes.AppOut)
async def change(id: str, changed: shapes.AppIn, seen_by: SeenBy, house: House) -> shapes.AppOut:
    """Change an app. What people have allowed it before stays as it was, and is checked against what it may still ask."""
    before = house.apps.clients.known(id)
    after = changed.app(before.added_at)._replace(id=id, secret=before.secret, closed_at=before.closed_at)
    if after.proof is not before.proof:
        raise NotAllowed("how an app proves itself stays as it is; enter it anew instead")
    await house.audit.record(seen_by, "app changed", app=id)
    return _out(house.apps.clients.change(after), house)


@doors.post("/api/v1/apps/{id}/secret", who="app.manage", fresh=True, response_model=shapes.Entered)
async def renew_secret(id: str, seen_by: SeenBy, house: House) -> shapes.Entered:
    """Give the app another secret. The one before is good no longer."""
    app = house.apps.clients.known(id)
    await house.audit.record(seen_by, "app secret renewed", app=id)
    return shapes.Entered(secret=house.apps.clients.new_secret(app), app=_out(app, house))


@doors.delete("/api/v1/apps/{id}", who="app.manage", status_code=204)
async def close(id: str, seen_by: SeenBy, house: House) -> None:
    """Let an app in no more, from its next request on."""
    app = house.apps.clients.known(id)
    await house.audit.record(seen_by, "app closed", app=id)
    house.apps.clients.close(app)


# --- opening one for a patient ---


@doors.get("/api/v1/apps/launchable", who="app.use", response_model=list[shapes.Launchable])
async def launchable(house: House) -> list[shapes.Launchable]:
    """The apps that can be opened from a patient's page."""
    return [
        shapes.Launchable(id=app.id, name=app.name, publisher=app.publisher)
        for app in house.apps.register.apps()
        if app.launch_url and app.closed_at is None
    ]


@doors.post("/api/v1/apps/{id}/launch", who="app.use", response_model=shapes.Launched)
async def launch(id: str, wanted: shapes.Launch, seen_by: SeenBy, house: House) -> shapes.Launched:
    """The address that opens the app for this patient: good once, for five minutes, for you."""
    _only_people(seen_by)
    if any(reference.startswith(("Patient/", "Encounter/")) for reference in wanted.context):
        raise Refused("patient and encounter are said by themselves, not in context", where="context")
    app, patient = house.apps.clients.known(id), _patient(wanted.patient, seen_by, house)
    await house.audit.record(seen_by, "app opened for a patient", patient, app=id)
    return shapes.Launched(url=house.apps.granting.launch(app, seen_by, patient, wanted.encounter, tuple(wanted.context), house.apps.fhir_base))


# --- letting one in ---


@doors.post("/api/v1/apps/requests", who="app.use", response_model=shapes.Request)
async def describe(asked: shapes.AskedFor, seen_by: SeenBy, house: House) -> shapes.Request:
    """What an app asks of the person who has been sent here by it."""
    request = _read(asked.request, house)
    launched = house.apps.granting.launched(request, seen_by)
    await house.audit.record(seen_by, "asked about an app", launched.patient if launched else "", app=request.app.id)
    return shapes.Request(
        app=request.app.name,
        publisher=request.app.publisher,
        host=urlsplit(request.redirect).hostname or urlsplit(request.redirect).scheme,
        scopes=[shapes.ScopeLine(**line_of(scope)._asdict(), needs_patient=needs_patient(scope)) for scope in request.scopes],
        patient=_named(launched.patient, house) if launched else None,
        chooses_patient=launched is None and request.needs_patient,
    )


@doors.post("/api/v1/apps/decisions", who="app.use", response_model=shapes.Decided)
async def decide(said: shapes.Decision, seen_by: SeenBy, house: House) -> shapes.Decided:
    """Let the app in, with what you leave it, or not. Either way the answer goes to the app's registered address."""
    _only_people(seen_by)
    request = _read(said.request, house)
    if not said.allow:
        await house.audit.record(seen_by, "app turned away", app=request.app.id)
        refused = answer(request.redirect, house.apps.base, error=ACCESS_DENIED, error_description="the person said no", state=request.state)
        return shapes.Decided(redirect=refused)
    launched = house.apps.granting.launched(request, seen_by)
    patient = launched.patient if launched else said.patient
    if patient:
        patient = _patient(patient, seen_by, house)
    await house.audit.record(seen_by, "app let in", patient, app=request.app.id, scopes=" ".join(said.scopes)[:1000])
    _, code = house.apps.granting.decide(request, seen_by, Decision(tuple(said.scopes), patient))
    return shapes.Decided(redirect=answer(request.redirect, house.apps.base, code=code, state=request.state))


# --- taking it back ---


@doors.get("/api/v1/apps/grants", who=SIGNED_IN, response_model=list[shapes.GrantOut])
async def grants(seen_by: SeenBy, house: House) -> list[shapes.GrantOut]:
    """What you have allowed apps, and what still holds of it."""
    held = [grant for grant in house.apps.register.grants(user=seen_by.id) if not house.apps.tokens.is_over(grant)]
    return [_grant_out(grant, house) for grant in held]


@doors.delete("/api/v1/apps/grants/{id}", who=SIGNED_IN, status_code=204)
async def take_back(id: Annotated[str, Field(max_length=60)], seen_by: SeenBy, house: House) -> None:
    """Take it back. The app is out at its next request. Whoever keeps the apps may take back anybody's."""
    grant = house.apps.register.grant(id)
    if grant is None or (grant.user != seen_by.id and not house.access.may(seen_by, "app.manage")):
        raise NotFound("you have allowed no app this")
    await house.audit.record(seen_by, "app access taken back", grant.patient, app=grant.app)
    house.apps.tokens.end(grant, "taken back")


# --- what they share ---


def _read(word: str, house: Services) -> Asked:
    given = unpacked(word)
    app, redirect = asking(given, house.apps.register)
    return read_request(given, app, redirect, house.apps.fhir_base)


def _only_people(seen_by: Person) -> None:
    if seen_by.client:
        raise NotAllowed(FOR_PEOPLE)


def _patient(record: str, seen_by: Person, house: Services) -> str:
    """The record as it is read now, if this person may see it. Raises `NotAllowed` with what would help."""
    patient = house.engine.house.survivor(record)
    allowed(seen_by, LOOK, patient, house)
    if patient not in house.engine.house.directory:
        raise NotFound("there is no such patient")
    return patient


def _named(record: str, house: Services) -> shapes.PatientLine:
    entry = house.engine.house.directory.get(house.engine.house.survivor(record))
    if entry is None:
        raise NotFound("there is no such patient")
    return shapes.PatientLine(id=entry.about, name=entry.name, number=entry.number, born=entry.born, unit=entry.unit, bed=entry.bed)


def _out(app: App, house: Services) -> shapes.AppOut:
    return shapes.AppOut.of(app, sum(1 for grant in house.apps.register.grants(app=app.id) if not house.apps.tokens.is_over(grant)))


def _grant_out(grant: Grant, house: Services) -> shapes.GrantOut:
    app = house.apps.register.app(grant.app)
    return shapes.GrantOut(
        id=grant.id,
        app=app.name if app is not None else grant.app,
        patient=_named(grant.patient, house) if grant.patient else None,
        scopes=[line_of(scope).words for text in grant.scopes if (scope := parsed(text)) is not None],
        began_at=grant.began_at,
        ends_at=grant.ends_at,
        stays=not grant.session,
    )
