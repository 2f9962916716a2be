-- The change that a SimplePay IPN makes, in a commit of its own. Every client pays attempts that no
-- other client pays, so that nobody waits for a row; variables: n (0), clients, first_id.
-- In a body a blank follows a colon before a word: pgbench takes :name for one of its variables.
\set id :first_id + :n * :clients + :client_id
\set n :n + 1
BEGIN;
SELECT * FROM transactions WHERE id = :id FOR UPDATE;
SELECT * FROM facts WHERE transaction_id = :id ORDER BY seq;
INSERT INTO notifications (processor, identity, received_at, signature, body, transaction_id,
    unmatched_reason, hash)
VALUES ('SIMPLE', encode(sha256(int8send(:id)), 'hex'),
    (extract(epoch FROM clock_timestamp()) * 1000)::bigint, repeat('s', 64)::bytea,
    convert_to(
    '{"salt":"c1ca0d5e2f3b4a69788796a5b4c3d2e1","orderRef":"TR' || :id ||
    '","method":"CARD","merchant":"PUBLICTESTEUR","finishDate":"2026-03-02T10:21:07+01:00'
    '","paymentDate":"2026-03-02T10:18:41+01:00","transactionId":' || (500000000 + :id) ||
    ',"status":"FINISHED"}', 'UTF8'),
    :id, '', repeat('0', 64))
ON CONFLICT (processor, identity) DO NOTHING;
INSERT INTO facts (transaction_id, seq, at, source, kind, subject, amount_minor, currency,
    provider_id, account, detail, identity, hash)
VALUES (:id, 2, (extract(epoch FROM clock_timestamp()) * 1000)::bigint, 'ipn', 'captured', '',
    22000, 'EUR', (500000000 + :id)::text, 'PUBLICTESTEUR', '',
    'captured||22000EUR|' || (500000000 + :id) || '|PUBLICTESTEUR',
    repeat('0', 64));
UPDATE transactions SET status = 'paid', live = false, holds_fee = true,
    provider_id = (500000000 + :id)::text, refunded_minor = 0,
    updated_at = (extract(epoch FROM clock_timestamp()) * 1000)::bigint,
    paid_at = (extract(epoch FROM clock_timestamp()) * 1000)::bigint,
    check_at = NULL, checks = 0, facts_hash = repeat('0', 64), messages_hash = repeat('0', 64),
    watched = false, wanted_at = NULL
WHERE id = :id;
INSERT INTO outbox (transaction_id, type, status_before, status_after, refunded_before,
    refunded_after, at, provider_id, review_reason)
VALUES (:id, 'payment.paid', 'pending', 'paid', 0, 0,
    (extract(epoch FROM clock_timestamp()) * 1000)::bigint, (500000000 + :id)::text, '');
COMMIT;
