"""Speech to text by faster-whisper from a model the site has put on its own disk. Runs in a worker; nothing leaves the machine.

Whisper sometimes writes what nobody said, in pauses above all: passages it is itself unsure of are marked, and the text is a draft.
"""

import io
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple

from wardline.core.errors import Fault, Refused

MODEL_FILE: Final = "model.bin"
PACKAGE: Final = "faster_whisper"
# The thresholds by which Whisper's own decoding distrusts a passage (defaults of its transcribe function).
LEAST_LOG_PROBABILITY: Final = -1.0
MOST_NO_SPEECH: Final = 0.6
BEAMS = 5
"""How many ways to go on are kept in sight: the more, the slower and the surer."""
LONGEST_SECONDS: Final = 600.0


class Passage(NamedTuple):
    """What was said between two moments, in seconds."""

    begins: float
    ends: float
    text: str
    is_doubtful: bool


def absent(model: Path | None) -> str:
    """Why there is no dictation here; empty when there is."""
    if model is None:
        return "no speech model is set: put a Whisper model in CTranslate2 format on this machine and name its folder in the setting `dictation`"
    if not (model / MODEL_FILE).is_file():
        return f"the setting `dictation` names a folder without a speech model: {MODEL_FILE} is missing"
    if find_spec(PACKAGE) is None:
        return 'the package for speech is not installed: install Wardline with the extra "dictation"'
    return ""


def transcribed(model: Path, audio: bytes, language: str) -> list[Passage]:
    """Raises `Refused` for audio that cannot be read or is too long, `Fault` where the model cannot be loaded."""
    sound = _decoded(audio)
    found, _ = _loaded(model).transcribe(sound, language=language, beam_size=BEAMS, vad_filter=False, condition_on_previous_text=False)
    return [Passage(each.start, each.end, each.text.strip(), _is_doubtful(each)) for each in found]


def _decoded(audio: bytes) -> Any:
    from faster_whisper.audio import decode_audio  # only workers pay for its start

    try:
        if _lasts(audio) > LONGEST_SECONDS:  # before it is decoded: hours of silence are a small file
            raise Refused(f"a dictation lasts up to {LONGEST_SECONDS / 60:g} minutes", code="audio")
        sound = decode_audio(io.BytesIO(audio), sampling_rate=16_000)
    except Refused:
        raise
    except Exception as error:  # every container and codec fails in its own way
        raise Refused(f"this is no audio that can be read ({type(error).__name__}); record again", code="audio") from None
    seconds = len(sound) / 16_000
    if not seconds or seconds > LONGEST_SECONDS:
        raise Refused(f"a dictation lasts up to {LONGEST_SECONDS / 60:g} minutes; this one has {seconds:.0f} seconds", code="audio")
    return sound


def _lasts(audio: bytes) -> float:
    """Seconds, from the times its packets carry; stops counting once it is too long."""
    import av

    last = 0.0
    with av.open(io.BytesIO(audio), "r") as container:
        for packet in container.demux(audio=0):
            if packet.pts is not None and packet.time_base is not None:
                last = max(last, float(packet.pts * packet.time_base))
            if last > LONGEST_SECONDS:
                break
    return last


@lru_cache(maxsize=1)
def _loaded(model: Path) -> Any:
    from faster_whisper import WhisperModel

    try:
        return WhisperModel(str(model), device="auto", compute_type="default", local_files_only=True)
    except Exception as error:  # a broken model file fails in many ways
        raise Fault(f"the speech model cannot be loaded: {type(error).__name__}") from None


def _is_doubtful(segment: Any) -> bool:
    return bool(segment.avg_logprob < LEAST_LOG_PROBABILITY or segment.no_speech_prob > MOST_NO_SPEECH)
