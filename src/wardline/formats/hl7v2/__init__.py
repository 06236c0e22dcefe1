"""HL7 version 2: lazy parser, escapes, builder, MLLP framing and client, acknowledgements."""
