-- The change that Stripe's payment_intent.succeeded makes, in a commit of its own; for the rest as
-- ipn.pgbench.sql.
\set id :first_id + :n * :clients + :client_id
\set n :n + 1
BEGIN;
SELECT * FROM transactions WHERE id = :id FOR UPDATE;
SELECT * FROM facts WHERE transaction_id = :id ORDER BY seq;
INSERT INTO notifications (processor, identity, received_at, signature, body, transaction_id,
    unmatched_reason, hash)
VALUES ('STRIPE-INTENTS', 'evt_bench' || :id,
    (extract(epoch FROM clock_timestamp()) * 1000)::bigint, repeat('s', 79)::bytea,
    convert_to(
    '{"id":"evt_bench' || :id ||
    '","object":"event","api_version":"2024-04-10","created":1790000000,"data":{"object":'
    '{"id":"pi_bench' || :id ||
    '","object":"payment_intent","amount":22000,"amount_capturable":0,"amount_details":{"'
    'tip":{}},"amount_received":22000,"application": null,"application_fee_amount": null,'
    '"automatic_payment_methods": null,"canceled_at": null,"cancellation_reason": null,"c'
    'apture_method":"automatic","client_secret":"pi_bench' || :id ||
    '_secret_XeXo8Ee1ITOJzjVWEtPoWG5ha","confirmation_method":"automatic","created":17900'
    '00000,"currency":"eur","customer": null,"description":"TR' || :id ||
    '","invoice": null,"last_payment_error": null,"latest_charge":"ch_bench' || :id ||
    '","livemode": false,"metadata":{"reference":"TR' || :id ||
    '","ticket_id":"' || :id ||
    '","transaction_id":"' || :id ||
    '"},"next_action": null,"on_behalf_of": null,"payment_method":"pm_bench' || :id ||
    '","payment_method_configuration_details": null,"payment_method_options":{"card":{"in'
    'stallments": null,"mandate_options": null,"network": null,"request_three_d_secure":"'
    'automatic"}},"payment_method_types":["card"],"processing": null,"receipt_email": nul'
    'l,"review": null,"setup_future_usage": null,"shipping": null,"source": null,"stateme'
    'nt_descriptor": null,"statement_descriptor_suffix": null,"status":"succeeded","trans'
    'fer_data": null,"transfer_group": null}},"livemode": false,"pending_webhooks":1,"req'
    'uest":{"id":"req_bench' || :id ||
    '","idempotency_key":"bench-' || :id ||
    '"},"type":"payment_intent.succeeded"}', 'UTF8'),
    :id, '', repeat('0', 64))
ON CONFLICT (processor, identity) DO NOTHING;
INSERT INTO facts (transaction_id, seq, at, source, kind, subject, amount_minor, currency,
    provider_id, account, detail, identity, hash)
VALUES (:id, 2, (extract(epoch FROM clock_timestamp()) * 1000)::bigint, 'webhook', 'captured', '',
    22000, 'EUR', 'pi_bench' || :id, 'test', '', 'captured||22000EUR|pi_bench' || :id || '|test',
    repeat('0', 64));
UPDATE transactions SET status = 'paid', live = false, holds_fee = true,
    provider_id = 'pi_bench' || :id, refunded_minor = 0,
    updated_at = (extract(epoch FROM clock_timestamp()) * 1000)::bigint,
    paid_at = (extract(epoch FROM clock_timestamp()) * 1000)::bigint,
    check_at = NULL, checks = 0, facts_hash = repeat('0', 64), messages_hash = repeat('0', 64),
    watched = false, wanted_at = NULL
WHERE id = :id;
INSERT INTO outbox (transaction_id, type, status_before, status_after, refunded_before,
    refunded_after, at, provider_id, review_reason)
VALUES (:id, 'payment.paid', 'pending', 'paid', 0, 0,
    (extract(epoch FROM clock_timestamp()) * 1000)::bigint, 'pi_bench' || :id, '');
COMMIT;
