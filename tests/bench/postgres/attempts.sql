-- :attempts attempts of SimplePay (ids from 1) and as many of Stripe (the ids after), each for a
-- ticket of its own, which the provider has accepted and nobody has paid: what `ozora-bench
-- prepare` makes in SQLite. Hashes are as long as true ones; nothing here re-reads the books.
INSERT INTO transactions (id, ticket_id, fee_type, currency, processor, amount_minor, account,
    email, metas, created_at, expires_at, status, live, holds_fee, provider_id, updated_at,
    facts_hash)
SELECT id, id, 'NORMAL-TOTAL-FEE', 'EUR',
    CASE WHEN is_simplepay THEN 'SIMPLE' ELSE 'STRIPE-INTENTS' END, 22000,
    CASE WHEN is_simplepay THEN 'PUBLICTESTEUR' ELSE 'test' END,
    'visitor@example.com', '{"name":"A Visitor"}', now_ms, now_ms + 1800000, 'pending', true, false,
    CASE WHEN is_simplepay THEN (500000000 + id)::text ELSE 'pi_bench' || id END, now_ms,
    encode(sha256(int8send(id)), 'hex')
FROM generate_series(1, 2 * :attempts::bigint) AS id,
    LATERAL (SELECT id <= :attempts AS is_simplepay) AS kind,
    (SELECT (extract(epoch FROM now()) * 1000)::bigint AS now_ms) AS clock;

INSERT INTO facts (transaction_id, seq, at, source, kind, subject, provider_id, account, detail,
    identity, hash)
SELECT id, 1, created_at, 'service', 'accepted', '', provider_id, account, '',
    'accepted|||' || provider_id || '|' || account, facts_hash
FROM transactions ORDER BY id;

SELECT setval('transactions_number', 2 * :attempts::bigint);
