"""The alert policy at the door: what it says, what another would have done, and how two people put one in force."""

import asyncio
import json
from typing import Any

import pytest
import yaml
from fastapi import Response

from api.house import OpenHouse
from wardline.api.policy import approve
from wardline.core.errors import Conflict
from wardline.delivery.policy import default_policy

HIGH = "rules.news2-high.raise.at_least"


def _another(house: OpenHouse) -> str:
    """A policy that pages from NEWS2 8 on, as a second administrator would write it down."""
    return str(house.as_("manager").post("/api/v1/policy/check", {"changes": {HIGH: 8}})["text"])


def test_the_policy_in_force_is_shown_with_its_rules_and_numbers(shared: OpenHouse) -> None:
    policy = shared.as_("auditor").get("/api/v1/policy")

    assert (policy["version"], policy["signatures"], policy["objections"], policy["proposals"]) == ("default-1", 2, [], [])
    assert policy["text"] == default_policy().text
    assert [(each["value"], each["kind"]) for each in policy["sliders"] if each["path"] == HIGH] == [(7, "threshold")]
    assert [rule["band"] for rule in policy["rules"] if rule["id"] == "news2-high"] == ["7 or more"]


def test_a_number_at_another_value_is_checked_and_nothing_is_kept(shared: OpenHouse) -> None:
    checked = shared.as_("manager").post("/api/v1/policy/check", {"changes": {HIGH: 8}})

    changed = next(rule for rule in yaml.safe_load(checked["text"])["rules"] if rule["id"] == "news2-high")
    assert (changed["raise"]["at_least"], changed["clear"]["below"]) == (8, 7), "the clearing limit goes along"
    assert checked["objections"] == []
    assert shared.as_("manager").get("/api/v1/policy")["version"] == "default-1"


@pytest.mark.parametrize(
    ("proposal", "words"),
    [
        ({"changes": {"rules.news2-high.tier": 1}}, "not a number of this policy"),
        ({"changes": {HIGH: 19}}, "is not between"),
        ({"text": "rules: ["}, "YAML"),
        ({"text": "version: x"}, "headline is missing"),
        ({"text": default_policy().text.replace("tier: page", "tier: shout", 1)}, "shout"),
    ],
)
def test_a_policy_that_is_none_is_refused_with_the_place(shared: OpenHouse, proposal: dict[str, object], words: str) -> None:
    assert words in shared.as_("manager").post("/api/v1/policy/check", proposal, 400)["detail"]


def test_what_breaks_a_rule_of_alarm_safety_is_said_and_cannot_be_proposed(shared: OpenHouse) -> None:
    """AL-1: a page has somebody who answers for it."""
    unowned = default_policy().text.replace("    owner_role: nurse\n", "", 1)

    checked = shared.as_("manager").post("/api/v1/policy/check", {"text": unowned})
    refused = shared.as_("manager").post("/api/v1/policy/proposals", {"text": unowned}, 409)

    objection = checked["objections"][0]
    assert "news2-high" in objection["where"]
    assert "owner" in objection["sentence"]
    assert objection["sentence"] in refused["detail"]


def test_two_people_put_a_policy_in_force(house: OpenHouse) -> None:
    manager, doctor, text = house.as_("manager"), house.as_("doctor"), _another(house)

    proposed = manager.post("/api/v1/policy/proposals", {"text": text, "note": "fewer pages at night"}, 201)
    assert proposed["approved_by"] == ["Karin Holm"]
    assert manager.get("/api/v1/policy")["version"] == "default-1", "one signature is not enough"
    again = manager.post(f"/api/v1/policy/proposals/{proposed['id']}/approve", expect=409)
    approved = doctor.post(f"/api/v1/policy/proposals/{proposed['id']}/approve")

    assert "somebody else" in again["detail"]
    assert (approved["in_force"], approved["approved_by"]) == (True, ["Karin Holm", "Helen Vance"])
    now = manager.get("/api/v1/policy")
    assert (now["version"], now["proposals"]) == (proposed["version"], [])
    assert next(slider["value"] for slider in now["sliders"] if slider["path"] == HIGH) == 8


def test_the_same_person_asking_twice_at_once_signs_once(house: OpenHouse) -> None:
    """Two clicks, two requests that both wait for the audit trail at the same time."""
    doctor, proposals = house.as_("doctor"), house.running.services.proposals
    proposed = house.as_("manager").post("/api/v1/policy/proposals", {"changes": {HIGH: 8}}, 201)

    async def both() -> list[Any]:
        person = house.wardline.sessions.person(doctor.token)
        return await asyncio.gather(*(approve(proposed["id"], person, house.running.services) for _ in range(2)), return_exceptions=True)

    answers = house.do(both)

    assert [type(answer) for answer in answers] == [Response, Conflict]
    assert json.loads(answers[0].body)["approved_by"] == ["Karin Holm", "Helen Vance"]
    assert list(proposals.waiting()) == []


def test_a_proposal_can_be_taken_off_the_table(house: OpenHouse) -> None:
    manager = house.as_("manager")
    proposed = manager.post("/api/v1/policy/proposals", {"changes": {HIGH: 8}}, 201)

    manager.delete(f"/api/v1/policy/proposals/{proposed['id']}")

    assert manager.get("/api/v1/policy")["proposals"] == []
    assert "no such proposal" in manager.post(f"/api/v1/policy/proposals/{proposed['id']}/approve", expect=404)["detail"]
    assert "no such proposal" in manager.delete(f"/api/v1/policy/proposals/{proposed['id']}", 404)["detail"]


def test_the_past_is_replayed_under_both_policies(house: OpenHouse) -> None:
    """Ada's NEWS2 of 14 pages under the policy in force; from 11 on it would as well."""
    simulated = house.as_("manager").post("/api/v1/policy/simulate", {"changes": {HIGH: 11}})

    assert (simulated["today"]["pages"], simulated["proposed"]["pages"]) == (1, 1)
    assert simulated["counts"] == {"gone": 0, "later": 0, "earlier": 0, "level": 0, "new": 0}
    assert simulated["today"]["policy"] == "default-1"
