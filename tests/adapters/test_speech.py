"""Speech to text without a network: what is missing is said, and what is no audio is refused."""

import io
import wave
from pathlib import Path

import pytest

from support.speech_model import speech_model
from wardline.adapters.embedded import speech
from wardline.adapters.embedded.speech import LONGEST_SECONDS, Passage, absent, transcribed
from wardline.core.errors import Fault, Refused


def recording(seconds: float) -> bytes:
    """Silence, as a WAV file."""
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(b"\0\0" * int(8_000 * seconds))
    return sound.getvalue()


def test_without_a_model_it_says_what_to_put_where(tmp_path: Path) -> None:
    assert "setting `dictation`" in absent(None)
    assert "model.bin is missing" in absent(tmp_path)
    (tmp_path / "model.bin").write_bytes(b"x")
    assert absent(tmp_path) == ""


@pytest.mark.parametrize("audio", [b"", b"no audio at all", recording(1)[:30]])
def test_what_is_no_recording_is_refused(tmp_path: Path, audio: bytes) -> None:
    with pytest.raises(Refused, match=r"record again|0 seconds"):
        transcribed(tmp_path, audio, "en")


def test_a_recording_that_is_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="up to 10 minutes"):
        transcribed(tmp_path, recording(LONGEST_SECONDS + 1), "en")


def test_a_broken_model_is_a_fault_of_the_house_not_of_the_speaker(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"broken")
    with pytest.raises(Fault, match="cannot be loaded"):
        transcribed(tmp_path, recording(1), "en")


def test_what_a_model_hears_comes_back_with_its_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "BEAMS", 1)  # a model that knows one answer has no others to weigh
    model = speech_model(tmp_path / "model")
    assert absent(model) == ""
    assert transcribed(model, recording(1), "en") == [Passage(0.0, 1.0, "left", False)]


def test_hours_of_silence_are_refused_before_they_are_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of kilobytes would become gigabytes of samples."""
    monkeypatch.setattr(speech, "LONGEST_SECONDS", 2.0)

    with pytest.raises(Refused, match="lasts up to"):
        speech._decoded(recording(30))
    assert speech._lasts(recording(30)) < 4.0, "it went on counting although it was too long"
