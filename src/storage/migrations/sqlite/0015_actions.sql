-- What people did and saw: notes, personal data that were shown, refunds they asked for. Append-only,
-- and chained by hash: those about one payment, and those about none, are a chain each. It holds the
-- hash of the details and not the details, so that these can be erased: then their hash stays in their
-- place.
CREATE TABLE actions (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    transaction_id INTEGER REFERENCES transactions (id),
    seq            INTEGER NOT NULL CHECK (seq > 0),
    at             INTEGER NOT NULL,
    by_sub         TEXT    NOT NULL,
    by_name        TEXT    NOT NULL,
    kind           TEXT    NOT NULL CHECK (kind <> ''),
    scope_id       INTEGER,  -- where the payment's ticket was then
    about          TEXT    NOT NULL,
    idempotency_key TEXT   NOT NULL,  -- under which it was asked for; '' for none
    details        TEXT    CHECK (details IS NULL OR json_valid(details)),
    details_sha256 TEXT,     -- in hex, of details that were erased
    hash           TEXT    NOT NULL,
    CHECK ((details IS NULL) = (details_sha256 IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX actions_chain ON actions (coalesce(transaction_id, 0), seq);

CREATE UNIQUE INDEX actions_key ON actions (coalesce(transaction_id, 0), kind, idempotency_key)
    WHERE idempotency_key <> '';

CREATE TRIGGER actions_stay BEFORE UPDATE ON actions
WHEN OLD.details IS NULL OR NEW.details IS NOT NULL
    OR (NEW.id, NEW.transaction_id, NEW.seq, NEW.at, NEW.by_sub, NEW.by_name, NEW.kind, NEW.scope_id,
        NEW.about, NEW.idempotency_key, NEW.hash)
    IS NOT (OLD.id, OLD.transaction_id, OLD.seq, OLD.at, OLD.by_sub, OLD.by_name, OLD.kind,
        OLD.scope_id, OLD.about, OLD.idempotency_key, OLD.hash)
BEGIN SELECT RAISE(ABORT, 'actions are never changed'); END;
CREATE TRIGGER actions_remain BEFORE DELETE ON actions
BEGIN SELECT RAISE(ABORT, 'actions are never deleted'); END;

-- Where each chain ends, so that a row missing at the end is noticed too. 0 stands for no payment.
CREATE TABLE action_chains (
    transaction_id INTEGER PRIMARY KEY,
    length         INTEGER NOT NULL,
    hash           TEXT    NOT NULL
) STRICT;
