-- How the installation is. Nothing of it is needed for payments.

-- What each process that serves has told of itself last.
CREATE TABLE replicas (
    replica          TEXT    NOT NULL PRIMARY KEY,
    version          TEXT    NOT NULL,
    build_commit     TEXT    NOT NULL,
    settings         TEXT    NOT NULL,
    started_at       INTEGER NOT NULL,
    seen_at          INTEGER NOT NULL,
    ahead_ms         INTEGER,
    keys_read_at     INTEGER NOT NULL,
    keys_trouble     TEXT    NOT NULL,
    signed_simplepay INTEGER,
    signed_stripe    INTEGER
) STRICT, WITHOUT ROWID;

-- Calls to those outside, minute by minute. `times` has how many fell between which bounds.
CREATE TABLE heartbeats (
    at         INTEGER NOT NULL,
    replica    TEXT    NOT NULL,
    outside    TEXT    NOT NULL,
    calls      INTEGER NOT NULL,
    unanswered INTEGER NOT NULL,
    times      TEXT    NOT NULL,
    PRIMARY KEY (at, replica, outside)
) STRICT, WITHOUT ROWID;

-- What was done to keep the data safe: `ledger` is a run of verify-ledger, `backup` a backup.
CREATE TABLE upkeep (
    kind         TEXT    NOT NULL CHECK (kind IN ('ledger', 'backup')),
    at           INTEGER NOT NULL,
    transactions INTEGER NOT NULL,
    differences  INTEGER NOT NULL,
    detail       TEXT    NOT NULL,
    PRIMARY KEY (kind, at)
) STRICT, WITHOUT ROWID;
