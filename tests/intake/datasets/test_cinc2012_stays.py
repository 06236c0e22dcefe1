"""Reading the challenge's files: what they say, and what is not theirs to say."""

from pathlib import Path

import pytest

from intake.datasets.written import Written, write_set
from wardline.core.errors import NotFound, Refused
from wardline.intake.datasets.cinc2012.stays import Measurement, outcomes, outcomes_beside, stays


def test_a_stay_has_its_descriptors_and_its_measurements_by_minute(tmp_path: Path) -> None:
    rows = (("00:07", "HR", "73"), ("00:07", "Temp", "35.1"), ("35:19", "HR", "88"))
    (stay,) = stays(write_set(tmp_path, [Written("7", rows, age="54", gender="0", icu="4")]))

    assert (stay.record, stay.age, stay.sex, stay.unit) == ("7", "54", "F", "4")
    # The challenge's page: 35:19 is 35 hours and 19 minutes after admission.
    assert stay.instants == (
        (0, (Measurement("Age", "54"),)),
        (7, (Measurement("HR", "73"), Measurement("Temp", "35.1"))),
        (35 * 60 + 19, (Measurement("HR", "88"),)),
    )


def test_minus_one_is_missing_and_another_negative_number_is_not(tmp_path: Path) -> None:
    (stay,) = stays(write_set(tmp_path, [Written("7", (("01:00", "Temp", "-17.8"),), age="-1", gender="-1", height="-1", weight="81")]))

    assert stay.sex == "U"
    assert stay.age == ""
    assert stay.instants == ((0, (Measurement("Weight", "81"),)), (60, (Measurement("Temp", "-17.8"),)))


def test_lines_without_a_parameter_say_nothing(tmp_path: Path) -> None:
    (stay,) = stays(write_set(tmp_path, [Written("7")], extra=["7,12:00,,0"]))

    assert [at for at, _ in stay.instants] == [0]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("7,00:10,HeartRate,73", "does not define"),
        ("7,00:10,HR,fast", "line 8 is not"),
        ("7,10,HR,73", "line 8 is not"),
        ("7,00:10,HR", "line 8 is not"),
        ("8,00:10,HR,73", "record 8 does not begin with its descriptors"),
    ],
)
def test_what_the_set_does_not_define_is_refused_with_its_line(tmp_path: Path, line: str, reason: str) -> None:
    path = write_set(tmp_path, [Written("7")], extra=[line])

    with pytest.raises(Refused, match=reason):
        list(stays(path))


def test_a_record_in_two_places_is_refused(tmp_path: Path) -> None:
    path = write_set(tmp_path, [Written("7"), Written("8")], extra=["7,00:10,HR,73"])

    with pytest.raises(Refused, match="record 7 does not begin"):
        list(stays(path))


def test_another_file_is_refused_by_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "set-x.csv"
    path.write_text("id,time,value\n", encoding="ascii")

    with pytest.raises(Refused, match="must begin with the line RecordID"):
        list(stays(path))


def test_outcomes_know_what_is_not_known(tmp_path: Path) -> None:
    path = write_set(tmp_path, [Written("7", saps=12, sofa=-1, days=-1, survived=30, died=0), Written("8", days=4, survived=3, died=1)])

    ended = outcomes(outcomes_beside(path))

    assert (ended["7"].saps, ended["7"].sofa, ended["7"].days, ended["7"].survived_days, ended["7"].died) == (12, None, None, 30, False)
    assert (ended["8"].days, ended["8"].survived_days, ended["8"].died) == (4, 3, True)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"Outcomes-x\.txt"):
        outcomes(outcomes_beside(tmp_path / "set-x.csv.gz"))
