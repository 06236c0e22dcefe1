"""Laboratory results: which of them somebody must hear about now, and what can be worked out from several together."""
