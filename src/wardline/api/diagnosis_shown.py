"""A differential, red flags and rare diseases as the doors show them: plain values with their words."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from wardline.api.services import Services
from wardline.science.diagnosis import red_flags
from wardline.science.diagnosis.charted import said
from wardline.science.diagnosis.differential import Differential, Next, Ranked, Weighed
from wardline.science.diagnosis.presentations import OTHER, YES_NO, Presentation
from wardline.science.diagnosis.rare.knowledge import RareDiseases
from wardline.science.diagnosis.rare.ranking import Candidate, Rank
from wardline.science.diagnosis.red_flags import Raised
from wardline.science.guidelines.applying import cards_for


def presentation_shown(each: Presentation) -> dict[str, Any]:
    return {
        "id": each.id, "title": each.title, "source": each.source,
        "conditions": [{"code": condition.code, "name": condition.name} for condition in each.conditions],
        "questions": [{"id": one.id, "words": one.ask, "kind": one.kind, "answers": list(one.answers)} for one in each.questions],
        "red_flags": [
            {"id": id, "words": red_flags.FINDINGS[id], "kind": "symptom", "answers": list(YES_NO)} for id in red_flags.asked_about(each.id)
        ],
    }  # fmt: skip


def flags_shown(flags: Iterable[Raised], measured: Mapping[str, datetime]) -> list[dict[str, Any]]:
    return [
        {
            "id": flag.id, "name": flag.name, "action": flag.action, "source": flag.source,
            "because": [red_flags.FINDINGS.get(each, each.replace("_", " ")) for each in flag.because],
            **next(({"at": measured[each]} for each in flag.because if each in measured), {}),
        }
        for flag in flags
    ]  # fmt: skip


def nothing_shown(why: str) -> dict[str, Any]:
    return {
        "presentation": "", "standing": "provisional", "primary_diagnosis": None, "confidence": None, "not_enough": why, "differential": [],
        "recommended_tests": [], "next_questions": [], "answered": [], "risk_factors": [], "treatment_recommendations": [],
    }  # fmt: skip


def picture_shown(picture: Differential, house: Services) -> dict[str, Any]:
    leading = picture.leading
    code = leading.condition.code if leading is not None else ""
    return {
        "presentation": picture.presentation.id, "standing": "provisional",
        "primary_diagnosis": {"code": code, "name": leading.condition.name} if leading is not None else None,
        "confidence": leading.probability if leading is not None else None,
        "not_enough": picture.not_enough,
        "differential": [_explanation(each) for each in picture.ranked],
        "recommended_tests": [_asking(each) for each in picture.next if each.question.kind == "test"],
        "next_questions": [_asking(each) for each in picture.next],
        "risk_factors": list(dict.fromkeys(
            each.question.ask for ranked in picture.ranked for each in ranked.speaks_for
            if each.question.kind == "history" and each.answer == YES_NO[0] and ranked.condition.id != OTHER
        )),
        "treatment_recommendations": [
            {"id": card.id, "title": card.title, "standing": card.standing} for card in cards_for(house.guidelines.values(), code, "icd10")
        ] if code else [],
    }  # fmt: skip


def _explanation(ranked: Ranked) -> dict[str, Any]:
    condition = ranked.condition
    return {
        "id": condition.id, "code": condition.code, "name": condition.name, "probability": ranked.probability, "before": ranked.before,
        "urgency": condition.urgency, "evidence_for": [_evidence(each) for each in ranked.speaks_for],
        "evidence_against": [_evidence(each) for each in ranked.speaks_against], "without_figure": ranked.without_figure,
    }  # fmt: skip


def _evidence(each: Weighed) -> dict[str, Any]:
    return {"question": each.question.id, "words": each.question.ask, "answer": each.answer, "ratio": each.ratio, "source": each.source}


def _asking(each: Next) -> dict[str, Any]:
    return {
        "question": each.question.id, "words": each.question.ask, "kind": each.question.kind, "bits": each.bits,
        "outlook": [
            {"answer": look.answer, "chance": look.chance, "leading": look.leading.name, "probability": look.probability} for look in each.outlook
        ],
    }  # fmt: skip


def answered_shown(
    presentation: Presentation, answers: Mapping[str, str], measured: Mapping[str, str], findings: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """What is known, and who says so: first what the differential was weighed with, then what only red flags look at."""
    given = said(findings)
    listed = [
        {
            "question": id,
            "words": presentation.questions[presentation.places[id]].ask,
            "answer": answer,
            "origin": "given" if id in given else "record",
        }
        for id, answer in answers.items()
    ]
    flagged = [
        {"question": id, "words": red_flags.FINDINGS[id], "answer": answer, "origin": "given" if id in given else "record"}
        for id, answer in {**measured, **given}.items() if id not in presentation.places and id in red_flags.FINDINGS
    ]  # fmt: skip
    return listed + flagged


def rare(knowledge: RareDiseases, rank: Rank) -> dict[str, Any]:
    return {
        "release": knowledge.ontology.version, "standing": "provisional", "unknown": list(rank.unknown),
        "diseases": [_rare_disease(knowledge, each) for each in rank.candidates],
        "not_enough": "" if rank.candidates else "none of these features is known to the loaded release",
    }  # fmt: skip


def _rare_disease(knowledge: RareDiseases, each: Candidate) -> dict[str, Any]:
    def feature(term: str) -> dict[str, str]:
        return {"id": term, "name": knowledge.ontology.names[term]}

    return {
        "id": each.disease, "name": each.name, "probability": each.probability,
        "matched": [{"feature": feature(match.term), "by": feature(match.by), "ratio": match.ratio} for match in each.matched],
        "against": [feature(term) for term in each.against],
    }  # fmt: skip
