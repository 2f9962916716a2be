// listTicketTransactions and searchTransactions, answered through serializers that Fastify compiles
// from schemas.
import { query } from './database.mjs';
import { ticket } from './outside.mjs';
import { privileges_of } from './tokens.mjs';

const text = { type: 'string' };
const whole = { type: 'integer' };
const text_or_null = { type: ['string', 'null'] };
const event_schema = {
  type: 'object',
  properties: { at: text, source: text, kind: text, detail: text },
};
const transaction_schema = {
  type: 'object',
  properties: {
    ...{ id: whole, ticket_id: whole, reference: text, code: text, fee_type: text, currency: text },
    ...{ amount: { type: 'number' }, amount_refunded: { type: 'number' }, processor: text },
    ...{ payment_mode: text, status: text, provider_transaction_id: text_or_null },
    metas: { type: 'object', additionalProperties: true },
    ...{ created_at: text, updated_at: text, paid_at: text_or_null, expires_at: text },
    events: { type: 'array', items: event_schema },
  },
};
const schema = {
  response: {
    200: {
      type: 'object',
      properties: { transactions: { type: 'array', items: transaction_schema } },
    },
  },
};

const date = (ms) => new Date(ms).toISOString();

function event_of({ at, source, kind, subject, amount_minor, currency, detail, refund }) {
  const amount = amount_minor === null ? '' : `${(amount_minor / 100).toFixed(2)} ${currency}`;
  const told = [refund, subject, amount, detail].filter(Boolean).join(', ');
  return { at: date(at), source, kind, detail: told };
}

function transaction_of(row, facts) {
  const { id, ticket_id, fee_type, currency, processor, status } = row;
  return {
    ...{ id, ticket_id, reference: `TR${id}`, code: `${fee_type}-${currency}-${processor}` },
    ...{ fee_type, currency, amount: row.amount_minor / 100 },
    ...{ amount_refunded: row.refunded_minor / 100, processor, payment_mode: processor, status },
    provider_transaction_id: row.provider_id || null,
    metas: JSON.parse(row.metas),
    created_at: date(row.created_at),
    updated_at: date(row.updated_at),
    paid_at: row.paid_at && date(row.paid_at),
    expires_at: date(row.expires_at),
    events: facts.filter(({ transaction_id }) => transaction_id === id).map(event_of),
  };
}

async function with_facts(rows) {
  if (rows.length === 0) return { transactions: [] };
  const facts = await query(
    'facts_of',
    rows.map(({ id }) => id),
  );
  return { transactions: rows.map((row) => transaction_of(row, facts.rows)) };
}

const allows = (list, value) =>
  list === '*' || list.split(',').some((item) => item.trim() === String(value));

function may_see({ flag, year, event }, privileges) {
  return ['tickets_search_', 'tickets_get_'].some((way) =>
    [
      ['flags', flag],
      ['years', year],
      ['events', event],
    ].every(([name, value]) => privileges[way + name] && allows(privileges[way + name], value)),
  );
}

async function list(request, reply) {
  const privileges = await privileges_of(request.headers.authorization);
  if (!privileges) return reply.code(401).send();
  if (privileges.payments_search !== 'true') return reply.code(403).send();
  const { ticket_id } = JSON.parse(request.body);
  if (!may_see(await ticket(ticket_id, privileges), privileges)) return reply.code(403).send();
  const { rows } = await query('of_ticket', ticket_id);
  return with_facts(rows);
}

async function search(request, reply) {
  const privileges = await privileges_of(request.headers.authorization);
  if (!privileges) return reply.code(401).send();
  if (privileges.payments_search !== 'true') return reply.code(403).send();
  const { search_term } = JSON.parse(request.body);
  const { rows } = await query('transaction', search_term);
  return with_facts(rows);
}

export function add_lookups(server) {
  server.post('/payments/transactions', { schema }, list);
  server.post('/payments/search', { schema }, search);
}
