-- Attempts to pay, what was learned of them, and what must be told to others.
-- Times are milliseconds since 1970 UTC; amounts are ISO minor units; booleans are 0 or 1.

CREATE TABLE transactions (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    ticket_id      INTEGER NOT NULL CHECK (ticket_id > 0),
    fee_type       TEXT    NOT NULL CHECK (fee_type <> ''),
    currency       TEXT    NOT NULL CHECK (length(currency) = 3),
    processor      TEXT    NOT NULL,
    amount_minor   INTEGER NOT NULL CHECK (amount_minor >= 0),
    account        TEXT    NOT NULL,
    email          TEXT    NOT NULL,
    metas          TEXT    NOT NULL CHECK (json_valid(metas)),
    created_at     INTEGER NOT NULL,
    expires_at     INTEGER NOT NULL,
    -- From here on everything follows from the facts.
    status         TEXT    NOT NULL,
    live           INTEGER NOT NULL CHECK (live IN (0, 1)),
    holds_fee      INTEGER NOT NULL CHECK (holds_fee IN (0, 1)),
    provider_id    TEXT    NOT NULL DEFAULT '',
    refunded_minor INTEGER NOT NULL DEFAULT 0 CHECK (refunded_minor >= 0),
    updated_at     INTEGER NOT NULL,
    paid_at        INTEGER,
    check_at       INTEGER,
    checks         INTEGER NOT NULL DEFAULT 0,
    -- Ends of the two hash chains, so that a row missing at the end is noticed too.
    facts_hash     TEXT    NOT NULL DEFAULT '',
    messages_hash  TEXT    NOT NULL DEFAULT ''
) STRICT;

-- Nobody pays twice: one live attempt per ticket and fee.
CREATE UNIQUE INDEX transactions_live ON transactions (ticket_id, fee_type) WHERE live = 1;
CREATE INDEX transactions_held ON transactions (ticket_id, fee_type) WHERE holds_fee = 1;
CREATE UNIQUE INDEX transactions_provider_id ON transactions (processor, provider_id)
    WHERE provider_id <> '';
CREATE INDEX transactions_ticket ON transactions (ticket_id, id);
CREATE INDEX transactions_due ON transactions (check_at, id) WHERE check_at IS NOT NULL;

CREATE TABLE facts (
    transaction_id INTEGER NOT NULL REFERENCES transactions (id),
    seq            INTEGER NOT NULL CHECK (seq > 0),
    at             INTEGER NOT NULL,
    source         TEXT    NOT NULL,
    kind           TEXT    NOT NULL,
    subject        TEXT    NOT NULL,
    amount_minor   INTEGER,
    currency       TEXT,
    provider_id    TEXT    NOT NULL,
    account        TEXT    NOT NULL,
    detail         TEXT    NOT NULL,
    identity       TEXT    NOT NULL,
    hash           TEXT    NOT NULL,
    occurred_at    INTEGER,  -- by its source's clock, where a later word undoes it
    PRIMARY KEY (transaction_id, seq),
    UNIQUE (transaction_id, identity),
    CHECK ((amount_minor IS NULL) = (currency IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TRIGGER facts_stay BEFORE UPDATE ON facts
BEGIN SELECT RAISE(ABORT, 'facts are never changed'); END;
CREATE TRIGGER facts_remain BEFORE DELETE ON facts
BEGIN SELECT RAISE(ABORT, 'facts are never deleted'); END;

-- Verified messages of the providers, byte for byte. Their chain holds the hash of a body and not the
-- body, so that one can be erased: then its hash stays in its place.
CREATE TABLE notifications (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    processor        TEXT    NOT NULL,
    identity         TEXT    NOT NULL,
    received_at      INTEGER NOT NULL,
    signature        TEXT    NOT NULL,
    body             BLOB,
    transaction_id   INTEGER REFERENCES transactions (id),
    unmatched_reason TEXT    NOT NULL,
    hash             TEXT    NOT NULL,
    body_sha256      TEXT,  -- in hex, of a body that was erased
    UNIQUE (processor, identity),
    CHECK ((transaction_id IS NULL) = (unmatched_reason <> '')),
    CHECK ((body IS NULL) = (body_sha256 IS NOT NULL))
) STRICT;

CREATE INDEX notifications_transaction ON notifications (transaction_id, id);

CREATE TRIGGER notifications_stay BEFORE UPDATE ON notifications
WHEN OLD.body IS NULL OR NEW.body IS NOT NULL
    OR (NEW.id, NEW.processor, NEW.identity, NEW.received_at, NEW.signature, NEW.transaction_id,
        NEW.unmatched_reason, NEW.hash)
    IS NOT (OLD.id, OLD.processor, OLD.identity, OLD.received_at, OLD.signature, OLD.transaction_id,
        OLD.unmatched_reason, OLD.hash)
BEGIN SELECT RAISE(ABORT, 'notifications are never changed'); END;
CREATE TRIGGER notifications_remain BEFORE DELETE ON notifications
BEGIN SELECT RAISE(ABORT, 'notifications are never deleted'); END;

CREATE TABLE idempotency_keys (
    scope       TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    fingerprint TEXT    NOT NULL,
    claimed_at  INTEGER NOT NULL,
    status      INTEGER,
    body        TEXT,
    PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_keys_age ON idempotency_keys (claimed_at);

-- What other services are to be told, written together with the change it tells of.
CREATE TABLE outbox (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    transaction_id  INTEGER NOT NULL REFERENCES transactions (id),
    type            TEXT    NOT NULL,
    status_before   TEXT    NOT NULL,
    status_after    TEXT    NOT NULL,
    refunded_before INTEGER NOT NULL,
    refunded_after  INTEGER NOT NULL,
    at              INTEGER NOT NULL,
    delivered_at    INTEGER
) STRICT;

CREATE INDEX outbox_waiting ON outbox (id) WHERE delivered_at IS NULL;
CREATE INDEX outbox_transaction ON outbox (transaction_id, id);
