"""Journey 10. The EHR fires order-sign with warfarin and a NSAID for a patient whose INR is 3.8: one card, and its override is kept."""

import urllib.error
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from support.ehr import IBUPROFEN, TOKEN, WARFARIN, Ehr, bundle, call, observation, order, patient
from support.screens import People
from support.served import Served

pytestmark = pytest.mark.browser


def just_now() -> str:
    return (datetime.now(UTC) - timedelta(minutes=20)).isoformat()


def test_ordering(ward: Served, screens: Any, people: People) -> None:
    doctor = ward.sign_in("doctor")
    services = {each["id"]: each for each in ward.api("GET", "/cds-services")["services"]}
    inr, creatinine = observation("6301-6", 3.8, "{INR}", at=just_now()), observation("2160-0", 0.9, "mg/dL", at=just_now())
    sent = dict.fromkeys(services["order-safety"]["prefetch"]) | {
        "patient": patient(birthDate="1971-05-02"), "observations": bundle(inr, creatinine),
    }  # fmt: skip
    drafts = bundle(order(WARFARIN, at=just_now()), order(IBUPROFEN, at=just_now()))

    answered = ward.api("POST", "/cds-services/order-safety", call("order-sign", draftOrders=drafts, prefetch=sent), token=doctor)

    # One card for the two drugs, with mechanism, management and alternatives, cited.
    (card,) = [each for each in answered["cards"] if each["indicator"] == "critical"]
    said = f"{card['summary']} {card['detail']}".lower()
    assert all(word in said for word in ("warfarin", "ibuprofen", "3.8", "mechanism", "what to do", "paracetamol", "source"))
    assert len(card["summary"]) < 140
    assert {each["label"] for each in card["suggestions"]} == {"Do not order warfarin", "Do not order ibuprofen"}

    # The override reason comes back ...
    reason = next(each for each in card["overrideReasons"] if each["code"] == "will_monitor")
    told = {"card": card["uuid"], "outcome": "overridden", "overrideReason": {"reason": reason, "userComment": "INR again tomorrow"}}
    ward.api("POST", "/cds-services/order-safety/feedback", {"feedback": [told]}, token=doctor)

    # ... and shows in the policy page.
    page = screens("/policy", who=people.doctor)
    advice = page.get_by_role("region", name="Advice in the EHR")
    expect(advice).to_contain_text("Will monitor and look again 1")
    expect(advice).to_contain_text("order-sign")


def test_an_ehr_that_nobody_has_listed_is_not_answered(ward: Served) -> None:
    with Ehr() as ehr:
        asked = call("order-sign", draftOrders=bundle(order(WARFARIN, at=just_now()))) | {
            "fhirServer": f"{ehr.base}/fhir", "fhirAuthorization": {"access_token": TOKEN, "token_type": "Bearer"},
        }  # fmt: skip
        with pytest.raises(urllib.error.HTTPError) as refused:
            ward.api("POST", "/cds-services/order-safety", asked, token=ehr.token(f"{ward.url}/cds-services/order-safety"))

        refused.value.close()
        assert refused.value.code == 401
        assert ehr.asked == []
