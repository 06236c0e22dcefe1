"""HL7 version 2 over MLLP, from bytes to events."""
