"""One folder per clinical area, one file per answer, its cases beside it."""
