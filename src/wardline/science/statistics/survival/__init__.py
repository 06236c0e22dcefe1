"""How long until: survival curves, regression on them, and how far a prediction can be trusted."""
