"""How the DICOM processes and the clinical one talk: a JSON object a line, on the standard input and output of the former.

Up: {"ready": true}, {"nudge": seq}, {"ask": number, "question": name, "fields": {...}}. Down: {"answer": number, "value": {...}} or
{"answer": number, "refused": sentence}. When the line closes the other side is gone, and the process ends.
"""

import itertools
import json
import sys
import threading
from typing import Any, Final

import msgspec

from wardline.core.errors import Fault, Refused

PATIENCE_SECONDS: Final = 30.0


class Task(msgspec.Struct, frozen=True):
    """What a reception process is to do."""

    data: str
    config: str
    socket: int
    """The file handle it inherits, of the socket on which all of them listen."""
    zone: str
    is_loopback: bool
    log_level: str = "info"
    tls: dict[str, str | None] | None = None


class Upwards:
    """The lower end. Any thread may speak or ask."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._speaking = threading.Lock()
        self._waiting: dict[int, tuple[threading.Event, dict[str, Any]]] = {}

    def say(self, **words: Any) -> None:
        line = json.dumps(words) + "\n"
        with self._speaking:
            sys.stdout.write(line)
            sys.stdout.flush()

    def ask(self, question: str, **fields: Any) -> dict[str, Any]:
        """Raises `Refused` with the sentence the clinical process answers, or `Fault` when it does not answer at all."""
        number, answered, answer = next(self._numbers), threading.Event(), dict[str, Any]()
        self._waiting[number] = (answered, answer)
        try:
            self.say(ask=number, question=question, fields=fields)
            if not answered.wait(PATIENCE_SECONDS):
                raise Fault(f"the clinical process did not answer the question {question!r}")
        finally:
            self._waiting.pop(number, None)
        if "refused" in answer:
            raise Refused(answer["refused"], code="dicom")
        value: dict[str, Any] = answer["value"]
        return value

    def listen(self) -> None:
        """Hear answers until the line closes."""
        for line in sys.stdin:
            heard = json.loads(line)
            answered, answer = self._waiting.get(heard["answer"], (None, {}))
            if answered is not None:
                answer.update(heard)
                answered.set()
