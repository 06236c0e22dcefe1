"""The index of the image store as it is on disk: studies, series, instances, what was put aside, and the journal of changes.

What says anything about a person is sealed with the key of its study: `named` holds number, issuer, name, birth date, sex, accession and
description, `patient` and `accession` are keyed digests of two of them. In the clear are UIDs, dates of studies, modalities, numbers of
series and images. The file has mode 0600, and rows of an erased study are overwritten (`secure_delete`).
"""

from typing import Final

VERSIONS: Final = (
    """
    CREATE TABLE studies (
        id INTEGER PRIMARY KEY, uid TEXT UNIQUE NOT NULL, key INTEGER NOT NULL, record TEXT NOT NULL DEFAULT '', state TEXT NOT NULL,
        changed_at INTEGER NOT NULL, expected INTEGER NOT NULL DEFAULT 0, instances INTEGER NOT NULL DEFAULT 0, patient BLOB NOT NULL,
        accession BLOB NOT NULL, date TEXT NOT NULL, time TEXT NOT NULL, offset TEXT NOT NULL, named BLOB NOT NULL, attributes BLOB NOT NULL
    );
    CREATE INDEX studies_date ON studies (date, time);
    CREATE INDEX studies_patient ON studies (patient);
    CREATE INDEX studies_accession ON studies (accession) WHERE accession <> x'';
    CREATE INDEX studies_record ON studies (record) WHERE record <> '';
    CREATE INDEX studies_arriving ON studies (changed_at) WHERE state = 'arriving';
    CREATE TABLE series (
        id INTEGER PRIMARY KEY, study INTEGER NOT NULL, uid TEXT NOT NULL, modality TEXT NOT NULL, number INTEGER NOT NULL,
        description BLOB NOT NULL, instances INTEGER NOT NULL DEFAULT 0, attributes BLOB NOT NULL, UNIQUE (study, uid)
    );
    CREATE TABLE instances (
        id INTEGER PRIMARY KEY, series INTEGER NOT NULL, uid TEXT UNIQUE NOT NULL, number INTEGER NOT NULL, class TEXT NOT NULL,
        syntax TEXT NOT NULL, file TEXT NOT NULL, size INTEGER NOT NULL, dataset INTEGER NOT NULL, at INTEGER NOT NULL, source TEXT NOT NULL,
        attributes BLOB NOT NULL, header BLOB NOT NULL, layout BLOB NOT NULL
    );
    CREATE UNIQUE INDEX instances_file ON instances (file);
    CREATE INDEX instances_series ON instances (series, number);
    CREATE TABLE kept (
        study INTEGER NOT NULL, digest TEXT NOT NULL, file TEXT NOT NULL, PRIMARY KEY (study, digest)
    ) WITHOUT ROWID;
    CREATE TABLE quarantined (
        id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, reason TEXT NOT NULL, source TEXT NOT NULL, study TEXT NOT NULL,
        instance TEXT NOT NULL, class TEXT NOT NULL, syntax TEXT NOT NULL, file TEXT NOT NULL, size INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'waiting'
    );
    CREATE INDEX quarantined_study ON quarantined (study);
    CREATE TABLE journal (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, study TEXT NOT NULL, what TEXT NOT NULL, at INTEGER NOT NULL, detail TEXT NOT NULL
    );
    CREATE INDEX journal_study ON journal (study);
    CREATE TABLE machine (start TEXT NOT NULL);
    CREATE TABLE leaving (file TEXT PRIMARY KEY) WITHOUT ROWID;
    """,
)
"""What each version added to the one before. `leaving`: files whose rows are gone and that a crash may have left on the disk.
`machine`: the start of the machine under which the index was opened last."""
