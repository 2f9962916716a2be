-- What tickets are for, by which staff may see their payments: flag, year and event. Each triple has
-- one row, whose number is made of the triple alone, so that a cached number is right in every
-- database.
CREATE TABLE scopes (
    id    bigint PRIMARY KEY,
    flag  text   NOT NULL,
    year  text   NOT NULL,
    event text   NOT NULL,
    UNIQUE (flag, year, event)
);
CREATE TRIGGER scopes_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON scopes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Where its ticket was when it was last heard of; NULL when nobody has said yet, as in rows of
-- versions that did not ask. No part of any hash: tickets move. Without a foreign key, for which
-- every start would lock the one row of the event that is on sale.
ALTER TABLE transactions ADD COLUMN scope_id bigint;
CREATE INDEX transactions_scope ON transactions (scope_id, status, id);

-- By what staff look for a payment. The address as a hash of eight bytes, since thousands of them
-- would fill a cache; in the collation C, which every server folds alike.
CREATE INDEX transactions_paid ON transactions (paid_at, id) WHERE paid_at IS NOT NULL;
CREATE INDEX transactions_email
    ON transactions (hashtextextended(lower(email COLLATE "C"), 0), id) WHERE email <> '';
CREATE INDEX facts_subject ON facts (subject, transaction_id)
    WHERE kind IN ('refunded', 'refund_pending', 'disputed', 'dispute_won', 'dispute_lost',
        'dispute_prevented', 'dispute_unclear', 'inquiry');
