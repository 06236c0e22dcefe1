"""Somebody else's program that keeps what was taken from it (SEC-7, ASVS 10.4)."""

from api.house import OpenHouse
from api.smart.conftest import own_ward
from api.smart.far_side import NEW, App
from support.messages import ADA

__all__ = ["own_ward"]


def test_an_app_keeps_no_scope_that_has_been_taken_from_it(own_ward: OpenHouse) -> None:
    """What it was given stands under what it may ask for now, for the tokens it holds and for those it refreshes."""
    app = App(own_ward)
    given = app.in_use()
    chart = f"/api/v1/patients/{own_ward.key(ADA)}/timeline"
    app.reads(given.tokens["access_token"], chart)

    narrowed = NEW | {"scopes": ["openid", "launch", "launch/patient", "offline_access", "patient/Patient.rs"]}
    own_ward.as_("admin").put(f"/api/v1/apps/{app.id}", narrowed)

    app.reads(given.tokens["access_token"], chart, 403)
    again = app.refresh(given.tokens["refresh_token"])
    assert "patient/*.rs" not in again["scope"]
    app.reads(again["access_token"], chart, 403)
