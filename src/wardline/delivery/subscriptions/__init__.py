"""Topic subscriptions: which programs want to hear of which changes, and what each has been told."""
