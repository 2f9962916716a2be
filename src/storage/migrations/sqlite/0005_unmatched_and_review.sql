-- Messages that were about no transaction we knew when they came, until one that fits is found.
CREATE TABLE unmatched (
    notification_id INTEGER PRIMARY KEY REFERENCES notifications (id),
    processor       TEXT    NOT NULL,
    provider_id     TEXT    NOT NULL,  -- of the payment, as the message names it; '' when not
    next_try_at     INTEGER,           -- NULL: only when a transaction gains that id
    tries           INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX unmatched_due ON unmatched (next_try_at) WHERE next_try_at IS NOT NULL;
CREATE INDEX unmatched_provider_id ON unmatched (processor, provider_id) WHERE provider_id <> '';

INSERT INTO unmatched (notification_id, processor, provider_id, next_try_at)
SELECT id, processor, '', received_at FROM notifications
WHERE transaction_id IS NULL AND unmatched_reason = 'no such transaction';

-- Which transaction such a message was found to be about, later. A link in the chain of that
-- transaction's messages, after the one of `newest_message` and all before it.
CREATE TABLE matches (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    notification_id INTEGER NOT NULL UNIQUE REFERENCES notifications (id),
    transaction_id  INTEGER NOT NULL REFERENCES transactions (id),
    at              INTEGER NOT NULL,
    newest_message  INTEGER NOT NULL,
    hash            TEXT    NOT NULL
) STRICT;

CREATE INDEX matches_transaction ON matches (transaction_id, newest_message, id);

CREATE TRIGGER matches_stay BEFORE UPDATE ON matches
BEGIN SELECT RAISE(ABORT, 'matches are never changed'); END;
CREATE TRIGGER matches_remain BEFORE DELETE ON matches
BEGIN SELECT RAISE(ABORT, 'matches are never deleted'); END;

-- Unmatched messages by age, for whoever looks after them.
CREATE INDEX notifications_unmatched ON notifications (received_at, id)
    WHERE transaction_id IS NULL;

-- What a person may have to look at, now or in an hour.
ALTER TABLE transactions ADD COLUMN watched INTEGER NOT NULL DEFAULT 0 CHECK (watched IN (0, 1));
-- Why, and from when on: kind@time, ...
ALTER TABLE transactions ADD COLUMN concerns TEXT NOT NULL DEFAULT '';
UPDATE transactions SET watched = 1
WHERE status IN ('review', 'disputed', 'unknown')
   OR (status = 'pending'
       AND id IN (SELECT transaction_id FROM facts WHERE kind = 'claimed'))
   OR id IN (SELECT transaction_id FROM facts
             WHERE kind IN ('refund_requested', 'refund_failed'));
CREATE INDEX transactions_watched ON transactions (id) WHERE watched = 1;
