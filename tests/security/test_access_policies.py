"""The text of the policies: each says what it is for, and one that is not right stops the start with its file and line."""

from pathlib import Path

import pytest

from security.told import Told
from wardline.core.errors import Refused
from wardline.core.people import Person
from wardline.security.authorisation.actions import ACTIONS
from wardline.security.authorisation.deciding import CedarAccess
from wardline.security.authorisation.policies import NEEDED, policies_in

NOTES = '@id("{id}")\n@says("A rule of this site.")\n@because("This site has said so.")\n'
GOOD = NOTES.format(id="night-doctors") + 'permit (principal in Role::"doctor", action == Action::"audit.read", resource);\n'


def _site(folder: Path, text: str, name: str = "ours.cedar") -> Path:
    site = folder / "policies"
    site.mkdir(exist_ok=True)
    (site / name).write_text(text, encoding="utf-8")
    return site


def test_every_policy_says_what_it_does_and_why() -> None:
    for policy in policies_in().all:
        assert policy.says.endswith("."), policy.id
        assert policy.because.endswith("."), policy.id
        assert policy.effect == "permit" or policy.refusal, f"{policy.id} keeps somebody out and does not tell them anything"


def test_every_action_is_named_by_a_policy() -> None:
    policies = policies_in().all
    assert [action for action in ACTIONS if not any(policy.names(action) for policy in policies)] == [], "closed to everybody"


def test_a_policy_of_ours_is_found_again_where_it_stands() -> None:
    policy = policies_in().named("care-reads")

    assert policy.file == "care.cedar"
    assert policy.text.startswith('@id("care-reads")')
    assert policy.is_ours


def test_a_site_adds_policies_of_its_own(tmp_path: Path) -> None:
    policies = policies_in(_site(tmp_path, f"// what we decided in May\n\n{GOOD}"))

    assert policies.named("night-doctors")[4:6] == ("policies/ours.cedar", 3)
    assert not policies.named("night-doctors").is_ours


def test_a_site_can_forbid_what_ours_permit(tmp_path: Path) -> None:
    text = (
        NOTES.format(id="no-vip")
        + 'forbid (principal, action == Action::"patient.chart", resource is Patient) when { resource.units.contains("VIP") };'
    )
    access = CedarAccess(policies_in(_site(tmp_path, text)), Told(ward="VIP"))

    assert access.decide(Person("p", "P", frozenset({"nurse"})), "patient.chart", "ada").policies == ("no-vip",)


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        (GOOD + "\n" + GOOD, 6, "there is a policy 'night-doctors' already"),
        (GOOD.replace("==", "="), 1, "not a valid operator"),
        (GOOD.replace("audit.read", "audit.raed"), 1, "unrecognized action"),
        ('\n\n' + GOOD.replace(";", " when { context.relashions.contains(\"unit\") };"), 3, "relashions"),
        (GOOD.replace('Role::"doctor"', 'Rolle::"doctor"'), 1, "unrecognized entity type"),
        ("\n" + GOOD.replace('@because("This site has said so.")\n', ""), 2, '@because'),
        (GOOD.replace("night-doctors", "Night doctors"), 1, "small letters"),
        (GOOD.replace(";", ""), 1, "a semicolon ends one"),
        (NOTES.format(id="care-reads") + 'permit (principal, action, resource);', 1, "there is a policy 'care-reads' already, in care.cedar"),
        (GOOD.replace("A rule", "A // rule; of"), 0, ""),
    ],
)  # fmt: skip
def test_a_wrong_policy_is_refused_with_file_and_line(tmp_path: Path, text: str, line: int, why: str) -> None:
    site = _site(tmp_path, text)
    if not line:
        assert policies_in(site).named("night-doctors").says == "A // rule; of of this site."
        return
    with pytest.raises(Refused, match=f"access policy policies/ours.cedar line {line}: ") as refused:
        policies_in(site)
    assert why in refused.value.reason


@pytest.mark.parametrize("note", NEEDED)
def test_a_policy_without_its_notes_is_refused(tmp_path: Path, note: str) -> None:
    lines = [line for line in GOOD.splitlines() if not line.startswith(f"@{note}")]
    with pytest.raises(Refused, match=f"every policy says @{note}"):
        policies_in(_site(tmp_path, "\n".join(lines)))


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    site = _site(tmp_path, "")
    (site / "other.cedar").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Refused, match=r"other\.cedar cannot be read"):
        policies_in(site)
