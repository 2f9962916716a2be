-- What others are told of settlements, each with how far it was told: work, and no part of the books.
CREATE TABLE settlement_events (
    id           INTEGER PRIMARY KEY,  -- ascending in the order of what happened
    about        TEXT    NOT NULL,     -- the payout or the finding
    type         TEXT    NOT NULL,
    data         TEXT    NOT NULL,     -- JSON; it is told again when it is another
    at           INTEGER  NOT NULL,
    tries        INTEGER  NOT NULL DEFAULT 0,
    next_at      INTEGER  NOT NULL DEFAULT 0,
    delivered_at INTEGER,
    dead_at      INTEGER,
    last_error   TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX settlement_events_about ON settlement_events (about, id);
CREATE INDEX settlement_events_due ON settlement_events (next_at, id)
    WHERE delivered_at IS NULL AND dead_at IS NULL;
