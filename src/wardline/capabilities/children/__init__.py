"""Children and newborns."""
