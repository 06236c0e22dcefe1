"""What laws and standards ask, what answers it here, and which test showed it last: never a score, only what was seen."""
