"""CDS Hooks 2.0: what an EHR asks at a moment of its workflow, and the cards it is answered with."""
