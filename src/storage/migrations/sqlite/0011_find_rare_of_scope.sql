CREATE INDEX transactions_rare_of_scope ON transactions (scope_id, status)
    WHERE status IN ('unknown', 'authorized', 'partially_refunded', 'refunded', 'disputed', 'review');
