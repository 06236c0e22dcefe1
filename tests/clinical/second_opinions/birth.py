"""Apgar and Bishop, written down a second time from the published tables."""

from typing import Any


def apgar(v: dict[str, Any]) -> int:
    signs = {
        "colour": ["blue or pale", "body pink, hands and feet blue", "pink"],
        "reflexes": ["no response", "grimace", "cry, cough or sneeze"],
        "tone": ["limp", "some flexion", "active"],
        "breathing": ["absent", "slow or irregular", "good, crying"],
    }
    heart = 0 if v["heart_rate"] == 0 else 1 if v["heart_rate"] < 100 else 2
    return heart + sum(options.index(v[name]) for name, options in signs.items())


def bishop(v: dict[str, Any]) -> int:
    dilation = 0 if v["dilation"] < 1 else 1 if v["dilation"] <= 2 else 2 if v["dilation"] <= 4 else 3
    effacement = 0 if v["effacement"] <= 30 else 1 if v["effacement"] <= 50 else 2 if v["effacement"] <= 70 else 3
    station = {-3: 0, -2: 1, -1: 2, 0: 2, 1: 3, 2: 3}[v["station"]]
    return (
        dilation + effacement + station + ["firm", "medium", "soft"].index(v["consistency"]) + ["posterior", "mid", "anterior"].index(v["position"])
    )
