"""A Whisper model that hears nothing and always says the same, in the folder layout of a real one: what it says takes the same way."""

from pathlib import Path
from typing import Any, Final

import numpy as np

WIDTH: Final = 16
MEL_BANDS: Final = 80
TIMES: Final = 1501
PROMPT: Final = 1
"""Only the start stands before what is said: so few words make a model of one language."""
SAID: Final = ("<|0.00|>", *"left", "<|1.00|>", "<|endoftext|>")
"""Token by token: from second 0 to 1."""


def speech_model(folder: Path) -> Path:
    """Written into this folder."""
    from ctranslate2.specs import WhisperSpec

    folder.mkdir(parents=True, exist_ok=True)
    tokens = _tokenizer(folder / "tokenizer.json")
    spec = WhisperSpec(1, 2, 1, 2)
    spec.encoder.position_encodings.encodings = _zeros(1500, WIDTH)
    _weights(spec.encoder.conv1, WIDTH, MEL_BANDS, 3)
    _weights(spec.encoder.conv2, WIDTH, WIDTH, 3)
    spec.decoder.embeddings.weight = _zeros(len(tokens), WIDTH)
    spec.decoder.position_encodings.encodings = np.eye(448, WIDTH, dtype=np.float32)
    spec.decoder.projection.weight = _says(tokens)
    for side in (spec.encoder, spec.decoder):
        _norm(side.layer_norm)
        for layer in side.layer:
            _layer(layer)
    spec.register_vocabulary(tokens)
    spec.validate()
    spec.save(str(folder))
    return folder


def _says(tokens: list[str]) -> Any:
    """At each place of the answer the token that comes next there."""
    weights = _zeros(len(tokens), WIDTH)
    for place, token in enumerate(SAID, PROMPT - 1):
        weights[tokens.index(token), place] = 10
    return weights


def _layer(layer: Any) -> None:
    """Self-attention, attention to the sound where there is one, and the feed-forward part."""
    for attention in (layer.self_attention, *([layer.attention] if hasattr(layer, "attention") else [])):
        _norm(attention.layer_norm)
        widths = (3, 1) if len(attention.linear) == 2 else (1, 2, 1)
        for linear, times in zip(attention.linear, widths, strict=True):
            _weights(linear, times * WIDTH, WIDTH)
    _norm(layer.ffn.layer_norm)
    _weights(layer.ffn.linear_0, 4 * WIDTH, WIDTH)
    _weights(layer.ffn.linear_1, WIDTH, 4 * WIDTH)


def _weights(part: Any, *shape: int) -> None:
    part.weight, part.bias = _zeros(*shape), _zeros(shape[0])


def _norm(part: Any) -> None:
    part.gamma, part.beta = np.ones(WIDTH, np.float32), _zeros(WIDTH)


def _zeros(*shape: int) -> Any:
    return np.zeros(shape, np.float32)


def _tokenizer(file: Path) -> list[str]:
    """One token per byte, and Whisper's special ones."""
    from faster_whisper.tokenizer import _LANGUAGE_CODES
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    made = Tokenizer(models.BPE(vocab={each: place for place, each in enumerate(alphabet)}, merges=[]))
    made.pre_tokenizer, made.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    words = [
        "endoftext", "startoftranscript", *_LANGUAGE_CODES, "translate", "transcribe", "startoflm", "startofprev", "nospeech", "notimestamps",
        *(f"{step * 0.02:.2f}" for step in range(TIMES)),
    ]  # fmt: skip
    made.add_special_tokens([AddedToken(f"<|{each}|>", special=True) for each in words])
    made.save(str(file))
    return [token for token, _ in sorted(made.get_vocab().items(), key=lambda pair: pair[1])]
