"""The tables of one log file and of the key file (docs/decisions/0004-embedded-schema.md says why this is not Alembic)."""

from typing import Final

VERSION: Final = 1

LOG: Final = """
-- `checked`: a checksum of the row, where what it says is not sealed.
CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY, checked INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE feeds (id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL) STRICT;
CREATE TABLE senders (id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL) STRICT;
-- One row per received message. state: 0 stored, 1 quarantined. key: which key opens raw. checked: the problem is part of it.
CREATE TABLE messages (
    seq INTEGER PRIMARY KEY, feed INTEGER NOT NULL, sender INTEGER NOT NULL, control TEXT, sha256 BLOB NOT NULL, recorded_at INTEGER NOT NULL,
    state INTEGER NOT NULL, key INTEGER NOT NULL, checked INTEGER NOT NULL, raw BLOB NOT NULL
) STRICT;
CREATE INDEX messages_identity ON messages (sender, control);
CREATE INDEX messages_quarantined ON messages (state) WHERE state = 1;
CREATE TABLE problems (
    seq INTEGER PRIMARY KEY, code TEXT NOT NULL, reason TEXT NOT NULL, place TEXT NOT NULL, rejected INTEGER NOT NULL
) STRICT;
-- What became of a quarantined message, which may itself stand in an earlier, closed file. note: a person's words, sealed like it.
CREATE TABLE settlements (
    seq INTEGER PRIMARY KEY, state TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL, key INTEGER NOT NULL, note BLOB NOT NULL,
    checked INTEGER NOT NULL
) STRICT;
-- One row per step and record. occurred_at: the latest clinical time in the row. lasting: holds more than measurements.
CREATE TABLE rows (
    id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, record TEXT NOT NULL, occurred_at INTEGER NOT NULL, recorded_at INTEGER NOT NULL,
    lasting INTEGER NOT NULL, key INTEGER NOT NULL, packed BLOB NOT NULL
) STRICT;
CREATE INDEX rows_of_record ON rows (record, occurred_at);
CREATE INDEX rows_lasting ON rows (record, occurred_at) WHERE lasting = 1;
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY, key TEXT UNIQUE NOT NULL, topic TEXT NOT NULL, seal INTEGER NOT NULL, payload BLOB NOT NULL,
    done INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX outbox_waiting ON outbox (topic, id) WHERE done = 0;
CREATE TABLE directory (record TEXT PRIMARY KEY, key INTEGER NOT NULL, entry BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE snapshots (name TEXT PRIMARY KEY, seq INTEGER NOT NULL, key INTEGER NOT NULL, state BLOB NOT NULL) STRICT, WITHOUT ROWID;
"""

KEYS: Final = """
CREATE TABLE IF NOT EXISTS keys (id INTEGER PRIMARY KEY, owners TEXT UNIQUE NOT NULL, wrapped BLOB NOT NULL) STRICT;
-- Numbers of keys that were destroyed on purpose: what they sealed is erased, not damaged. A number is never given again.
CREATE TABLE IF NOT EXISTS destroyed (id INTEGER PRIMARY KEY, erasure TEXT NOT NULL) STRICT;
-- Erasures these keys have been through. One of the register that is missing here has to be carried out before anything opens.
CREATE TABLE IF NOT EXISTS erasures (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
"""

PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # WAL with NORMAL does not sync at commit: an acknowledged message could roll back
    "PRAGMA wal_autocheckpoint = 4000",
    "PRAGMA cache_size = -65536",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA foreign_keys = OFF",
)
