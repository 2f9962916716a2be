-- Refund runs: many payments given back at once (docs/refund_runs.md). What becomes of a payment is told
-- by its facts; these rows say what is to be done next, and by whom.
CREATE SEQUENCE refund_runs_number AS bigint;
CREATE TABLE refund_runs (
    id             bigint PRIMARY KEY DEFAULT nextval('refund_runs_number'),
    digest         text    NOT NULL,  -- of the plan that was read
    name           text    NOT NULL,
    reason         text    NOT NULL,
    give           text    NOT NULL,
    state          text    NOT NULL CHECK (state IN ('needs_release', 'running', 'paused', 'stopped', 'done')),
    paused_because text    NOT NULL,  -- '' unless it is paused
    started_by     text    NOT NULL,
    started_name   text    NOT NULL,
    started_at     bigint  NOT NULL,
    released_by    text    NOT NULL,  -- '' until it is
    released_name  text    NOT NULL,
    released_at    bigint,
    ended_at       bigint,
    -- how many in a row came to nothing
    simplepay_failures bigint  NOT NULL,
    stripe_failures    bigint  NOT NULL
);
ALTER SEQUENCE refund_runs_number OWNED BY refund_runs.id;
-- A plan is started once.
CREATE UNIQUE INDEX refund_runs_open ON refund_runs (digest) WHERE state NOT IN ('stopped', 'done');

CREATE TABLE refund_items (
    run_id         bigint  NOT NULL REFERENCES refund_runs (id),
    -- No foreign key: it would lock every payment of a run that starts, and none is ever deleted.
    transaction_id bigint  NOT NULL,
    processor      text    NOT NULL,
    currency       text    NOT NULL,
    amount_minor   bigint  NOT NULL CHECK (amount_minor > 0),
    refunded_minor bigint  NOT NULL,  -- that was given back before
    state          text    NOT NULL
                   CHECK (state IN ('waiting', 'asked', 'unknown', 'done', 'refused', 'left_out')),
    why            text    NOT NULL,  -- of left_out, else ''
    detail         text    NOT NULL,  -- of refused: the provider's words
    tries          bigint  NOT NULL,
    due_at         bigint,           -- when somebody is to look at it
    changed_at     bigint  NOT NULL,
    PRIMARY KEY (run_id, transaction_id)
);
CREATE INDEX refund_items_due ON refund_items (processor, due_at, transaction_id) WHERE due_at IS NOT NULL;
-- No payment waits in two runs.
CREATE UNIQUE INDEX refund_items_open ON refund_items (transaction_id)
    WHERE state IN ('waiting', 'asked', 'unknown');
CREATE INDEX refund_items_state ON refund_items (run_id, state, transaction_id);

-- When each processor may next be asked for a refund by a run, whichever replica asks.
CREATE TABLE refund_pace (
    processor text    PRIMARY KEY,
    next_at   bigint  NOT NULL
);
INSERT INTO refund_pace VALUES ('SIMPLE', 0), ('STRIPE-INTENTS', 0);
