-- When the provider was last wanted to be asked, whatever was learned: only the answer to a question
-- asked after that is the answer to it.
ALTER TABLE transactions ADD COLUMN wanted_at INTEGER;

-- Attempts that may be overdue, by their deadline.
CREATE INDEX transactions_open ON transactions (expires_at)
    WHERE status IN ('created', 'pending');
