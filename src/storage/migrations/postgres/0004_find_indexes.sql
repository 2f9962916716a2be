-- concurrently: each statement by itself, outside of a transaction, while everybody works on.

-- By what staff look for a payment, newest first. The rare statuses are those that no payment has on
-- its way to being paid.
CREATE INDEX CONCURRENTLY IF NOT EXISTS transactions_scope ON transactions (scope_id, id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS transactions_rare ON transactions (status, id)
    WHERE status IN ('unknown', 'authorized', 'partially_refunded', 'refunded', 'disputed', 'review');
CREATE INDEX CONCURRENTLY IF NOT EXISTS transactions_rare_of_scope
    ON transactions (scope_id, status, id)
    WHERE status IN ('unknown', 'authorized', 'partially_refunded', 'refunded', 'disputed', 'review');
CREATE INDEX CONCURRENTLY IF NOT EXISTS transactions_paid ON transactions (paid_at, id)
    WHERE paid_at IS NOT NULL;
-- The address as a hash of eight bytes, since thousands of them would fill a cache; in the collation
-- C, which every server folds alike.
CREATE INDEX CONCURRENTLY IF NOT EXISTS transactions_email
    ON transactions (hashtextextended(lower(email COLLATE "C"), 0), id) WHERE email <> '';
CREATE INDEX CONCURRENTLY IF NOT EXISTS facts_subject ON facts (subject, transaction_id)
    WHERE kind IN ('refunded', 'refund_pending', 'disputed', 'dispute_won', 'dispute_lost',
        'dispute_prevented', 'dispute_unclear', 'inquiry');
