"""Criteria about a patient that are met, not met or undecided, with the reasons: the grammar of STOPP/START and of guidelines."""
