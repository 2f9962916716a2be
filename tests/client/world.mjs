// A platform for the client of clients/js: the real service and sandbox, somebody who hears its
// events, and clients of everybody who calls. Once for all files of a process.
import { createHmac, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { eventually, simplepay_accounts } from '../fixtures/harness.mjs';
import { at_the_end } from '../together/at_the_end.mjs';
import { act_on_simplepay, billing, open_world, simple_eur } from '../api/world.mjs';
import { installed, payments_client } from './installed.mjs';

export { billing, eventually, simple_eur };

const every_ticket = { tickets_get_flags: '*', tickets_get_years: '*', tickets_get_events: '*' };
const every_privilege = [
  'search', 'refund', 'refund_bulk', 'export', 'personal', 'operate', 'review', 'audit', 'close',
  'settlement', 'erase',
].map((name) => [`payments_${name}`, 'true']);
export const privileges = { ...Object.fromEntries(every_privilege), ...every_ticket };

async function open_server(handle) {
  const server = createServer(handle);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  at_the_end(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${server.address().port}`;
}

// Keeps what came, headers and bytes, and answers 204.
async function open_listener() {
  const heard = [];
  const url = await open_server(async (request, reply) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    heard.push({ headers: request.headers, body: Buffer.concat(parts) });
    reply.writeHead(204).end();
  });
  return { url, heard };
}

// A page of a shop, and beside it the client's modules as they were installed.
async function open_shop() {
  const modules = join(await installed(), 'node_modules/payments_client/dist/esm');
  return open_server(async (request, reply) => {
    const { pathname } = new URL(request.url, 'http://shop');
    const [, module] = /^\/payments_client\/([\w/]+\.js)$/.exec(pathname) ?? [];
    const file = module ? join(modules, module) : new URL('shop.html', import.meta.url);
    const type = module ? 'text/javascript' : 'text/html';
    reply.writeHead(200, { 'Content-Type': type }).end(await readFile(file));
  });
}

async function open() {
  const library = await payments_client();
  const listener = await open_listener();
  const shop = await open_shop();
  const secrets = [0, 1].map(() => `whsec_${randomBytes(32).toString('base64')}`);
  const world = await open_world({
    settings: {
      PAYMENTS_EVENTS_URL: listener.url,
      PAYMENTS_EVENTS_SECRET: secrets.join(','),
      PAYMENTS_ALLOWED_ORIGINS: shop,
    },
  });
  at_the_end(() => world.close());
  // Staff who may do everything, or a service; the client asks which is wanted.
  const token = ({ kinds }) =>
    kinds.includes('user') ? world.user_token(privileges) : world.service_token(privileges);
  const client = (more = {}) => new library.PaymentsClient({ url: world.url, token, ...more });
  return { ...world, world, library, token, client, secrets, shop, heard: listener.heard };
}

let opening;
export const client_world = () => (opening ??= open());

// A payment that SimplePay has the money for; gives its transaction, as staff see it.
export async function pay({ world, client }) {
  const payments = client();
  const start = { ticket_id: world.tickets.add(), code: simple_eur, metas: billing };
  const { redirect_url, transaction_id } = await payments.startPayment(start);
  const back = await act_on_simplepay(redirect_url, 'pay');
  const story = await eventually(async () => {
    const found = await payments.getTransaction({ transaction_id });
    return found.transaction.status === 'paid' && found;
  }, { what: `payment ${transaction_id} to be paid` });
  return { back, story, transaction_id, ticket_id: start.ticket_id };
}

// A signed notification about a payment that this service does not have.
export async function send_stray_notification({ url }) {
  const { merchant, secret } = simplepay_accounts.EUR;
  const body = JSON.stringify({
    salt: 'a'.repeat(32), orderRef: 'TR999999', method: 'CARD', merchant,
    finishDate: '2026-12-01T12:00:00+01:00', paymentDate: '2026-12-01T11:59:00+01:00',
    transactionId: 599999999, status: 'FINISHED',
  });
  const signature = createHmac('sha384', secret).update(body).digest('base64');
  const headers = { 'Content-Type': 'application/json', Signature: signature };
  const reply = await fetch(`${url}/payments/simplepay/ipn`, { method: 'POST', headers, body });
  if (reply.status !== 200) throw new Error(`the notification was answered ${reply.status}`);
}
