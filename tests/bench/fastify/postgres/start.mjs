// startPayment: what the ticket may pay, an attempt on record, the provider's word, and that on
// record too before the visitor hears of it.
import { query, transact } from './database.mjs';
import { start_at_simplepay, ticket } from './outside.mjs';
import { merchant } from './simplepay.mjs';

const payment_time_ms = 30 * 60_000;
const check_after_ms = 30_000;
const holding = new Set(['paid', 'partially_refunded', 'disputed', 'review']);

const parts_of = (code) => {
  const [, fee_type, currency, processor] = /^(.+)-(EUR|HUF|USD)-(SIMPLE)$/.exec(code) ?? [];
  return { fee_type, currency, processor };
};

async function open({ ticket_id, code, metas = {} }, option, email) {
  const { fee_type, currency, processor } = parts_of(code);
  const now = Date.now();
  const minor = Math.round(option.amount * 100);
  const { rows } = await query(
    ...['open', ticket_id, fee_type, currency, processor, minor, merchant, email],
    ...[JSON.stringify(metas), now, now + payment_time_ms, now + check_after_ms],
  );
  return rows[0]?.id;
}

function order_of(id, { amount }, email) {
  return {
    merchant,
    orderRef: `TR${id}`,
    currency: 'EUR',
    customerEmail: email,
    language: 'EN',
    sdkVersion: 'fastify',
    methods: ['CARD'],
    total: String(amount),
    timeout: new Date(Date.now() + payment_time_ms).toISOString().replace(/\.\d+Z/, '+00:00'),
    url: 'http://127.0.0.1/return',
  };
}

function record_accepted(id, provider_id) {
  const now = Date.now();
  return transact(async (run) => {
    const [, facts] = await Promise.all([run('lock', id), run('facts', id)]);
    const identity = `accepted|||${provider_id}|${merchant}`;
    const seq = facts.rows.length + 1;
    return [
      run(
        ...['fact', id, seq, now, 'service', 'accepted', null, null, provider_id, merchant],
        identity,
      ),
      run('accept', id, provider_id, now),
    ];
  });
}

async function start(request, reply) {
  const wish = JSON.parse(request.body);
  const found = await ticket(wish.ticket_id);
  const option = found.template.payment_options.find(({ code }) => code === wish.code);
  if (!option) return reply.code(409).send({ message: 'not on offer' });
  const { rows: attempts } = await query('of_ticket', wish.ticket_id);
  if (attempts.some(({ status }) => holding.has(status)))
    return reply.code(409).send({ message: 'paid' });
  const email = wish.metas?.email ?? found.email;
  const id = await open(wish, option, email);
  if (!id) return reply.code(409).send({ message: 'in progress' });
  const started = await start_at_simplepay(order_of(id, option, email));
  await record_accepted(id, String(started.transactionId));
  return {
    required_additional_action: true,
    redirect_url: started.paymentUrl,
    client_secret: null,
    transaction_id: id,
  };
}

export const add_start = (server) => server.post('/payments/start', start);
