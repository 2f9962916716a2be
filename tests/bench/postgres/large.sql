-- Attempts :first to :last: two for each ticket, of which the first expired and the second was
-- paid, with two facts each. All are over, as nearly all of ten million are.
INSERT INTO transactions (id, ticket_id, fee_type, currency, processor, amount_minor, account,
    email, metas, created_at, expires_at, status, live, holds_fee, provider_id, updated_at, paid_at,
    facts_hash)
SELECT id, (id + 1) / 2, 'NORMAL-TOTAL-FEE', 'EUR', 'SIMPLE', 22000, 'PUBLICTESTEUR',
    'visitor' || id || '@example.com', '{"name":"A Visitor","country":"HU","city":"Budapest"}',
    at, at + 1800000, CASE WHEN id % 2 = 0 THEN 'paid' ELSE 'expired' END, false, id % 2 = 0,
    (500000000 + id)::text, at + 60000, CASE WHEN id % 2 = 0 THEN at + 60000 END,
    encode(sha256(int8send(id)), 'hex')
FROM generate_series(:first::bigint, :last::bigint) AS id,
    LATERAL (SELECT 1700000000000 + id * 1000 AS at) AS clock;

INSERT INTO facts (transaction_id, seq, at, source, kind, subject, amount_minor, currency,
    provider_id, account, detail, identity, hash)
SELECT id, seq, at + seq * 30000, CASE seq WHEN 1 THEN 'service' ELSE 'query' END, kind, '',
    CASE kind WHEN 'captured' THEN 22000 END, CASE kind WHEN 'captured' THEN 'EUR' END,
    provider_id, 'PUBLICTESTEUR', '',
    kind || '||' || CASE kind WHEN 'captured' THEN '22000EUR' ELSE '' END || '|' || provider_id ||
        '|PUBLICTESTEUR',
    encode(sha256(int8send(2 * id + seq)), 'hex')
FROM generate_series(:first::bigint, :last::bigint) AS id,
    generate_series(1, 2) AS seq,
    LATERAL (
        SELECT 1700000000000 + id * 1000 AS at, (500000000 + id)::text AS provider_id,
            CASE WHEN seq = 1 THEN 'accepted' WHEN id % 2 = 0 THEN 'captured' ELSE 'expired' END
                AS kind
    ) AS made;
