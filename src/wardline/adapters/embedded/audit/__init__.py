"""The audit trail in a SQLite file of its own: who did what to whom, durable before the answer leaves, every entry chained to the last."""

from wardline.adapters.embedded.audit.store import SqliteAudit

__all__ = ["SqliteAudit"]
