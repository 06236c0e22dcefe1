"""`wardline send`: HL7 v2 files over MLLP, printing each acknowledgement."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from wardline.core.errors import NotFound, Refused
from wardline.formats.hl7v2.acknowledgement import Acknowledgement, read_acknowledgement
from wardline.formats.hl7v2.client import MllpClient, NoAnswer
from wardline.formats.hl7v2.message import split_batch


def send(
    *paths: Annotated[Path, Parameter(help="Files, or folders of *.hl7 files, in name order; - reads standard input.", allow_leading_hyphen=True)],
    to: Annotated[str, Parameter(help="HOST:PORT of the listener.")] = "127.0.0.1:2575",
    timeout: Annotated[float, Parameter(help="Seconds to wait for each acknowledgement.")] = 30.0,
    as_json: Annotated[bool, Parameter(name="--json", help="One JSON line per acknowledgement.")] = False,
) -> int:
    """Send HL7 v2 messages over MLLP and print every acknowledgement. Exit code 1 when one was not positive.

    A file may hold one message, several after each other, or a batch (FHS/BHS), which is sent message by message.

    For example:

        wardline send admission.hl7 --to 127.0.0.1:2575

        wardline send messages/ --json
    """
    host, port = address(to)
    console = Console(markup=False, highlight=False, soft_wrap=True)
    return asyncio.run(_send(messages_in(paths), host, port, timeout, as_json, console))


def address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit():
        raise Refused(f"{text!r} is not HOST:PORT", code="address")
    return host.strip("[]"), int(port)


def messages_in(paths: tuple[Path, ...]) -> Iterator[tuple[str, bytes]]:
    """(name, message) of every message in the files and folders, in order."""
    if not paths:
        raise Refused("name at least one file or folder", code="path")
    for path in paths:
        files = sorted(path.rglob("*.hl7")) if path.is_dir() else [path]
        if not files:
            raise NotFound(f"there is no *.hl7 file in {path}")
        for file in files:
            try:
                content = Path("/dev/stdin").read_bytes() if str(file) == "-" else file.read_bytes()
            except OSError as error:
                raise NotFound(f"{file} cannot be read: {error.strerror}") from None
            several = split_batch(content)
            for number, message in enumerate(several if several is not None else [content], 1):
                yield (f"{file.name}#{number}" if several is not None and len(several) > 1 else file.name), message


async def _send(messages: Iterator[tuple[str, bytes]], host: str, port: int, patience: float, as_json: bool, console: Console) -> int:
    positive = negative = 0
    async with MllpClient(host, port, timeout_seconds=patience) as client:
        for name, message in messages:
            try:
                raw = await client.exchange(message)
                answer = read_acknowledgement(raw)
            except (NoAnswer, Refused) as error:
                answer = Acknowledgement("", "", str(error))
                if not client.is_connected or isinstance(error, NoAnswer):
                    _show(console, name, answer, as_json)
                    raise
            positive, negative = positive + answer.positive, negative + (not answer.positive)
            _show(console, name, answer, as_json)
    if not as_json:
        console.print(f"{positive + negative} sent, {positive} accepted, {negative} not")
    return 1 if negative else 0


def _show(console: Console, name: str, answer: Acknowledgement, as_json: bool) -> None:
    if as_json:
        console.out(json.dumps({"file": name, "code": answer.code or None, "control_id": answer.control_id or None, "text": answer.text or None}))
    else:
        console.print(f"{answer.code or '--':3} {answer.control_id:20} {name}  {answer.text}".rstrip())
