"""Training a survival model on a site's table: what is read, what is refused, what comes out, and how far it can be believed."""

import json
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import pytest

from wardline.app.cli.training import survival
from wardline.app.discovery import discover
from wardline.app.site_tables import site_tables
from wardline.core.errors import Refused
from wardline.learning.survival import boosting
from wardline.learning.survival.card import card
from wardline.learning.survival.fitting import coefficients
from wardline.learning.survival.measuring import measured
from wardline.learning.survival.table import Columns, Table, read, table
from wardline.learning.survival.training import Wish, read_back, train
from wardline.science.statistics.survival.cox import cox
from wardline.science.statistics.survival.observed import observed
from wardline.science.statistics.survival.trained import Trained
from wardline.science.statistics.survival.trees import trees

COLUMNS = Columns("months", "died")
WISH = Wish("cox", 12, "Two features", resamples=25)


def people(count: int, seed: int, noise: int = 0) -> Table:
    """Made up: the log risk is the first feature, the mean time 15 months; `noise` features do nothing."""
    drawn = np.random.default_rng(seed)
    features = drawn.normal(size=(count, 1 + noise))
    time, ended = drawn.exponential(15 * np.exp(-features[:, 0])), drawn.uniform(6, 40, count)
    names = ("marker", *(f"noise_{place}" for place in range(noise)))
    return Table(names, features, observed(np.minimum(time, ended), time <= ended), np.arange(count))


def truth(marker: float, months: float) -> float:
    return float(np.exp(-months / 15 * np.exp(marker)))


# --- the table ------------------------------------------------------------------------------------------------------------------


def test_lines_with_a_missing_value_are_left_out_and_counted() -> None:
    rows = [{"months": "3", "died": "1", "age": "60"}, {"months": "5", "died": "0", "age": "NA"}, {"months": "7", "died": "no", "age": "70"}]
    found = table(rows, COLUMNS)

    assert (len(found), found.left_out, found.names) == (2, 1, ("age",))
    assert found.seen.happened.tolist() == [True, False]


def test_days_and_years_become_months_and_sex_a_number() -> None:
    rows = [{"t": "365.25", "died": "1", "sex": "M"}, {"t": "36525", "died": "1", "sex": "F"}]
    found = table(rows, Columns("t", "died", unit="days"))

    assert found.seen.time == pytest.approx([12, 1200])
    assert (found.names, found.features.tolist()) == (("male",), [[1.0], [0.0]])


@pytest.mark.parametrize(
    ("row", "columns", "words"),
    [
        ({"months": "3", "died": "1", "age": "old"}, COLUMNS, "line 2, age: 'old' is not a number"),
        ({"months": "3", "died": "2", "age": "60"}, COLUMNS, "line 2, died: '2' is neither 1"),
        ({"months": "-3", "died": "1", "age": "60"}, COLUMNS, "number of 0 or more"),
        ({"months": "3", "died": "1"}, COLUMNS, "name features"),
        ({"months": "3", "died": "1", "age": "60"}, Columns("time", "died"), "no column 'time'; it has months, died, age"),
        ({"months": "3", "died": "1", "age": "60"}, Columns("months", "died", features=("months",)), "neither the time nor the event"),
        ({"months": "3", "died": "1", "age": ""}, COLUMNS, "no line of the table has every value"),
    ],
)
def test_a_table_that_is_wrong_says_where(row: dict[str, str], columns: Columns, words: str) -> None:
    with pytest.raises(Refused, match=words):
        table([row], columns)


def test_a_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Refused, match="cannot be read"):
        read(tmp_path / "table.csv", COLUMNS)


def test_all_lines_of_a_person_lie_in_one_part_and_events_are_spread_over_all() -> None:
    whose = np.repeat(np.arange(50), 3)
    seen = observed(np.ones(150), whose % 5 == 0)
    part = Table(("x",), np.zeros((150, 1)), seen, whose).folds(5, seed=3)

    assert all(len(set(part[whose == person])) == 1 for person in range(50))
    assert [int(seen.happened[part == number].sum()) for number in range(5)] == [6] * 5


# --- the models -----------------------------------------------------------------------------------------------------------------


def test_our_walk_of_the_trees_gives_what_lightgbm_gives() -> None:
    made, settings = people(200, 1, noise=2), boosting.SETTINGS | {"seed": 5}
    kept = boosting.boosted(made.features, made.seen, 40, 5)
    walked = trees(kept["nodes"], kept["roots"], 3).log_risk(made.features)
    known = lightgbm.train(settings | {"objective": boosting._objective(made.seen)}, boosting._data(lightgbm, made.features), num_boost_round=40)

    assert len(kept["roots"]) == 40
    assert walked == pytest.approx(known.predict(made.features), abs=1e-9)


