"""A synthetic hospital that speaks only HL7 v2 over MLLP, to be connected to the real doors. Everyone in it is invented."""
