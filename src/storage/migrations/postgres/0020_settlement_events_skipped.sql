-- A person may decide that nobody is to hear of one, as of the payments' events.
ALTER TABLE settlement_events ADD COLUMN skipped boolean NOT NULL DEFAULT false;
CREATE INDEX settlement_events_dead ON settlement_events (id) WHERE dead_at IS NOT NULL;
