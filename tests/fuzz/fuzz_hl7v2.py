"""Coverage-guided fuzzing of the HL7 v2 door: parser, readers, acknowledgements and deframer. Runs alone, bounded:

python tests/fuzz/fuzz_hl7v2.py -max_total_time=60
python tests/fuzz/fuzz_hl7v2.py -runs=100000 CORPUS_FOLDER
"""

import sys
import tempfile
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))

with atheris.instrument_imports(include=["wardline"]):
    from fuzz.corpus import MESSAGES
    from fuzz.invariants import check_framing, check_parts, check_reading


def one(data: bytes) -> None:
    """The first byte chooses what is fuzzed."""
    if not data:
        return
    choice, raw = data[0], data[1:]
    if choice % 4 == 0:
        check_framing(raw.replace(b"\x02", b"\x0b").replace(b"\x03", b"\x1c\r"), 1 + choice // 4)
    elif choice % 4 == 1:
        check_parts(raw)
    else:
        check_reading(raw)


def main() -> None:
    with tempfile.TemporaryDirectory() as seeds:
        for number, message in enumerate(MESSAGES):
            (Path(seeds) / f"{number}").write_bytes(b"\x02" + message)
            (Path(seeds) / f"{number}-framed").write_bytes(b"\x04\x0b" + message[:300] + b"\x1c\r\x0b" + message[:50])
        # Messages that matter are short; libFuzzer's own time-out and memory limit find hangs and leaks.
        atheris.Setup([*sys.argv, seeds, "-max_len=4096", "-timeout=5", "-rss_limit_mb=1024", "-print_final_stats=1"], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