def test_more_features_than_people_are_fitted_as_if_there_were_time() -> None:
    made = people(40, 8, noise=60)

    assert coefficients(made.features, made.seen, 10.0) == pytest.approx(cox(made.features, made.seen, ridge=10.0).coefficients, abs=1e-6)


@pytest.mark.parametrize("kind", ["cox", "boosted"])
def test_people_not_seen_are_told_apart_about_as_well_as_can_be(kind: Any) -> None:
    made = people(300, 2, noise=2)
    found = measured(kind, made, 12, seed=1, resamples=50)
    best = 0.73
    """The C of the true risk in these 300: what no model can beat but by luck."""

    assert best - 0.07 < found.harrell.estimate < best + 0.03
    assert found.harrell.low < found.harrell.estimate < found.harrell.high
    assert found.gain > 0.1
    assert found.slope.low < 1 < found.slope.high


def test_where_there_is_nothing_to_learn_nothing_is_claimed() -> None:
    made = people(200, 3, noise=5)
    content = train(Table(made.names[1:], made.features[:, 1:], made.seen, made.patient), WISH)

    assert any("holds 0.5" in warning for warning in content["card"]["warnings"])


def test_the_interval_of_a_person_holds_the_truth_about_as_often_as_it_says() -> None:
    inside = []
    for seed in range(8):
        model = read_back(train(people(250, 100 + seed), WISH))
        for marker in np.linspace(-1.5, 1.5, 7):
            curve = model.curve({"marker": float(marker)})
            inside.append(curve.low[-1] <= truth(marker, 12) <= curve.high[-1])

    assert np.mean(inside) > 0.8


def test_a_trained_model_is_read_back_and_its_card_says_what_it_is_worth() -> None:
    content = train(people(200, 4, noise=1), WISH)
    model = read_back(json.loads(json.dumps(content)))

    assert isinstance(model, Trained)
    assert len(model.members) == 26
    worth = content["card"]["measured"]["c_harrell"]
    assert f"| Harrell's C | {worth[0]:.3f} ({worth[1]:.3f} to {worth[2]:.3f}) |" in card(model)
    assert train(people(200, 4, noise=1), WISH) == content, "the same table and the same seed give the same model"


@pytest.mark.parametrize(
    ("made", "wish", "words"),
    [
        (people(25, 1), WISH, "were affected within 12 months; 30 are needed"),
        (people(200, 1), Wish("cox", 39.9, ""), "were watched for 39.9 months; 10 are needed"),
        (people(200, 1), Wish("cox", float("nan"), ""), "a number of months above 0"),
        (people(200, 1), Wish("cox", 12, "", resamples=3), "take 20 resamples or more"),
    ],
)
def test_what_nothing_can_be_learnt_from_is_refused(made: Table, wish: Wish, words: str) -> None:
    with pytest.raises(Refused, match=words):
        train(made, wish)


def test_a_c_index_that_is_too_good_is_named() -> None:
    made = people(200, 5)
    knows = Table(("nearly_follow_up",), made.features[:, :1] - made.seen.time[:, None], made.seen, made.patient)

    assert any("only known later" in warning for warning in train(knows, WISH)["card"]["warnings"])


# --- the command ----------------------------------------------------------------------------------------------------------------


def test_the_command_writes_a_model_that_a_house_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = people(150, 6)
    rows = zip(made.seen.time, made.seen.happened, made.features[:, 0], strict=True)
    lines = ["months,died,age_years", *(f"{time},{int(happened)},{60 + 10 * marker}" for time, happened, marker in rows)]
    (tmp_path / "table.csv").write_text("\n".join(lines), encoding="utf-8")
    folder = tmp_path / "site" / "prognosis_model"

    survival(tmp_path / "table.csv", time="months", event="died", horizon=12, resamples=20, out=tmp_path / "new")
    assert "C-index" in capsys.readouterr().out
    folder.mkdir(parents=True)
    (tmp_path / "new" / "model.json").rename(folder / "model.json")

    content = site_tables(tmp_path / "site", discover())["prognosis_model"]
    assert content["card"]["persons"] == 150
    assert "# Survival" in (tmp_path / "new" / "card.md").read_text(encoding="utf-8")
    (folder / "another.json").write_text("{}", encoding="utf-8")
    with pytest.raises(Refused, match="one model at a time answers, there are 2 files"):
        site_tables(tmp_path / "site", discover())


def test_the_command_writes_no_model_over_another(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text("{}", encoding="utf-8")
    with pytest.raises(Refused, match="not an empty folder"):
        survival(tmp_path / "table.csv", time="t", event="e", horizon=12, out=tmp_path)
    assert (tmp_path / "model.json").read_text(encoding="utf-8") == "{}"
