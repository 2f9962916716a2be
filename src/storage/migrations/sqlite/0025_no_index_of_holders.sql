-- Whoever begins an attempt reads all attempts of its ticket and fee at once.
DROP INDEX transactions_held;
