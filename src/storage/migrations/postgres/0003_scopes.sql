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
