-- A new attempt and its first two facts, added to a large database; variables: n (0), base, clients.
\set ticket :base + :n * :clients + :client_id
\set n :n + 1
BEGIN;
INSERT INTO transactions (ticket_id, fee_type, currency, processor, amount_minor, account, email,
    metas, created_at, expires_at, status, live, holds_fee, provider_id, updated_at, facts_hash)
VALUES (:ticket, 'NORMAL-TOTAL-FEE', 'EUR', 'STRIPE-INTENTS', 22000, 'test', 'visitor@example.com',
    '{"name":"A Visitor","country":"HU","city":"Budapest"}', 1790000000000, 1790001800000, 'paid',
    false, true, 'pi_' || md5(:ticket::text), 1790000000000, repeat('0', 64))
RETURNING id \gset
INSERT INTO facts (transaction_id, seq, at, source, kind, subject, provider_id, account, detail,
    identity, hash)
VALUES (:id, 1, 1790000000000, 'service', 'accepted', '', 'pi_' || md5(:ticket::text), 'test', '',
    'accepted|||pi_' || md5(:ticket::text) || '|test', repeat('0', 64));
INSERT INTO facts (transaction_id, seq, at, source, kind, subject, amount_minor, currency,
    provider_id, account, detail, identity, hash)
VALUES (:id, 2, 1790000000000, 'webhook', 'captured', '', 22000, 'EUR',
    'pi_' || md5(:ticket::text), 'test', '',
    'captured||22000EUR|pi_' || md5(:ticket::text) || '|test', repeat('0', 64));
COMMIT;
