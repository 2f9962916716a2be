-- By what staff look for a payment, newest first. This index and each of the next five is built in a
-- transaction of its own: payments are begun between them.
CREATE INDEX transactions_scope ON transactions (scope_id);
