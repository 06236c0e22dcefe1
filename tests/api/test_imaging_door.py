"""Studies over HTTP: filed under the right patient or waiting for a person, looked at by workers, seen by those who may."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import exp
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal

from api.house import OpenHouse
from support.clocks import MORNING
from support.events import event
from support.messages import Patient, adt
from support.studies import ELENA, store, study
from support.survival_models import AGE, MEAN_UPTAKE, made_by_hand, put
from wardline.api.studies_shown import Look
from wardline.core.events import Found
from wardline.simulator.scanner import Visit

MARCHETTI = Patient("4015", "MARCHETTI", "ELENA", "19610622", "F")
STRANGER = replace(ELENA, number="9999", issuer="", seed="stranger")
OTHER_DAY = replace(ELENA, injected_at=ELENA.injected_at - timedelta(days=86), accession="", seed="before")
LONG = 60.0


@pytest.fixture(scope="module")
def department(tmp_path_factory: pytest.TempPathFactory, portal: BlockingPortal) -> Iterator[OpenHouse]:
    """One patient with a study now and one before, and a study of somebody nobody knows; the site has trained a survival model."""
    data = tmp_path_factory.mktemp("imaging") / "data"
    put(data, made_by_hand(AGE, MEAN_UPTAKE, coefficients=(0.5, 0.25)))
    with OpenHouse(data, portal) as opened:
        filled(opened, OTHER_DAY, ELENA, STRANGER)
        yield opened


def filled(house: OpenHouse, *visits: Visit) -> OpenHouse:
    """Ms Marchetti is on the ward; these studies have arrived and were filed."""
    house.send(adt("A01", MARCHETTI, at=MORNING, visit="V9", unit="7A", bed="12"))
    for visit in visits:
        assert {each.outcome for each in store(house.running.imaging.images, study(visit))} == {"stored"}
    house.running.imaging.images.complete(datetime.now(UTC) + timedelta(seconds=1))
    while house.do(house.running.imaging.filing.file_some):
        pass
    return house


def looked_at(house: OpenHouse, uid: str) -> None:
    """Every study capability has answered about it."""

    async def look() -> None:
        analysing = house.running.imaging.analysing
        analysing.ask(uid)
        running = asyncio.create_task(analysing.run())
        try:
            async with asyncio.timeout(LONG):
                while {capability for capability, _ in house.wardline.studies.answers(uid)} < set(analysing.assessors):  # noqa: ASYNC110 - any of them may be last
                    await asyncio.sleep(0.1)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    house.do(look)


def test_a_study_of_a_known_patient_is_on_their_list_and_nobody_elses(department: OpenHouse) -> None:
    doctor = department.as_("doctor")
    listed = doctor.get("/api/v1/imaging/studies", patient=department.key(MARCHETTI))["studies"]

    assert [each["uid"] for each in listed] == [ELENA.study, OTHER_DAY.study]
    assert [listed[0][each] for each in ("name", "accession", "modalities", "instances")] == ["MARCHETTI, ELENA", "RAD-77", ["CT", "PT"], 24]
    assert doctor.get("/api/v1/imaging/studies", patient="nobody")["studies"] == []


def test_a_study_of_nobody_we_know_waits_for_those_who_may_say_whose_it_is(department: OpenHouse) -> None:
    seen = {role: department.as_(role).get("/api/v1/imaging/studies")["studies"] for role in ("radiologist", "doctor")}

    (waiting,) = [each for each in seen["radiologist"] if each["state"] == "unplaced"]
    assert (waiting["uid"], waiting["patient"], waiting["name"]) == (STRANGER.study, None, "MARCHETTI, ELENA")
    assert "nobody here has this patient number" in waiting["reason"]
    assert STRANGER.study not in {each["uid"] for each in seen["doctor"]}
    department.as_("doctor").get(f"/api/v1/imaging/studies/{STRANGER.study}", expect=403)


def test_roles_that_have_nothing_to_do_with_images_do_not_get_in(department: OpenHouse) -> None:
    department.as_("manager").get("/api/v1/imaging/studies", expect=403)
    department.nobody().get("/api/v1/imaging/studies", expect=401)


def test_one_study_shows_its_series_its_priors_and_that_somebody_looked(department: OpenHouse) -> None:
    told = department.as_("doctor").get(f"/api/v1/imaging/studies/{ELENA.study}")

    assert [(each["modality"], each["instances"]) for each in told["series"]] == [("CT", 12), ("PT", 12)]
    assert [each["uid"] for each in told["priors"]] == [OTHER_DAY.study]
    assert told["why"] == "identity"
    assert department.audited(action="study opened")[-1]["about"] == department.key(MARCHETTI)


def test_workers_look_at_a_study_and_what_they_find_is_silent_until_it_is_activated(department: OpenHouse) -> None:
    looked_at(department, ELENA.study)
    doctor = department.as_("doctor")

    quality = doctor.get(f"/api/v1/imaging/studies/{ELENA.study}/quality")
    assert quality["verdict"] == "accept"
    assert {each["modality"] for each in quality["series"]} == {"CT", "PT"}
    told = doctor.get(f"/api/v1/imaging/studies/{ELENA.study}")
    assert told["state"] == "analysed"
    assert {each["active"] for each in told["answers"]} == {False}
    events = list(department.wardline.engine.log.events_of([department.key(MARCHETTI)]))
    assert {event.value.severity for event in events if event.kind == "Found" and event.value.key.startswith(ELENA.study)} == {0}
    chart = doctor.get(f"/api/v1/patients/{department.key(MARCHETTI)}/findings")
    assert ELENA.study not in str(chart), "what is silent is on no chart"
    prognosis = doctor.get(f"/api/v1/imaging/studies/{ELENA.study}/prognosis")
    assert prognosis["active"] is False
    (said,) = [event.value for event in events if event.kind == "Found" and (event.value.capability, event.value.key) == ("prognosis", ELENA.study)]
    assert said.models == (("prognosis_model", prognosis["curve"]["model"]["digest"]),)
    curve = prognosis["curve"]
    assert curve["features"]["age_years"] == 64.0
    risk = 0.5 * (64 - 60) / 10 + 0.25 * (curve["features"]["stat_mean"] - 5) / 2
    assert curve["survival"] == pytest.approx([exp(-hazard * exp(risk)) for hazard in (0, 0.2, 0.4)])


def test_a_study_is_told_as_it_was_at_one_moment_however_long_reading_takes(open_house: Callable[..., OpenHouse]) -> None:
    house = filled(open_house(), ELENA).running.services
    study = house.studies.placed[ELENA.study]
    look = Look(study, house)
    house.studies.apply(event(Found("suv", "1", "", "finding", key=study.imaged.study), about=study.about))
    assert look.answer("suv") is None
    assert Look(study, house).answer("suv") is not None


def test_a_person_places_a_study_and_it_goes_to_that_chart(open_house: Callable[..., OpenHouse]) -> None:
    department = filled(open_house(), STRANGER)
    who, where = {"patient": department.key(MARCHETTI), "note": "asked at the ward"}, f"/api/v1/imaging/studies/{STRANGER.study}/place"
    department.as_("doctor").post(where, who, expect=403)
    department.as_("radiologist").post(where, {**who, "patient": "nobody"}, expect=404)
    department.as_("radiologist").post("/api/v1/imaging/studies/1.2.3/place", who, expect=404)
    department.as_("radiologist").post(where, who)

    told = department.as_("doctor").get(f"/api/v1/imaging/studies/{STRANGER.study}")
    assert told["patient"] == department.key(MARCHETTI)
    assert told["why"].endswith("asked at the ward")
    assert STRANGER.study not in department.wardline.studies.waiting


def test_a_study_nobody_has_is_not_found(department: OpenHouse) -> None:
    department.as_("doctor").get("/api/v1/imaging/studies/1.2.3.4", expect=403)
    department.as_("radiologist").get("/api/v1/imaging/studies/1.2.3.4", expect=404)


def test_a_mask_that_is_not_of_this_study_is_not_found(department: OpenHouse) -> None:
    department.as_("doctor").get(f"/api/v1/imaging/studies/{ELENA.study}/segmentations/{'0' * 64}/voxels", expect=404)


def test_the_log_alone_brings_back_whose_each_study_is(department: OpenHouse) -> None:
    before: Any = department.wardline.studies.dump()
    department.wardline.studies.load(None)
    for step in department.wardline.engine.log.steps():
        for _, events in step.rows:
            for recorded in sorted(events, key=lambda each: each.id):
                department.wardline.studies.apply(recorded)

    assert department.wardline.studies.dump() == before


def test_a_capability_about_studies_answers_described_volumes_and_shows_its_cases_from_a_worker(department: OpenHouse) -> None:
    engineer = department.as_("engineer")
    asked = {"stacks": [{"modality": "CT", "headers": [{"KVP": 1200}], "refused": "gaps", "problems": [["missing-slices", "3 are missing", True]]}]}

    assert engineer.post("/api/v1/capabilities/image_quality/assess", asked)["value"] == 0.25
    assert engineer.post("/api/v1/capabilities/image_quality/assess", {"stacks": 7})["outcome"] == "refused"
    told = engineer.get("/api/v1/capabilities/image_quality")
    assert told["cases_total"] == told["cases_passed"] == len(told["cases"]) > 3
