"""How the small network that finds lungs, nodules and hot spots was taught, on invented people only."""
