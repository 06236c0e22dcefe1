"""How sensitive a fact is, and what a person sees of a patient when some of it is not for them."""
