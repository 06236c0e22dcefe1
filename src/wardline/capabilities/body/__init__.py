"""Body: size from height and weight, and what follows from it."""
