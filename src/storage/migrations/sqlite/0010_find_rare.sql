-- The rare statuses are those that no payment has on its way to being paid.
CREATE INDEX transactions_rare ON transactions (status)
    WHERE status IN ('unknown', 'authorized', 'partially_refunded', 'refunded', 'disputed', 'review');
