-- A person may decide that nobody is to hear of one, as of the payments' events.
ALTER TABLE settlement_events ADD COLUMN skipped INTEGER NOT NULL DEFAULT 0 CHECK (skipped IN (0, 1));
CREATE INDEX settlement_events_dead ON settlement_events (id) WHERE dead_at IS NOT NULL;
