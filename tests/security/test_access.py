"""What each role may do: the table is complete, closed by default, and says what the roles are for."""

import pytest

from wardline.core.ports import Person, Role
from wardline.security.access import ALLOWED, RoleAccess

ROLES = {role.value for role in Role}
PATIENT_DATA = ("patient.read", "alert.act", "patient.assign")


def _may(action: str, *roles: str) -> bool:
    return RoleAccess().may(Person("p", "P", frozenset(roles)), action)


@pytest.mark.parametrize("action", sorted(ALLOWED))
def test_every_action_is_somebodys_and_names_roles_that_exist(action: str) -> None:
    assert ALLOWED[action]
    assert ALLOWED[action] <= ROLES


@pytest.mark.parametrize("action", [*sorted(ALLOWED), "patient.erase", "", "PATIENT.READ"])
def test_nobody_without_a_role_may_do_anything(action: str) -> None:
    assert not _may(action)
    assert not _may(action, "gardener")


@pytest.mark.parametrize("role", sorted(ROLES))
def test_what_the_table_does_not_name_is_closed_to_everybody(role: str) -> None:
    assert not _may("patient.erase", role)


@pytest.mark.parametrize("action", PATIENT_DATA)
@pytest.mark.parametrize("role", ["engineer", "auditor", "admin"])
def test_whoever_runs_the_house_does_not_see_patients_for_it(action: str, role: str) -> None:
    assert not _may(action, role)


def test_administrators_cannot_read_the_trail_of_what_they_did() -> None:
    assert not _may("audit.read", "admin")
    assert _may("audit.read", "auditor")


def test_two_roles_may_what_either_may() -> None:
    assert _may("feed.repair", "nurse", "engineer")
    assert _may("patient.read", "nurse", "engineer")
