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
