// What ozora-payments is compared with: a service of the same contract for notifications, as a
// careful team would write it with Fastify and better-sqlite3. Same schema, same durability (WAL,
// synchronous=FULL), one database transaction per message, prepared statements, no logging.
// Usage: node server.mjs DATABASE; prints {"port":...}.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import Database from 'better-sqlite3';
import Fastify from 'fastify';

const secrets = new Map([['PUBLICTESTEUR', '9A2sDc7xh1JKW8r193RwW7X7X2ts837w']]);
const webhook_secret = 'whsec_ozora_sandbox';
const tolerance_s = 300;

const database = new Database(process.argv[2], { fileMustExist: true });
for (const pragma of [
  'journal_mode = WAL',
  'synchronous = FULL',
  'foreign_keys = ON',
  'cache_size = -32000',
  'journal_size_limit = 67108864',
])
  database.pragma(pragma);

const sql = {
  transaction: database.prepare('SELECT * FROM transactions WHERE id = ?'),
  last_fact: database.prepare('SELECT max(seq) AS seq FROM facts WHERE transaction_id = ?'),
  notification: database.prepare(
    `INSERT INTO notifications (processor, identity, received_at, signature, body, transaction_id,
     unmatched_reason, hash) VALUES (?, ?, ?, ?, ?, ?, ?, '')
     ON CONFLICT (processor, identity) DO NOTHING`,
  ),
  fact: database.prepare(
    `INSERT INTO facts (transaction_id, seq, at, source, kind, subject, amount_minor, currency,
     provider_id, account, detail, identity, hash)
     VALUES (?, ?, ?, ?, 'captured', '', ?, ?, ?, ?, '', ?, '')
     ON CONFLICT (transaction_id, identity) DO NOTHING`,
  ),
  pay: database.prepare(
    `UPDATE transactions SET status = 'paid', live = 0, holds_fee = 1, provider_id = ?,
     updated_at = ?, paid_at = ?, check_at = NULL WHERE id = ?`,
  ),
  outbox: database.prepare(
    `INSERT INTO outbox (transaction_id, type, status_before, status_after, refunded_before,
     refunded_after, at) VALUES (?, 'payment.paid', ?, 'paid', 0, 0, ?)`,
  ),
};

// Keeps the message and, when it is the first to say so, that its payment was captured.
const record = database.transaction((heard) => {
  const { processor, identity, signature, body, now } = heard;
  const known = heard.id ? sql.transaction.get(heard.id) : undefined;
  const reason = known ? '' : 'no such transaction';
  const kept = sql.notification.run(processor, identity, now, signature, body, known?.id, reason);
  if (!known || kept.changes === 0 || !heard.paid) return;
  const { currency, amount_minor, account } = known;
  const seq = sql.last_fact.get(known.id).seq + 1;
  const captured = sql.fact.run(
    known.id, seq, now, heard.source, amount_minor, currency, heard.provider_id, account,
    `captured:${heard.provider_id}`,
  );
  if (captured.changes === 0) return;
  sql.pay.run(heard.provider_id, now, now, known.id);
  sql.outbox.run(known.id, known.status, now);
});

const id_of = (reference) => Number(/^TR([1-9]\d{0,15})$/.exec(reference ?? '')?.[1] ?? 0);

function same(given, expected) {
  const a = Buffer.from(given ?? '');
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}

const simplepay_signature = (body, secret) =>
  createHmac('sha384', secret).update(body).digest('base64');

function is_from_stripe(header, body, now) {
  const parts = Object.fromEntries((header ?? '').split(',').map((part) => part.split('=', 2)));
  if (!parts.t || now / 1000 - Number(parts.t) > tolerance_s) return false;
  const expected = createHmac('sha256', webhook_secret).update(`${parts.t}.`).update(body);
  return same(parts.v1, expected.digest('hex'));
}

const server = Fastify({ logger: false });
server.removeAllContentTypeParsers();
server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) =>
  done(null, body),
);

server.post('/payments/simplepay/ipn', (request, reply) => {
  const body = request.body;
  const notice = JSON.parse(body);
  const secret = secrets.get(notice.merchant);
  const signature = request.headers.signature;
  if (!secret || !same(signature, simplepay_signature(body, secret)))
    return reply.code(400).send({ message: 'not signed by SimplePay' });
  const now = Date.now();
  record.immediate({
    processor: 'SIMPLE',
    source: 'ipn',
    identity: createHash('sha256').update(body).digest('hex'),
    id: id_of(notice.orderRef),
    provider_id: String(notice.transactionId),
    paid: notice.status === 'FINISHED',
    signature,
    body,
    now,
  });
  const date = `${new Date(now).toISOString().slice(0, 19)}+00:00`;
  const text = body.toString();
  const answer = `${text.slice(0, text.lastIndexOf('}'))},"receiveDate":"${date}"}`;
  return reply
    .header('content-type', 'application/json')
    .header('signature', simplepay_signature(answer, secret))
    .send(answer);
});

server.post('/payments/stripe/webhook', (request, reply) => {
  const body = request.body;
  const signature = request.headers['stripe-signature'];
  const now = Date.now();
  if (!is_from_stripe(signature, body, now))
    return reply.code(400).send({ message: 'not signed by Stripe' });
  const event = JSON.parse(body);
  const intent = event.data.object;
  record.immediate({
    processor: 'STRIPE-INTENTS',
    source: 'webhook',
    identity: event.id,
    id: id_of(intent.metadata?.reference),
    provider_id: intent.id,
    paid: event.type === 'payment_intent.succeeded',
    signature,
    body,
    now,
  });
  return reply.header('content-type', 'application/json').send('{"message":"OK"}');
});

await server.listen({ host: '127.0.0.1', port: 0 });
console.log(JSON.stringify({ port: server.server.address().port }));
