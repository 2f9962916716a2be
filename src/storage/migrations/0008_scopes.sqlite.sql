-- What tickets are for, by which staff may see their payments: flag, year and event. Each triple has
-- one row, whose number is made of the triple alone, so that a cached number is right in every
-- database.
CREATE TABLE scopes (
    id    INTEGER PRIMARY KEY,
    flag  TEXT    NOT NULL,
    year  TEXT    NOT NULL,
    event TEXT    NOT NULL,
    UNIQUE (flag, year, event)
) STRICT;

CREATE TRIGGER scopes_stay BEFORE UPDATE ON scopes
BEGIN SELECT RAISE(ABORT, 'scopes are never changed'); END;
CREATE TRIGGER scopes_remain BEFORE DELETE ON scopes
BEGIN SELECT RAISE(ABORT, 'scopes are never deleted'); END;

-- Where its ticket was when it was last heard of; NULL when nobody has said yet. No part of any hash:
-- tickets move.
ALTER TABLE transactions ADD COLUMN scope_id INTEGER;

-- By what staff look for a payment, newest first. The rare statuses are those that no payment has on
-- its way to being paid.
CREATE INDEX transactions_scope ON transactions (scope_id);
CREATE INDEX transactions_rare ON transactions (status)
    WHERE status IN ('unknown', 'authorized', 'partially_refunded', 'refunded', 'disputed', 'review');
CREATE INDEX transactions_rare_of_scope ON transactions (scope_id, status)
    WHERE status IN ('unknown', 'authorized', 'partially_refunded', 'refunded', 'disputed', 'review');
CREATE INDEX transactions_paid ON transactions (paid_at) WHERE paid_at IS NOT NULL;
CREATE INDEX transactions_email ON transactions (lower(email)) WHERE email <> '';
CREATE INDEX facts_subject ON facts (subject)
    WHERE kind IN ('refunded', 'refund_pending', 'disputed', 'dispute_won', 'dispute_lost',
        'dispute_prevented', 'dispute_unclear', 'inquiry');
