-- concurrently: by itself, outside of a transaction, while everybody works on.
CREATE INDEX CONCURRENTLY IF NOT EXISTS transactions_uncounted ON transactions (id) WHERE NOT counted;
