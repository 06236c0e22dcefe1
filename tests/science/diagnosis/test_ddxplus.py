"""The vocabulary of DDXPlus: its published files are read whole, and cases written with it are learned from."""

import csv
import json
import os
import random
from pathlib import Path

import pytest
import yaml

from wardline.app.cli.knowledge import learn
from wardline.core.errors import NotFound, Refused
from wardline.science.diagnosis.ddxplus import Vocabulary, cases_of, vocabulary_of
from wardline.science.diagnosis.differential import posterior
from wardline.science.diagnosis.published.library import PRESENTATIONS
from wardline.science.diagnosis.site_presentations import presentations_of

FOLDER = Path(os.environ.get("WARDLINE_REFERENCE_DATA", "../shared/data")) / "knowledge/ddxplus_mini"
CONDITIONS = {
    name: {"cond-name-eng": name, "icd10-id": code, "severity": severity}
    for name, code, severity in (("Influenza", "j11.1", 3), ("Anaphylaxis", "T78.0", 1))
}
EVIDENCES = {
    "E_91": {"name": "E_91", "question_en": "Fever?", "is_antecedent": False, "data_type": "B", "possible-values": [], "default_value": 0},
    "E_55": {
        "name": "E_55", "question_en": "Pain?", "is_antecedent": False, "data_type": "M", "possible-values": ["V_1", "V_2"], "default_value": "V_1",
        "value_meaning": {"V_1": {"en": "nowhere"}, "V_2": {"en": "head"}},
    },
    "E_56": {"name": "E_56", "question_en": "How bad?", "is_antecedent": False, "data_type": "C", "possible-values": [0, 1, 2], "default_value": 0},
}  # fmt: skip


def test_listed_evidences_are_answers_and_the_others_have_their_default() -> None:
    vocabulary = vocabulary_of(CONDITIONS, EVIDENCES)
    (case,) = cases_of([{"PATHOLOGY": "Influenza", "EVIDENCES": "['E_91', 'E_55_@_V_2', 'E_56_@_2']"}], vocabulary)
    (silent,) = cases_of([{"PATHOLOGY": "Anaphylaxis", "EVIDENCES": "[]"}], vocabulary)

    assert case == ("influenza", {"E_91": "yes", "E_55_@_V_1": "yes", "E_55_@_V_2": "yes", "E_56": "2"})
    assert silent.answers == {"E_91": "no", "E_55_@_V_1": "yes", "E_55_@_V_2": "no", "E_56": "0"}
    assert (vocabulary.conditions["Influenza"].code, vocabulary.conditions["Anaphylaxis"].urgency) == ("J11.1", "emergency")


@pytest.mark.parametrize("row", [{}, {"PATHOLOGY": "Gout", "EVIDENCES": "[]"}, {"PATHOLOGY": "Influenza", "EVIDENCES": "['E_1']"}])
def test_a_row_that_does_not_fit_the_vocabulary_is_refused_with_its_number(row: dict[str, str]) -> None:
    with pytest.raises(Refused, match="row 2"):
        list(cases_of([row], vocabulary_of(CONDITIONS, EVIDENCES)))


def test_files_that_are_something_else_are_refused() -> None:
    for conditions, evidences in (([], {}), ({"a": {}}, {}), (CONDITIONS, {"E_1": {}})):
        with pytest.raises(Refused):
            vocabulary_of(conditions, evidences)


def test_the_command_writes_a_table_of_the_site_and_keeps_the_others_in_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chance, out = random.Random(3), tmp_path / "site" / "presentations.yaml"
    for name, content in (("conditions", CONDITIONS), ("evidences", EVIDENCES)):
        (tmp_path / f"{name}.json").write_text(json.dumps(content))
    with (tmp_path / "cases.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["AGE", "SEX", "PATHOLOGY", "EVIDENCES"])
        for _ in range(200):
            ill = chance.random() < 0.5
            fever = chance.random() < (0.9 if ill else 0.1)
            writer.writerow([40, "F", "Influenza" if ill else "Anaphylaxis", "['E_91']" if fever else "[]"])
    for name in ("clinic", "night"):
        files = {each: tmp_path / f"{each}.json" for each in ("conditions", "evidences")}
        learn(tmp_path / "cases.csv", **files, name=name, title=name.title(), out=out)

    read = presentations_of(yaml.safe_load(out.read_text()))
    assert [each.id for each in read] == ["clinic", "night"]
    # 0.9 against 0.1 at even shares.
    assert posterior(read[0], {"E_91": "yes"})[0] == pytest.approx(0.9, abs=0.1)
    assert "of 100 held-out cases the truth came first in" in capsys.readouterr().out


def test_the_command_says_which_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"release\.json is not there"):
        learn(tmp_path, conditions=tmp_path / "release.json", evidences=tmp_path, name="a", title="A", out=tmp_path)


def published() -> Vocabulary:
    conditions, evidences = (json.loads((FOLDER / f"release_{name}.json").read_text(encoding="utf-8")) for name in ("conditions", "evidences"))
    return vocabulary_of(conditions, evidences)


@pytest.mark.reference
def test_the_published_vocabulary_is_read_whole() -> None:
    vocabulary = published()

    assert len(vocabulary.conditions) == 49
    assert len({question.ddxplus for question in vocabulary.questions}) == 223


@pytest.mark.reference
def test_our_own_questions_name_evidences_that_exist() -> None:
    known = {question.ddxplus for question in published().questions}

    named = {question.ddxplus for presentation in PRESENTATIONS for question in presentation.questions if question.ddxplus}
    assert len(named) > 15
    assert named <= known
