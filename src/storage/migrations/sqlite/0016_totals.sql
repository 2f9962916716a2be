-- Sums of money, which follow from the facts of all transactions and are kept so that nobody has to
-- add these up again and again. A change adds what it makes of them to totals_pending, in its own
-- commit; a task in the background moves that on to totals. Whoever reads adds both.
CREATE TABLE totals_pending (
    id        INTEGER PRIMARY KEY,
    at        INTEGER NOT NULL,  -- where its minute begins
    scope_id  INTEGER NOT NULL,  -- 0 where it is not known
    currency  TEXT    NOT NULL,
    processor TEXT    NOT NULL,
    fee_type  TEXT    NOT NULL,
    measure   TEXT    NOT NULL,
    reason    TEXT    NOT NULL,
    n         INTEGER NOT NULL,  -- may be less than 0, as minor may
    minor     INTEGER NOT NULL
) STRICT;

CREATE TABLE totals (
    grain     INTEGER NOT NULL,  -- minutes that a row is of: 1, or 15
    at        INTEGER NOT NULL,  -- where these begin
    scope_id  INTEGER NOT NULL,
    currency  TEXT    NOT NULL,
    processor TEXT    NOT NULL,
    fee_type  TEXT    NOT NULL,
    measure   TEXT    NOT NULL,
    reason    TEXT    NOT NULL,
    n         INTEGER NOT NULL,
    minor     INTEGER NOT NULL,
    PRIMARY KEY (grain, at, scope_id, currency, processor, fee_type, measure, reason)
) STRICT, WITHOUT ROWID;

-- Whether what it counts for is in the sums. What was begun before they were kept is counted in the
-- background.
ALTER TABLE transactions ADD COLUMN counted INTEGER NOT NULL DEFAULT 0;
