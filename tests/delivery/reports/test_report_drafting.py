"""The first draft says what was measured and nothing else, and what keeps it from being signed is said item by item."""

import pytest

from delivery.reports.lesions_found import L1, L2, L3, first_scan, followed_up, values
from wardline.core.errors import Refused
from wardline.delivery.reports.checking import open_items
from wardline.delivery.reports.measured import measurements
from wardline.delivery.reports.pages import DRAFT, Page, blocks_of, html, text_of, with_addendum
from wardline.delivery.reports.sentences import Section, Sentence, packed, saved, unpacked, with_sections
from wardline.delivery.reports.templates import TEMPLATES, first_draft, template

MEASURED = followed_up()


def test_each_lesion_gets_a_sentence_with_what_it_was_before() -> None:
    draft = saved(first_draft("oncology", MEASURED), MEASURED)
    findings = next(section for section in draft.sections if section.id == "findings")

    assert [each.seen for each in findings.sentences] == [
        "Lung, right (L1), SULpeak 5.41, was 9.84 (\u221245 %); volume 18.6 mL.",
        "Soft tissue, left (L2), SULpeak 4.12, was 4.40 (\u22126 %); volume 3.2 mL.",
        "Without a match in the earlier study: bone (L3), SULpeak 2.02.",
    ]  # fmt: skip


def test_the_draft_of_a_follow_up_waits_only_for_a_doubtful_pairing() -> None:
    draft = saved(first_draft("oncology", MEASURED), MEASURED)
    assert [(each.code, each.key) for each in open_items(draft, MEASURED)] == [("match", "L2")]
    assert open_items(draft._replace(confirmed=("L2",)), MEASURED) == []


@pytest.mark.parametrize("branch", TEMPLATES)
def test_every_branch_drafts_a_report_whose_open_items_are_empty_sections_only(branch: str) -> None:
    measured = followed_up(L1)
    draft = saved(first_draft(branch, measured), measured)
    codes = {(each.code, each.section) for each in open_items(draft, measured)}
    assert codes <= {("needed", id) for id, heading in template(branch).sections.items() if heading.needed}


def test_a_lesion_nobody_wrote_about_is_open() -> None:
    draft = first_draft("oncology", MEASURED)
    without = draft._replace(sections=tuple(section._replace(sentences=section.sentences[:1]) for section in draft.sections), confirmed=("L2",))
    assert [each.key for each in open_items(without, MEASURED) if each.code == "needed"] == ["L2", "L3"]


def test_a_placeholder_that_was_not_measured_says_why() -> None:
    draft = first_draft("general", MEASURED)._replace(sections=(Section("findings", (Sentence("s1", "Volume {L3.mtv}, {L9.suv_max}.", ("L3",)),)),))
    messages = [each.message for each in open_items(draft, MEASURED) if each.code == "no-source"]
    assert messages == ["there is no MTV of L3 (too faint)", "{L9.suv_max} was not measured in this study"]


def test_a_sentence_whose_measurement_has_changed_must_be_read_again() -> None:
    draft = saved(first_draft("oncology", MEASURED), MEASURED)._replace(confirmed=("L2",))
    measured_again = followed_up({**L1, "values": values(5.52, 7.3, 18.9)}, L2, L3)
    (stale,) = [each for each in open_items(draft, measured_again) if each.code == "stale"]
    assert stale.sentence == draft.sections[2].sentences[0].id


def test_a_draft_survives_being_packed() -> None:
    draft = saved(first_draft("oncology", MEASURED), MEASURED)
    assert unpacked(packed(draft)) == draft


def test_sentences_keep_their_numbers_and_new_ones_get_free_ones() -> None:
    draft = saved(first_draft("oncology", MEASURED), MEASURED)
    longer = draft._replace(sections=(*draft.sections[:-1], Section("impression", (Sentence("", "Seen together."), *draft.sections[-1].sentences))))
    ids = [each.id for each in saved(longer, MEASURED).sentences]
    assert len(ids) == len(set(ids))
    assert [each.id for each in draft.sentences] == [id for id in ids if id in {each.id for each in draft.sentences}]


def test_a_section_that_the_branch_has_not_is_refused() -> None:
    with pytest.raises(Refused, match="has no section 'pleura'"):
        with_sections(first_draft("oncology", MEASURED), [Section("pleura")], template("oncology").sections)


def test_the_text_is_whole_and_an_addendum_stands_below_it() -> None:
    text = text_of(first_draft("oncology", MEASURED), MEASURED)
    assert "FINDINGS\nLung, right (L1), SULpeak 5.41" in text
    more = with_addendum(text, 1, "Discussed by telephone.", "Ada Okonkwo, 12 Nov 2026")
    assert more.startswith(text)
    assert blocks_of(more)[-1] == ("ADDENDUM 1 (Ada Okonkwo, 12 Nov 2026)", ("Discussed by telephone.",))


def test_what_people_type_is_no_markup_on_a_page() -> None:
    page = Page("St Test", "Report <b>", "A", DRAFT, (("Patient", "<i>"),), (("Findings", ("<script>alert(1)</script>",)),))
    made = html(page)
    assert "<script>" not in made
    assert "&lt;script&gt;" in made
    assert "DRAFT" in made


def test_the_first_scan_says_that_there_is_nothing_to_compare_with() -> None:
    measured = first_scan()
    assert "No earlier study for comparison." in text_of(first_draft("oncology", measured), measured)
    assert "new" not in text_of(first_draft("oncology", measured), measured).lower()


def test_an_unknown_site_leaves_no_hole() -> None:
    measured = measurements([{**L1, "site": "", "side": "", "prior": None}])
    assert "Lesion (L1), SULpeak 5.41; volume 18.6 mL." in text_of(first_draft("general", measured), measured)


def test_a_lesion_that_has_become_too_faint_is_named_with_what_is_left() -> None:
    faint = {"key": None, "prior": {"key": "L5", "study": "1.1", "values": values(5.05, 6.4, 2.0)}, "left": 2.21}
    measured = followed_up(L1, faint=(faint,))
    text = text_of(first_draft("oncology", measured), measured)
    assert "L5 of the earlier study is too faint for a candidate now: SULpeak 2.21, was 5.05 (\u221256 %)." in text
    assert open_items(saved(first_draft("oncology", measured), measured), measured) == []


def test_a_reader_who_has_looked_says_that_a_lesion_without_a_match_is_not_new() -> None:
    written = Section("findings", (Sentence("s1", "L1, L2 and L3 are unchanged or smaller, no new lesion."),))
    draft = first_draft("general", MEASURED)._replace(sections=(written, Section("comparison"), Section("impression")), confirmed=("L2",))
    assert {each.code for each in open_items(draft, MEASURED) if each.sentence == "s1"} == {"negation", "prior"}
    assert not [each for each in open_items(draft._replace(confirmed=("L2", "L3")), MEASURED) if each.sentence == "s1"]
