"""The life of an alert: raised, shown, acknowledged, escalated, and how each of them ends."""
