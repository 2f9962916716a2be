-- Attempts to pay, what was learned of them, and what must be told to others: what the six SQLite
-- migrations together make. Times are milliseconds since 1970 UTC; amounts are ISO minor units.

CREATE SEQUENCE transactions_number AS bigint;
CREATE TABLE transactions (
    id             bigint  PRIMARY KEY DEFAULT nextval('transactions_number'),
    ticket_id      bigint  NOT NULL CHECK (ticket_id > 0),
    fee_type       text    NOT NULL CHECK (fee_type <> ''),
    currency       text    NOT NULL CHECK (length(currency) = 3),
    processor      text    NOT NULL,
    amount_minor   bigint  NOT NULL CHECK (amount_minor >= 0),
    account        text    NOT NULL,
    email          text    NOT NULL,
    metas          text    NOT NULL,  -- JSON, byte for byte as it was agreed
    created_at     bigint  NOT NULL,
    expires_at     bigint  NOT NULL,
    -- From here on everything follows from the facts.
    status         text    NOT NULL,
    live           boolean NOT NULL,
    holds_fee      boolean NOT NULL,
    provider_id    text    NOT NULL DEFAULT '',
    refunded_minor bigint  NOT NULL DEFAULT 0 CHECK (refunded_minor >= 0),
    updated_at     bigint  NOT NULL,
    paid_at        bigint,
    check_at       bigint,
    checks         integer NOT NULL DEFAULT 0,
    -- Ends of the two hash chains, so that a row missing at the end is noticed too.
    facts_hash     text    NOT NULL DEFAULT '',
    messages_hash  text    NOT NULL DEFAULT '',
    watched        boolean NOT NULL DEFAULT false,  -- what a person may have to look at
    concerns       text    NOT NULL DEFAULT '',     -- why, and from when on: kind@time, ...
    wanted_at      bigint  -- when the provider was last wanted to be asked, whatever was learned
);
ALTER SEQUENCE transactions_number OWNED BY transactions.id;

-- Nobody pays twice: one live attempt per ticket and fee.
CREATE UNIQUE INDEX transactions_live ON transactions (ticket_id, fee_type) WHERE live;
CREATE UNIQUE INDEX transactions_provider_id ON transactions (provider_id, processor)
    WHERE provider_id <> '';
CREATE INDEX transactions_ticket ON transactions (ticket_id, id);
CREATE INDEX transactions_due ON transactions (check_at, id) WHERE check_at IS NOT NULL;
CREATE INDEX transactions_watched ON transactions (id) WHERE watched;
CREATE INDEX transactions_open ON transactions (expires_at) WHERE status IN ('created', 'pending');

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% are never changed or deleted', TG_TABLE_NAME USING ERRCODE = '23000';
END $$;

CREATE TABLE facts (
    transaction_id bigint  NOT NULL REFERENCES transactions (id),
    seq            integer NOT NULL CHECK (seq > 0),
    at             bigint  NOT NULL,
    source         text    NOT NULL,
    kind           text    NOT NULL,
    subject        text    NOT NULL,
    amount_minor   bigint,
    currency       text,
    provider_id    text    NOT NULL,
    account        text    NOT NULL,
    detail         text    NOT NULL,
    identity       text    NOT NULL,
    hash           text    NOT NULL,
    refund         text    NOT NULL DEFAULT '',  -- our name of a refund, "TR42-R1"
    occurred_at    bigint,  -- by its source's clock, where a later word undoes it
    PRIMARY KEY (transaction_id, seq),
    UNIQUE (transaction_id, identity),
    CHECK ((amount_minor IS NULL) = (currency IS NULL))
);
CREATE TRIGGER facts_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON facts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Verified messages of the providers, byte for byte. Their chain holds the hash of a body and not the
-- body, so that one can be erased: then its hash stays in its place.
CREATE SEQUENCE notifications_number AS bigint;
CREATE TABLE notifications (
    id               bigint PRIMARY KEY DEFAULT nextval('notifications_number'),
    processor        text   NOT NULL,
    identity         text   NOT NULL,
    received_at      bigint NOT NULL,
    signature        bytea  NOT NULL,
    body             bytea,
    transaction_id   bigint REFERENCES transactions (id),
    unmatched_reason text   NOT NULL,
    hash             text   NOT NULL,
    body_sha256      text,  -- in hex, of a body that was erased
    UNIQUE (identity, processor),
    CHECK ((transaction_id IS NULL) = (unmatched_reason <> '')),
    CHECK ((body IS NULL) = (body_sha256 IS NOT NULL))
);
ALTER SEQUENCE notifications_number OWNED BY notifications.id;
CREATE INDEX notifications_transaction ON notifications (transaction_id, id)
    WHERE transaction_id IS NOT NULL;
