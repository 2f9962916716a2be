-- concurrently: each statement by itself, outside of a transaction, while everybody works on.

-- What was done last with an entry of the worklist.
CREATE INDEX CONCURRENTLY IF NOT EXISTS actions_review ON actions (about, seq) WHERE kind = 'review';

-- What people did, newest first: all of it, of one scope, of one person.
CREATE INDEX CONCURRENTLY IF NOT EXISTS actions_time ON actions (at, id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS actions_scope ON actions (scope_id, at, id)
    WHERE scope_id IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS actions_person ON actions (by_sub, at, id);

-- Events that somebody has skipped, newest first.
CREATE INDEX CONCURRENTLY IF NOT EXISTS outbox_skipped ON outbox (id) WHERE skipped;
