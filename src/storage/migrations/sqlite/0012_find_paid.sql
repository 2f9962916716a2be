CREATE INDEX transactions_paid ON transactions (paid_at) WHERE paid_at IS NOT NULL;
