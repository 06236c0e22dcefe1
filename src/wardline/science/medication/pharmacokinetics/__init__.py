"""How much of a drug is in the blood: population models, what a measured level says about this patient, and which dose reaches the target."""
