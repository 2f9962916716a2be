// SimplePay's IPNs and Stripe's webhooks: verified over the raw body and kept once. The first that
// says so makes its payment a paid one, of which others are told, in one database transaction.
import { createHash } from 'node:crypto';
import Stripe from 'stripe';

import { transact } from './database.mjs';
import { is_signed, secret_of, sign } from './simplepay.mjs';

const webhook_secret = 'whsec_ozora_sandbox';
const stripe = new Stripe('sk_test_ozora_sandbox');

const id_of = (reference) => Number(/^TR([1-9]\d{0,15})$/.exec(reference ?? '')?.[1] ?? 0);

async function record(heard) {
  const { processor, source, identity, id, provider_id, signature, body, now } = heard;
  await transact(async (run) => {
    const [locked, facts] = await Promise.all([run('lock', id), run('facts', id)]);
    const known = locked.rows[0];
    const reason = known ? '' : 'no such transaction';
    const kept = await run(
      ...['notification', processor, identity, now, signature, body, known?.id ?? null, reason],
    );
    if (!known || kept.rowCount === 0 || !heard.paid) return [];
    const { currency, amount_minor: minor, account } = known;
    const fact_identity = `captured||${minor}${currency}|${provider_id}|${account}`;
    if (facts.rows.some((fact) => fact.identity === fact_identity)) return [];
    const seq = facts.rows.length + 1;
    return [
      run(
        ...['fact', id, seq, now, source, 'captured', minor, currency, provider_id, account],
        fact_identity,
      ),
      run('pay', id, provider_id, now),
      run('outbox', id, known.status, now, provider_id),
    ];
  });
}

async function take_ipn(request, reply) {
  const { body, headers } = request;
  const notice = JSON.parse(body);
  const secret = secret_of(notice.merchant);
  if (!secret || !is_signed(body, headers.signature, secret))
    return reply.code(400).send({ message: 'not signed by SimplePay' });
  const now = Date.now();
  await record({
    processor: 'SIMPLE',
    source: 'ipn',
    identity: createHash('sha256').update(body).digest('hex'),
    id: id_of(notice.orderRef),
    provider_id: String(notice.transactionId),
    paid: notice.status === 'FINISHED',
    signature: Buffer.from(headers.signature),
    body,
    now,
  });
  const date = `${new Date(now).toISOString().slice(0, 19)}+00:00`;
  const text = body.toString();
  const answer = `${text.slice(0, text.lastIndexOf('}'))},"receiveDate":"${date}"}`;
  return reply
    .header('content-type', 'application/json')
    .header('signature', sign(answer, secret))
    .send(answer);
}

function verified(body, signature) {
  try {
    return stripe.webhooks.constructEvent(body, signature, webhook_secret);
  } catch {
    return undefined;
  }
}

async function take_webhook(request, reply) {
  const { body, headers } = request;
  const event = verified(body, headers['stripe-signature']);
  if (!event) return reply.code(400).send({ message: 'not signed by Stripe' });
  const intent = event.data.object;
  await record({
    processor: 'STRIPE-INTENTS',
    source: 'webhook',
    identity: event.id,
    id: id_of(intent.metadata?.reference),
    provider_id: intent.id,
    paid: event.type === 'payment_intent.succeeded',
    signature: Buffer.from(headers['stripe-signature']),
    body,
    now: Date.now(),
  });
  return reply.header('content-type', 'application/json').send('{"message":"OK"}');
}

export function add_notifications(server) {
  server.post('/payments/simplepay/ipn', take_ipn);
  server.post('/payments/stripe/webhook', take_webhook);
}