CREATE INDEX notifications_unmatched ON notifications (received_at, id)
    WHERE transaction_id IS NULL;
CREATE TRIGGER notifications_stay BEFORE DELETE OR TRUNCATE OR UPDATE OF id, processor, identity,
    received_at, signature, transaction_id, unmatched_reason, hash ON notifications
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER notifications_bodies_stay BEFORE UPDATE ON notifications
    FOR EACH ROW WHEN (OLD.body IS NULL OR NEW.body IS NOT NULL)
    EXECUTE FUNCTION refuse_change();

-- Messages that were about no transaction we knew when they came, until one that fits is found.
CREATE TABLE unmatched (
    notification_id bigint  PRIMARY KEY REFERENCES notifications (id),
    processor       text    NOT NULL,
    provider_id     text    NOT NULL,  -- of the payment, as the message names it; '' when not
    next_try_at     bigint,            -- NULL: only when a transaction gains that id
    tries           integer NOT NULL DEFAULT 0
);
CREATE INDEX unmatched_due ON unmatched (next_try_at) WHERE next_try_at IS NOT NULL;
CREATE INDEX unmatched_provider_id ON unmatched (processor, provider_id) WHERE provider_id <> '';

-- Which transaction such a message was found to be about, later. A link in the chain of that
-- transaction's messages, after the one of `newest_message` and all before it.
CREATE SEQUENCE matches_number AS bigint;
CREATE TABLE matches (
    id              bigint PRIMARY KEY DEFAULT nextval('matches_number'),
    notification_id bigint NOT NULL UNIQUE REFERENCES notifications (id),
    transaction_id  bigint NOT NULL REFERENCES transactions (id),
    at              bigint NOT NULL,
    newest_message  bigint NOT NULL,
    hash            text   NOT NULL
);
ALTER SEQUENCE matches_number OWNED BY matches.id;
CREATE INDEX matches_transaction ON matches (transaction_id, newest_message, id);
CREATE TRIGGER matches_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON matches
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What other services are to be told, written together with the change it tells of.
CREATE SEQUENCE outbox_number AS bigint;
CREATE TABLE outbox (
    id              bigint  PRIMARY KEY DEFAULT nextval('outbox_number'),
    transaction_id  bigint  NOT NULL REFERENCES transactions (id),
    type            text    NOT NULL,
    status_before   text    NOT NULL,
    status_after    text    NOT NULL,
    refunded_before bigint  NOT NULL,
    refunded_after  bigint  NOT NULL,
    at              bigint  NOT NULL,
    provider_id     text,
    review_reason   text,
    tries           integer NOT NULL DEFAULT 0,
    next_at         bigint  NOT NULL DEFAULT 0,
    delivered_at    bigint,
    dead_at         bigint,
    skipped         boolean NOT NULL DEFAULT false,
    last_error      text    NOT NULL DEFAULT ''
);
ALTER SEQUENCE outbox_number OWNED BY outbox.id;
CREATE INDEX outbox_transaction ON outbox (transaction_id, id);
CREATE INDEX outbox_due ON outbox (next_at, id) WHERE delivered_at IS NULL AND dead_at IS NULL;
CREATE INDEX outbox_dead ON outbox (id) WHERE dead_at IS NOT NULL AND NOT skipped;

CREATE TABLE idempotency_keys (
    scope       text    NOT NULL,
    key         text    NOT NULL,
    fingerprint text    NOT NULL,
    claimed_at  bigint  NOT NULL,
    status      integer,
    body        text,
    PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (claimed_at);

-- Rewritten to find out whether the server takes changes again after it had refused one.
CREATE TABLE commit_probe (
    id     integer PRIMARY KEY CHECK (id = 1),
    filler bytea   NOT NULL
);
ALTER TABLE commit_probe ALTER COLUMN filler SET STORAGE EXTERNAL;  -- as large as it is written
INSERT INTO commit_probe VALUES (1, '');
