-- What others are told of settlements, each with how far it was told: work, and no part of the books.
CREATE TABLE settlement_events (
    id           bigint  PRIMARY KEY,  -- ascending in the order of what happened
    about        text    NOT NULL,     -- the payout or the finding
    type         text    NOT NULL,
    data         text    NOT NULL,     -- JSON; it is told again when it is another
    at           bigint  NOT NULL,
    tries        bigint  NOT NULL DEFAULT 0,
    next_at      bigint  NOT NULL DEFAULT 0,
    delivered_at bigint,
    dead_at      bigint,
    last_error   text    NOT NULL DEFAULT ''
);
CREATE INDEX settlement_events_about ON settlement_events (about, id);
CREATE INDEX settlement_events_due ON settlement_events (next_at, id)
    WHERE delivered_at IS NULL AND dead_at IS NULL;
