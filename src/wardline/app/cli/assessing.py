"""`wardline assess`: one JSON object of inputs per line in, one outcome per line out."""

import json
import sys
from pathlib import Path
from typing import Annotated, TextIO

from cyclopts import Parameter

from wardline.app.discovery import discover
from wardline.core.errors import NotFound
from wardline.formats.assessment import assess as answer


def assess(
    capability: Annotated[str, Parameter(help="Its id, for example news2; docs/capabilities lists them.")],
    file: Annotated[Path | None, Parameter(help="A file of JSON lines; - or nothing reads standard input.", allow_leading_hyphen=True)] = None,
) -> int:
    """Answer a clinical question for each line of input.

    Exactly one line comes out for each line that is not empty, in order. Null and absent mean missing. Exit code 1 when a line was refused.

    For example:

        echo '{"respiratory_rate": 22, "pulse": 104}' | wardline assess news2

        wardline assess news2 patients.jsonl
    """
    catalogue = discover()
    found = catalogue.get(capability)
    if found is None:
        known = ", ".join(each.id for each in catalogue.capabilities)
        raise NotFound(f"there is no capability {capability!r}; there are {known}")
    refused = False
    with _opened(file) as lines:
        for line in lines:
            if not line.strip():
                continue
            outcome = _outcome(found, line)
            refused = refused or outcome["outcome"] == "refused"
            sys.stdout.write(json.dumps(outcome, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    return 1 if refused else 0


def _opened(file: Path | None) -> TextIO:
    if file is None or str(file) == "-":
        return sys.stdin
    try:
        return file.open(encoding="utf-8")
    except OSError as error:
        raise NotFound(f"{file} cannot be read: {error.strerror}") from None


def _outcome(found: object, line: str) -> dict[str, object]:
    try:
        question = json.loads(line)
    except ValueError as error:
        return {"outcome": "refused", "reason": f"this line is not JSON: {error}"}
    return answer(found, question)  # type: ignore[arg-type]
