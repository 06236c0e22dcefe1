"""Invented stays, written to disk in the format of the challenge's set."""

import gzip
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from wardline.intake.datasets.cinc2012.feed import feed
from wardline.intake.datasets.timed import Timed


class Written(NamedTuple):
    """One invented stay. `rows` are (time, parameter, value); `survived` and `days` as in the outcomes file."""

    record: str
    rows: tuple[tuple[str, str, str], ...] = ()
    age: str = "67"
    gender: str = "1"
    height: str = "-1"
    icu: str = "3"
    weight: str = "-1"
    saps: int = -1
    sofa: int = -1
    days: int = 9
    survived: int = -1
    died: int = 0

    def lines(self) -> Iterator[str]:
        about = {"RecordID": self.record, "Age": self.age, "Gender": self.gender, "Height": self.height, "ICUType": self.icu, "Weight": self.weight}
        for parameter, value in about.items():
            yield f"{self.record},00:00,{parameter},{value}"
        for row in self.rows:
            yield ",".join((self.record, *row))


def write_set(folder: Path, stays: Iterable[Written], extra: Iterable[str] = ()) -> Path:
    """set-x.csv.gz with Outcomes-x.txt beside it; `extra` are lines added as they are."""
    stays = list(stays)
    path = folder / "set-x.csv.gz"
    with gzip.open(path, "wt", encoding="ascii") as file:
        file.write("\n".join(["RecordID,Time,Parameter,Value", *(line for stay in stays for line in stay.lines()), *extra]) + "\n")
    header = "RecordID,SAPS-I,SOFA,Length_of_stay,Survival,In-hospital_death"
    outcomes = [f"{stay.record},{stay.saps},{stay.sofa},{stay.days},{stay.survived},{stay.died}" for stay in stays]
    (folder / "Outcomes-x.txt").write_text("\n".join([header, *outcomes]) + "\n", encoding="ascii")
    return path


def messages_of(folder: Path, *stays: Written) -> list[Timed]:
    return [message for _, message in feed(write_set(folder, stays)).messages]


def lines_of(message: Timed, segment: str) -> list[list[str]]:
    """The fields of every segment of that name."""
    return [line.split("|") for line in message.raw.decode().split("\r") if line.startswith(f"{segment}|")]


def kind_of(message: Timed) -> str:
    return message.raw.decode().split("|")[8].split("^")[1]
