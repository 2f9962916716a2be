-- What was done last with an entry of the worklist.
CREATE INDEX actions_review ON actions (about, seq) WHERE kind = 'review';

-- What people did, newest first: all of it, of one scope, of one person.
CREATE INDEX actions_time ON actions (at, id);
CREATE INDEX actions_scope ON actions (scope_id, at, id) WHERE scope_id IS NOT NULL;
CREATE INDEX actions_person ON actions (by_sub, at, id);

-- Events that somebody has skipped, newest first.
CREATE INDEX outbox_skipped ON outbox (id) WHERE skipped = 1;
