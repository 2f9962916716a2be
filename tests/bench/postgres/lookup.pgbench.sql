-- What listTicketTransactions reads, of a ticket of a large database; variables: first, last.
\set ticket random(:first, :last)
SELECT * FROM transactions WHERE ticket_id = :ticket ORDER BY id;
SELECT f.* FROM transactions t JOIN facts f ON f.transaction_id = t.id
WHERE t.ticket_id = :ticket ORDER BY f.transaction_id, f.seq;
