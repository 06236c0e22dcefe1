"""Messages made to hurt: bombs of escapes, repetitions, segments and fields, each as large as the door lets through.

Run alone, `reading` or `taking-in` each of them within a limit of memory, it prints how many seconds of the processor the slowest took.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import structlog

from support.hospital import Hospital
from wardline.core.errors import Refused
from wardline.core.events import Identifier
from wardline.core.statements import Received
from wardline.formats.hl7v2.acknowledgement import is_acknowledgement
from wardline.formats.hl7v2.framing import LARGEST_MESSAGE
from wardline.formats.hl7v2.message import MOST_SEGMENTS, split_batch
from wardline.intake.hl7v2.listener import MESSAGES_IN_BATCH
from wardline.intake.hl7v2.reader import Hl7v2Reader
from wardline.intake.hl7v2.reading import MOST_RECORDS
from wardline.intake.hl7v2.sources import Sources

MANY: Final = MOST_SEGMENTS - 100
LARGEST_MEMORY: Final = 256 * 1024 * 1024
"""For everything: the program, a message of 16 megabytes, and what is made of it."""
NOW: Final = datetime(2025, 3, 1, 9, 0, tzinfo=UTC)
HEADER: Final = b"MSH|^~\\&|LAB|HOSP|||20250301081500+0000||ORU^R01|M1|P|2.5.1\r"
PID: Final = b"PID|1||1001^^^HOSP^MR||Moss^Ada\r"
K: Final = b"OBX|1|NM|2823-3^^LN||4.1|mmol/L|||||F\r"


def filled(before: bytes, piece: bytes, after: bytes = b"") -> bytes:
    """As many pieces as fit into one message."""
    return before + piece * ((LARGEST_MESSAGE - len(before) - len(after)) // len(piece)) + after


HOSTILE: Final[dict[str, Callable[[], bytes]]] = {
    "escapes in a name": lambda: filled(HEADER + b"PID|1||1001||", b"\\E\\"),
    "half a megabyte of escapes in a name": lambda: HEADER + b"PID|1||1001||" + b"\\E\\" * 300_000 + b"\r",
    "escapes in a text": lambda: filled(HEADER + PID + b"OBX|1|TX|N||", b"\\.br\\"),
    "escapes in a number": lambda: filled(HEADER + PID + b"OBX|1|NM|2823-3^^LN||", b"\\X41\\", b"|mmol/L|||||F\r"),
    "one endless hexadecimal escape": lambda: filled(HEADER + PID + b"OBX|1|TX|N||\\X", b"41", b"\\\r"),
    "escape marks that never close": lambda: filled(HEADER + PID + b"OBX|1|TX|N||", b"\\X"),
    "repetitions of a number": lambda: filled(HEADER + b"PID|1||", b"1~"),
    "a million repetitions": lambda: HEADER + b"PID|1||" + b"1~" * 1_000_000 + b"1\r",
    "repetitions of a text": lambda: filled(HEADER + PID + b"OBX|1|TX|N||", b"~"),
    "repetitions of a reaction": lambda: HEADER + PID + b"AL1|1|DA|X||" + b"A~" * 400_000 + b"\r",
    "components": lambda: filled(HEADER + b"PID|1||1001||", b"^"),
    "subcomponents": lambda: filled(HEADER + PID + b"OBX|1|CWE|67775-7^^LN||", b"&"),
    "fields": lambda: filled(HEADER + PID + b"OBX", b"|"),
    "fields of a patient": lambda: HEADER + b"PID" + b"|" * 900_000 + b"\r",
    "fields of a header": lambda: filled(HEADER[:-1], b"|"),
    "empty segments": lambda: filled(HEADER + PID, b"\r"),
    "short segments": lambda: filled(HEADER + PID, b"ZZZ\r"),
    "line feeds": lambda: filled(HEADER + PID + b"OBX|1|TX|N||", b"\n"),
    "line feeds that look like segments": lambda: filled(HEADER + PID, b"\nPID|"),
    "alternating line ends": lambda: filled(HEADER + PID, b"\r\n\n\r"),
    "observations": lambda: HEADER + PID + K * MANY,
    "observations with a code each": lambda: HEADER + PID + b"".join(b"OBX|1|NM|C%d||4.1|u%d|||||F\r" % (n, n) for n in range(MANY)),
    "observations with a time each": lambda: HEADER + PID + b"".join(b"OBX|1|NM|K||%d|mg|||||F|||2025%010d\r" % (n, n) for n in range(MANY)),
    "observations with a performer each": lambda: HEADER + PID + b"".join(K[:-1] + b"||||P%d\r" % n for n in range(MANY)),
    "patients": lambda: HEADER + b"".join(b"PID|1||%d\r" % n for n in range(MANY)),
    "orders": lambda: HEADER.replace(b"ORU^R01", b"ORM^O01") + PID + b"ORC|NW|1\rOBR|1|1||K\r" * (MANY // 2),
    "panels": lambda: HEADER + PID + (b"OBR|1|1||K\r" + K) * (MANY // 2),
    "drugs": lambda: HEADER.replace(b"ORU^R01", b"RDE^O11") + PID + b"RXE||A|1||mg\r" * MANY,
    "documents": lambda: HEADER.replace(b"ORU^R01", b"MDM^T02") + PID + b"TXA|1|DS\r" * MANY,
    "visits": lambda: HEADER.replace(b"ORU^R01", b"ADT^A01") + PID + b"PV1|1|I|7A\r" * MANY,
    "merges": lambda: HEADER.replace(b"ORU^R01", b"ADT^A40") + (PID + b"MRG|2\r") * (MANY // 2),
    "as many patients as may be": lambda: HEADER + b"".join(b"PID|1||%d\r" % n for n in range(MOST_RECORDS)),
    "as many visits as may be": lambda: HEADER.replace(b"ORU^R01", b"ADT^A02") + PID + b"PV1|1|I|7A\r" * MOST_RECORDS,
    "as many merges as may be": lambda: HEADER.replace(b"ORU^R01", b"ADT^A40") + b"".join(
        b"PID|1||1\rMRG|%d\r" % n for n in range(2, 2 + MOST_RECORDS)
    ),
    "specimens wanted": lambda: HEADER + PID + b"OBR|1|1||K\r" * MANY,
    "an endless code": lambda: filled(HEADER + PID + b"OBX|1|NM|", b"x"),
    "an endless number": lambda: filled(HEADER + PID + b"OBX|1|NM|2823-3^^LN||", b"9", b"|mmol/L|||||F\r"),
    "an endless time": lambda: filled(HEADER + PID + b"OBX|1|NM|2823-3^^LN||4|mmol/L|||||F|||", b"2"),
    "an endless range": lambda: filled(HEADER + PID + b"OBX|1|NM|2823-3^^LN||4|mmol/L|", b"\\F\\", b"||||F\r"),
    "an endless character set": lambda: filled(HEADER[:-1] + b"||||||", b"X"),
    "an endless facility": lambda: filled(b"MSH|^~\\&|LAB|", b"H"),
    "an endless file": lambda: filled(HEADER + PID + b"OBX|1|ED|P||^application^pdf^Base64^", b"A", b"||||||F\r"),
    "nothing but separators": lambda: filled(b"MSH|^~\\&", b"|^~\\&"),
    "nothing but NUL": lambda: filled(HEADER, b"\x00"),
    "a batch of headers": lambda: filled(b"BHS|^~\\&\r", b"MSH|\r"),
    "a batch of batches": lambda: filled(b"", b"BHS|^~\\&\r"),
    "a batch of blank lines": lambda: filled(b"BHS|^~\\&", b"\r"),
    "a batch of comments": lambda: filled(b"BHS|^~\\&", b"\rNTE|"),
    "msa in every line": lambda: filled(HEADER, b"ZSA|MSA\r"),
}  # fmt: skip


def read(raw: bytes, reader: Hl7v2Reader) -> Received | None:
    """What the listener and the reader do with the bytes of one frame."""
    is_acknowledgement(raw)
    split_batch(raw, MESSAGES_IN_BATCH)
    return reader.read(raw, lambda stated_at: NOW)


def _key_of(identifier: Identifier) -> str:
    return f"{identifier.assigner}/{identifier.number}"


def reading() -> Iterator[tuple[str, float]]:
    """Name and seconds of each, one after the other in the same reader, twice: what is remembered must not add up."""
    reader = Hl7v2Reader(Sources("UTC"), _key_of)
    for _ in range(2):
        for name, make in HOSTILE.items():
            raw = make()
            started = time.process_time()
            with suppress(Refused):  # an endless batch is refused by the listener
                read(raw, reader)
            yield name, time.process_time() - started


def taking_in() -> Iterator[tuple[str, float]]:
    """The same for what happens behind the door: stored, put on timelines, all questions asked."""
    with tempfile.TemporaryDirectory() as folder:
        hospital = Hospital(Path(folder) / "data")
        for number, make in enumerate(HOSTILE.values()):
            raw = make().replace(b"|M1|", b"|M%d|" % number, 1)
            started = time.process_time()
            hospital.send(raw)
            yield list(HOSTILE)[number], time.process_time() - started
            hospital.acknowledged.clear()  # where the stand-in for the senders keeps what they sent
        hospital.close()


def main() -> None:
    # A limit, not a measurement: the peak that the system reports for a process may be that of the one that started it.
    resource.setrlimit(resource.RLIMIT_DATA, (LARGEST_MEMORY, LARGEST_MEMORY))
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    name, seconds = max({"reading": reading, "taking-in": taking_in}[sys.argv[1]](), key=lambda cost: cost[1])
    print(f"{seconds:.3f} {name}")


if __name__ == "__main__":
    main()
