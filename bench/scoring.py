"""NEWS2 over a million rows: the column evaluator against a plain Python loop over the same table."""

import numpy as np

from bench.results import Bar, paired_ratio
from wardline.capabilities.deterioration.news2 import CHART
from wardline.science.scoring import score_columns

ROWS = 1_000_000
LOOP_ROWS = 100_000


def run() -> list[Bar]:
    columns = _columns(ROWS)
    rows = list(zip(*(column[:LOOP_ROWS].tolist() for column in columns.values()), strict=True))
    assert [_plain(*row) for row in rows] == score_columns(CHART, columns).total[:LOOP_ROWS].tolist()
    ratio, loop, columnar = paired_ratio(lambda: [_plain(*row) for row in rows], lambda: score_columns(CHART, columns), (1, 1), 7)
    times = ROWS / LOOP_ROWS
    detail = {"loop_s": loop * times, "columns_s": columnar, "rows": ROWS, "rows_in_loop": LOOP_ROWS}
    return [Bar("NEWS2 over 1e6 rows, columns against a Python loop", ratio * times, 15, True, detail)]


def _columns(rows: int) -> dict[str, np.ndarray]:
    chance = np.random.default_rng(7)
    return {
        "respiratory_rate": chance.integers(5, 40, rows).astype(float), "oxygen_saturation": chance.integers(70, 101, rows).astype(float),
        "spo2_scale": np.ones(rows, dtype=np.int64), "supplemental_oxygen": chance.random(rows) < 0.3,
        "systolic_pressure": chance.integers(50, 260, rows).astype(float), "pulse": chance.integers(20, 200, rows).astype(float),
        "consciousness": chance.choice(np.array(list("ACVPU")), rows), "temperature": chance.integers(330, 420, rows) / 10,
    }  # fmt: skip


def _plain(rate: float, saturation: float, scale: int, oxygen: bool, systolic: float, pulse: float, consciousness: str, temperature: float) -> int:
    """The score as anybody would write it in a loop, scale 1."""
    total = 3 if rate <= 8 else 1 if rate <= 11 else 0 if rate <= 20 else 2 if rate <= 24 else 3
    total += 3 if saturation <= 91 else 2 if saturation <= 93 else 1 if saturation <= 95 else 0
    total += 2 if oxygen else 0
    total += 3 if systolic <= 90 else 2 if systolic <= 100 else 1 if systolic <= 110 else 0 if systolic <= 219 else 3
    total += 3 if pulse <= 40 else 1 if pulse <= 50 else 0 if pulse <= 90 else 1 if pulse <= 110 else 2 if pulse <= 130 else 3
    total += 0 if consciousness == "A" else 3
    return total + (3 if temperature <= 35.0 else 1 if temperature <= 36.0 else 0 if temperature <= 38.0 else 1 if temperature <= 39.0 else 2)
