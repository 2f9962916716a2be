// A tickets service with a ticket to sell, on nothing but Node and payments_client: offers it,
// starts its payment, answers what the payment service asks, and learns of what became of it. The
// README says how to start it beside ./run. What it knows is in memory; a real one keeps it.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { new_idempotency_key, PaymentsClient } from 'payments_client';
import { EventError, verifyEvent } from 'payments_client/webhooks';
import { is_signed, make_token } from './tokens.mjs';

const { PAYMENTS_URL = 'http://127.0.0.1:8080', KEYS = 'var/keys', PORT = '8090' } = process.env;
const secrets = (process.env.PAYMENTS_EVENTS_SECRET ?? '').split(',');
const [own_key, key_of_payments] = ['service', 'payments'].map((name) =>
  JSON.parse(readFileSync(`${KEYS}/${name}.jwk`, 'utf8')));
const token = () => make_token(own_key, 'tickets');
const payments = new PaymentsClient({ url: PAYMENTS_URL, token });

const payment_options = [{ code: 'NORMAL-TOTAL-FEE-EUR-SIMPLE', amount: 220 }];
const template = { id: 1, title: 'Festival ticket', year: 2027, event: 'OZORA', payment_options };
const ticket = { id: 42, status: 'registered', flag: 'HU', year: 2027, event: 'OZORA', metas: [],
  email: 'visitor@example.com', name: 'Éva Kovács', language: 'en', template };
const heard = new Set();

const routes = {
  // The key is made with the page: sending its form twice is one payment.
  'GET /': async () => {
    const asked = { ticket_id: ticket.id, ticket_status: ticket.status, template };
    const offered = (await payments.listPaymentOptions(asked)).payment_options;
    const buttons = offered.map(({ code, title, amount, currency }) =>
      `<button name="code" value="${code}">${title}: ${amount} ${currency}</button>`);
    return [200, `<p>Ticket ${ticket.id} is ${ticket.status}</p><form method="post" action="/pay">
      <input type="hidden" name="key" value="${new_idempotency_key()}">${buttons.join('')}</form>`];
  },
  'POST /pay': async ({ body }) => {
    const { code, key } = Object.fromEntries(new URLSearchParams(body));
    const start = { ticket_id: ticket.id, code };
    const { redirect_url } = await payments.startPayment(start, { idempotency_key: key });
    return [303, '', redirect_url ?? '/'];
  },
  'GET /return': async ({ query }) => {
    const hint = { r: query.get('r'), s: query.get('s') };
    const { message, status } = await payments.simplePayBackref(hint);
    return [200, `<p>SimplePay says ${message}, the payment is ${status}.</p>`];
  },
  'POST /tickets/get': ({ body, headers }) => {
    if (!is_signed(key_of_payments, headers.authorization)) return [401, '{"message":"who?"}'];
    const is_known = JSON.parse(body).ticket_id === ticket.id;
    return is_known ? [200, JSON.stringify({ ticket })] : [404, '{"message":"no such ticket"}'];
  },
  // 204 says that it is kept: a real service has both in its database by then, in one commit.
  'POST /events': ({ body, headers }) => {
    const { id, type, data } = verifyEvent(body, headers, secrets);
    if (type === 'payment.paid' && !heard.has(id) && data.ticket_id === ticket.id) {
      ticket.status = 'paid';
      console.log(`paid by ${data.reference}`);
    }
    heard.add(id);
    return [204, ''];
  },
};

async function answer(request, reply) {
  const { pathname, searchParams: query } = new URL(request.url, 'http://tickets');
  const body = Buffer.concat(await request.toArray()).toString();
  const route = routes[`${request.method} ${pathname}`] ?? (() => [404, 'nothing here']);
  const [status, text, location] = await route({ body, query, headers: request.headers });
  const type = text.startsWith('{') ? 'application/json' : 'text/html; charset=utf-8';
  const headers = { 'Content-Type': type, ...(location && { Location: location }) };
  reply.writeHead(status, headers).end(text);
}

createServer((request, reply) => {
  answer(request, reply).catch((error) => {
    reply.writeHead(error instanceof EventError ? 401 : 502).end(error.name);
  });
}).listen(Number(PORT), '127.0.0.1', () => console.log(`http://127.0.0.1:${PORT}`));
