CREATE INDEX transactions_uncounted ON transactions (id) WHERE counted = 0;
