"""What the site decides is read whole before anything starts: a wrong table is a sentence at start, not a gap at three in the morning."""

from collections.abc import Callable
from contextlib import suppress
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardline.app.bootstrap import open_wardline
from wardline.app.discovery import Catalogue, discover
from wardline.app.settings import Settings
from wardline.app.site_tables import content_of, site_tables
from wardline.capabilities.laboratory.critical_limits import critical_limits
from wardline.core.capability import Need
from wardline.core.errors import Refused

HEAD = 'owner: Laboratory\nversion: "1"\ndate: 2026-01-01\nsource: this test\nsigned_by: Dr Test\nlimits:\n'
GOOD = {
    "critical_limits.yaml": HEAD + "  potassium: {below: 2.8, above: 6.2, unit: mmol/L}\n",
    "delta_limits.yaml": HEAD + "  potassium: {by: 1.5, unit: mmol/L, within_hours: 24}\n",
    "reference_ranges.yaml": HEAD + "  potassium: {unit: mmol/L, ranges: [{low: 3.5, high: 5.0}]}\n",
    "biological_variation.yaml": HEAD + "  creatinine: {within_person_percent: 4.5, analytical_percent: 2}\n",
    "corrected_sodium_formula.yaml": "hillier\n",
    "shock_index_limit.yaml": "1.0\n",
}
WRONG = {
    "a limit that is no number": ("critical_limits.yaml", HEAD + "  potassium: {below: low, unit: mmol/L}", "potassium, below, must be a number"),
    "a limit nothing lies beyond": ("critical_limits.yaml", HEAD + "  potassium: {above: .nan, unit: mmol/L}", "potassium, above, must be a number"),
    "a limit in no unit": ("critical_limits.yaml", HEAD + "  potassium: {above: 6.2}", "needs a unit of Potassium"),
    "limits the wrong way round": ("critical_limits.yaml", HEAD + "  potassium: {below: 6.2, above: 2.8, unit: mmol/L}", "leave nothing between"),
    "an analyte nobody knows": ("critical_limits.yaml", HEAD + "  kalium: {above: 6.2, unit: mmol/L}", "'kalium' is not a laboratory value"),
    "the same analyte twice": (
        "critical_limits.yaml",
        HEAD + "  potassium: {above: 6.2, unit: mmol/L}\n  potassium: {above: 62, unit: mmol/L}",
        "'potassium' is said twice",
    ),
    "a head said twice": ("critical_limits.yaml", HEAD + "  potassium: {above: 6.2, unit: mmol/L}\n" + HEAD, "'owner' is said twice"),
    "nobody's table": ("critical_limits.yaml", "limits: {}", "does not say its owner"),
    "a delta without its time": ("delta_limits.yaml", HEAD + "  potassium: {by: 1.5, unit: mmol/L}", "within_hours, must be a number"),
    "a delta that lasts for ever": ("delta_limits.yaml", HEAD + "  potassium: {by: 1, unit: mmol/L, within_hours: .inf}", "must be a number"),
    "a range without an end": ("reference_ranges.yaml", HEAD + "  potassium: {unit: mmol/L, ranges: [{sex: F}]}", "leaves nothing between"),
    "two ranges for one person": (
        "reference_ranges.yaml",
        HEAD + "  potassium: {unit: mmol/L, ranges: [{low: 3, high: 5}, {sex: F, low: 3, high: 6}]}",
        "two ranges for the same person",
    ),
    "a sex nobody has": ("reference_ranges.yaml", HEAD + "  potassium: {unit: mmol/L, ranges: [{sex: W, low: 3, high: 5}]}", "may have sex (F or M)"),
    "a range that is no list": ("reference_ranges.yaml", HEAD + "  potassium: {unit: mmol/L, ranges: 5}", "needs ranges, a list"),
    "variation below nothing": (
        "biological_variation.yaml",
        HEAD + "  creatinine: {within_person_percent: -1, analytical_percent: 2}",
        "two percentages of 0 or more",
    ),
    "variation of half": ("biological_variation.yaml", HEAD + "  creatinine: {within_person_percent: 4}", "analytical_percent, must be a number"),
    "a formula nobody has written": ("corrected_sodium_formula.yaml", "mine", "one of katz, hillier"),
    "a list of formulas": ("corrected_sodium_formula.yaml", "[katz, hillier]", "one of katz, hillier"),
    "a limit in words": ("shock_index_limit.yaml", "high", "must be a number such as 0.9"),
    "a file that is empty": ("shock_index_limit.yaml", "", "is empty"),
    "a file that is not YAML": ("critical_limits.yaml", "limits: [", "is not valid YAML"),
    "a file that is not text": ("critical_limits.yaml", "\udcff", "cannot be read"),
    "a name nothing reads": (
        "critical_limit.yaml",
        GOOD["critical_limits.yaml"],
        "no capability reads a table of this name; there are ",
    ),
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return discover()


def _site(data: Path, **files: str) -> Path:
    folder = data / "config" / "site"
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", errors="surrogateescape")
    return folder


def test_good_tables_are_read_by_name(tmp_path: Path, catalogue: Catalogue) -> None:
    tables = site_tables(_site(tmp_path, **GOOD), catalogue)

    assert {f"{name}.yaml" for name in tables} == set(GOOD)
    assert tables["shock_index_limit"] == 1.0
    assert tables["critical_limits"]["limits"]["potassium"]["above"] == 6.2


def test_the_demonstrations_limits_are_signed_and_the_examples_are_not(catalogue: Catalogue) -> None:
    """An invented hospital signs for itself; a real one must. Both files are good tables, the example also as it lies there."""
    invented = content_of(Path(str(resources.files("wardline.simulator").joinpath("critical_limits.yaml"))))
    example = site_tables(Path(__file__).parents[2] / "docs" / "examples" / "site", catalogue)["critical_limits"]

    assert critical_limits(invented).signature.is_signed
    assert not critical_limits(example).signature.is_signed
    assert critical_limits(invented).limits == critical_limits(example).limits


def test_a_site_that_has_decided_nothing_has_no_tables(tmp_path: Path, catalogue: Catalogue) -> None:
    assert site_tables(tmp_path / "nowhere", catalogue) == {}


@pytest.mark.parametrize(("name", "text", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_table_stops_the_start_with_its_file_and_the_reason(tmp_path: Path, name: str, text: str, words: str) -> None:
    folder = _site(tmp_path, **{name: text})

    with pytest.raises(Refused) as refused:
        open_wardline(Settings(data=tmp_path))

    assert str(folder / name) in str(refused.value)
    assert words in str(refused.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config"], "nothing was made or held before the site's words were read"


def test_after_the_table_is_mended_it_starts(tmp_path: Path) -> None:
    folder = _site(tmp_path, **{"shock_index_limit.yaml": "high"})
    with pytest.raises(Refused):
        open_wardline(Settings(data=tmp_path))
    (folder / "shock_index_limit.yaml").write_text("1.0", encoding="utf-8")

    opened = open_wardline(Settings(data=tmp_path))

    assert opened.engine.assessments.site == {"shock_index_limit": 1.0}
    opened.close()


def test_the_table_of_a_capability_that_does_not_run_does_not_stop_the_others(tmp_path: Path, catalogue: Catalogue) -> None:
    """A faulty plug-in is refused alone; so is what the site has written for it."""
    without = Catalogue(catalogue.capabilities, catalogue.cases, {"plugin.frailty": "its case file is missing"}, catalogue.sources)

    assert site_tables(_site(tmp_path, **{"frailty_limits.yaml": "3"}), without) == {"frailty_limits": 3}


_PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["limits", "potassium", "below", "above", "by", "unit"]), inner),
    max_leaves=12,
)
_ROW = st.fixed_dictionaries({}, optional=dict.fromkeys(("below", "above", "by", "by_percent", "unit", "within_hours"), _PLAIN))
_HEADED = st.fixed_dictionaries(
    {name: st.just("x") for name in ("owner", "version", "date", "source", "signed_by")}
    | {"limits": st.dictionaries(st.sampled_from(["potassium", "sodium"]), _ROW | _PLAIN)}
)


def _needs() -> list[Need]:
    return [need for capability in discover().capabilities for _, need in capability.needs if need.kind == "site"]


@pytest.mark.parametrize("need", _needs(), ids=lambda need: need.name)
@settings(max_examples=200, deadline=None)
@given(content=_PLAIN | _HEADED)
def test_whatever_a_file_says_its_reader_takes_it_or_refuses_it(need: Need, content: Any) -> None:
    """`site(read=...)` promises `Refused` for what it cannot take; anything else would be a fault at the bedside."""
    read: Callable[[Any], Any] | None = need.convert
    assert read is not None
    with suppress(Refused):
        read(content)
