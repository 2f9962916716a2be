-- Sums of money, which follow from the facts of all transactions and are kept so that nobody has to
-- add these up again and again. A change adds what it makes of them to totals_pending, in its own
-- commit, where nobody waits for anybody; a task in the background moves that on to totals. Whoever
-- reads adds both.
CREATE TABLE totals_pending (
    at        bigint NOT NULL,  -- where its minute begins
    scope_id  bigint NOT NULL,  -- 0 where it is not known
    currency  text   NOT NULL,
    processor text   NOT NULL,
    fee_type  text   NOT NULL,
    measure   text   NOT NULL,
    reason    text   NOT NULL,
    n         bigint NOT NULL,  -- may be less than 0, as minor may
    minor     bigint NOT NULL
);

CREATE TABLE totals (
    grain     bigint NOT NULL,  -- minutes that a row is of: 1, or 15
    at        bigint NOT NULL,  -- where these begin
    scope_id  bigint NOT NULL,
    currency  text   NOT NULL,
    processor text   NOT NULL,
    fee_type  text   NOT NULL,
    measure   text   NOT NULL,
    reason    text   NOT NULL,
    n         bigint NOT NULL,
    minor     bigint NOT NULL,
    PRIMARY KEY (grain, at, scope_id, currency, processor, fee_type, measure, reason)
);

-- Whether what it counts for is in the sums. What was begun before they were kept, or by a replica of
-- the version before, is counted in the background.
ALTER TABLE transactions ADD COLUMN counted boolean NOT NULL DEFAULT false;
