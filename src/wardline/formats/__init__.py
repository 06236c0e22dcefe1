"""Codecs: bytes to values and back. No input or output except small clients."""
