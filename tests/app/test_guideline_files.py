"""The cards that come with the house, and the site's own beside them."""

from importlib.resources import files
from pathlib import Path

import pytest

from wardline.app.discovery import discover
from wardline.app.guidelines.loading import guidelines
from wardline.core.errors import Refused
from wardline.science.criteria.of_timeline import found_in

SEPSIS = Path(str(files("wardline.app.guidelines"))) / "sepsis.yaml"


def test_every_answer_a_card_asks_for_is_one_of_the_house() -> None:
    answered = {capability.id for capability in discover().capabilities}

    for card in guidelines().values():
        assert found_in(card.terms) <= answered, card.id


def test_no_card_of_the_house_claims_a_source_was_read_that_was_not() -> None:
    assert {card.standing for card in guidelines().values()} == {"provisional"}
    assert not any(source.read for card in guidelines().values() for source in card.sources)


def test_a_card_of_the_site_goes_before_the_houses_and_others_stay(tmp_path: Path) -> None:
    folder = tmp_path / "guidelines"
    folder.mkdir()
    text = SEPSIS.read_text(encoding="utf-8")
    (folder / "sepsis.yaml").write_text(text.replace("title: Sepsis and septic shock", "title: Our sepsis"), encoding="utf-8")
    (folder / "our_own.yaml").write_text(text, encoding="utf-8")

    found = guidelines(tmp_path)

    assert (found["sepsis"].title, found["sepsis"].origin) == ("Our sepsis", "site")
    assert found["our_own"].origin == "site"
    assert (len(found), found["heart_failure"].origin) == (11, "house")


def test_a_wrong_card_is_said_with_its_file(tmp_path: Path) -> None:
    folder = tmp_path / "guidelines"
    folder.mkdir()
    (folder / "sepsis.yaml").write_text(SEPSIS.read_text(encoding="utf-8").replace("has: ", "hat: ", 1), encoding="utf-8")

    with pytest.raises(Refused, match=r"sepsis\.yaml: .*begins with none of the words"):
        guidelines(tmp_path)


def test_the_card_of_the_page_on_writing_one_is_a_card(tmp_path: Path) -> None:
    page = Path(__file__).parents[2] / "docs/clinical/writing-a-guideline.md"
    (tmp_path / "guidelines").mkdir()
    (tmp_path / "guidelines/gout.yaml").write_text(page.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0], encoding="utf-8")

    card = guidelines(tmp_path)["gout"]

    assert [step.id for step in card.steps] == ["nsaid", "colchicine"]
    assert card.owner == "Rheumatology"
