-- Refund runs: many payments given back at once (docs/refund_runs.md). What becomes of a payment is told
-- by its facts; these rows say what is to be done next, and by whom.
CREATE TABLE refund_runs (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    digest         TEXT    NOT NULL,  -- of the plan that was read
    name           TEXT    NOT NULL,
    reason         TEXT    NOT NULL,
    give           TEXT    NOT NULL,
    state          TEXT    NOT NULL CHECK (state IN ('needs_release', 'running', 'paused', 'stopped', 'done')),
    paused_because TEXT    NOT NULL,  -- '' unless it is paused
    started_by     TEXT    NOT NULL,
    started_name   TEXT    NOT NULL,
    started_at     INTEGER NOT NULL,
    released_by    TEXT    NOT NULL,  -- '' until it is
    released_name  TEXT    NOT NULL,
    released_at    INTEGER,
    ended_at       INTEGER,
    -- how many in a row came to nothing
    simplepay_failures INTEGER NOT NULL,
    stripe_failures    INTEGER NOT NULL
) STRICT;
-- A plan is started once.
CREATE UNIQUE INDEX refund_runs_open ON refund_runs (digest) WHERE state NOT IN ('stopped', 'done');

CREATE TABLE refund_items (
    run_id         INTEGER NOT NULL REFERENCES refund_runs (id),
    transaction_id INTEGER NOT NULL REFERENCES transactions (id),
    processor      TEXT    NOT NULL,
    currency       TEXT    NOT NULL,
    amount_minor   INTEGER NOT NULL CHECK (amount_minor > 0),
    refunded_minor INTEGER NOT NULL,  -- that was given back before
    state          TEXT    NOT NULL
                   CHECK (state IN ('waiting', 'asked', 'unknown', 'done', 'refused', 'left_out')),
    why            TEXT    NOT NULL,  -- of left_out, else ''
    detail         TEXT    NOT NULL,  -- of refused: the provider's words
    tries          INTEGER NOT NULL,
    due_at         INTEGER,           -- when somebody is to look at it
    changed_at     INTEGER NOT NULL,
    PRIMARY KEY (run_id, transaction_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX refund_items_due ON refund_items (processor, due_at, transaction_id) WHERE due_at IS NOT NULL;
-- No payment waits in two runs.
CREATE UNIQUE INDEX refund_items_open ON refund_items (transaction_id)
    WHERE state IN ('waiting', 'asked', 'unknown');
CREATE INDEX refund_items_state ON refund_items (run_id, state, transaction_id);

-- When each processor may next be asked for a refund by a run, whichever replica asks.
CREATE TABLE refund_pace (
    processor TEXT    PRIMARY KEY,
    next_at   INTEGER NOT NULL
) STRICT;
INSERT INTO refund_pace VALUES ('SIMPLE', 0), ('STRIPE-INTENTS', 0);
