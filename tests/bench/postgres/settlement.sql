-- Attempts :first to :last, each paid by Stripe with two facts, and none before it. The first
-- :older are from before 2026, the others from its begin on.
INSERT INTO transactions (id, ticket_id, fee_type, currency, processor, amount_minor, account,
    email, metas, created_at, expires_at, status, live, holds_fee, provider_id, updated_at, paid_at,
    facts_hash)
SELECT id, id, 'FULL-FEE', 'HUF', 'STRIPE-INTENTS', 8780000, 'live',
    'visitor' || id || '@example.com', '{"name":"A Visitor","country":"HU","city":"Budapest"}',
    at, at + 1800000, 'paid', false, true, 'pi_3Qb0000000000' || lpad(id::text, 10, '0'),
    at + 60000, at + 60000, encode(sha256(int8send(id)), 'hex')
FROM generate_series(:first::bigint, :last::bigint) AS id,
    LATERAL (SELECT 1767225600000 + (id - :older) * 10000
        - CASE WHEN id <= :older THEN 86400000 ELSE 0 END AS at) AS clock;

INSERT INTO facts (transaction_id, seq, at, source, kind, subject, amount_minor, currency,
    provider_id, account, detail, identity, hash)
SELECT id, seq, at + seq * 30000, CASE seq WHEN 1 THEN 'service' ELSE 'query' END, kind, '',
    CASE kind WHEN 'captured' THEN 8780000 END, CASE kind WHEN 'captured' THEN 'HUF' END,
    provider_id, 'live', '',
    kind || '||' || CASE kind WHEN 'captured' THEN '8780000HUF' ELSE '' END || '|' || provider_id ||
        '|live',
    encode(sha256(int8send(2 * id + seq)), 'hex')
FROM generate_series(:first::bigint, :last::bigint) AS id,
    generate_series(1, 2) AS seq,
    LATERAL (
        SELECT 1767225600000 + (id - :older) * 10000
                - CASE WHEN id <= :older THEN 86400000 ELSE 0 END AS at,
            'pi_3Qb0000000000' || lpad(id::text, 10, '0') AS provider_id,
            CASE WHEN seq = 1 THEN 'accepted' ELSE 'captured' END AS kind
    ) AS made;
