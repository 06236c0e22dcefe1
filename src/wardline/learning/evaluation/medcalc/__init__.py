"""MedCalc-Bench: patients' values and answers worked out by somebody else's calculators, and how ours compare."""
