// The platform the API suite speaks to: real service, real sandbox for the providers, and a tickets
// service whose tickets each test makes for itself.
import { createServer } from 'node:http';
import { open_platform, stripe_keys } from '../fixtures/harness.mjs';
import { client } from './client.mjs';

export const simple_eur = 'NORMAL-TOTAL-FEE-EUR-SIMPLE';
export const stripe_huf = 'NORMAL-TOTAL-FEE-HUF-STRIPE-INTENTS';
export const free_fee = 'FREE-FEE-EUR-SIMPLE';

export const scope = {
  tickets_get_flags: 'HU,INT',
  tickets_get_years: '2027',
  tickets_get_events: '*',
};
export const search = { payments_search: 'true' };

export const billing = {
  email: 'visitor@example.com',
  name: 'Éva Kovács',
  country: 'HU',
  city: 'Győr',
  zip: '9021',
  address: 'Fő utca 1.',
};

// The operations that this platform has: where tokens are pasted, nobody is sent to a provider.
export const offered = (operations) => {
  const elsewhere = [
    'signIn', 'finishSignIn', 'backchannelLogout', 'receiveHandoff', 'getHandoff', 'acceptHandoff',
  ];
  return Object.fromEntries(Object.entries(operations).filter(([id]) => !elsewhere.includes(id)));
};

// What sessions of the back office are sealed with.
export const console_key = Buffer.alloc(32, 'a key').toString('base64');

const template = {
  id: 7,
  title: 'Festival ticket 2027',
  year: 2027,
  event: 'OZORA',
  payment_options: [
    { code: simple_eur, title: 'Pay by card', note: 'SimplePay', amount: 220 },
    { code: stripe_huf, amount: 88000 },
    { code: free_fee, amount: 0 },
  ],
};

// Tickets as the service asks for them. `asked` holds every request in order.
export async function open_tickets() {
  const tickets = new Map();
  const asked = [];
  let next = 1000;
  let manner = 'answers';
  const server = createServer(async (request, reply) => {
    let text = '';
    for await (const part of request) text += part;
    if (request.method === 'GET') {
      // Somebody looks whether this service is there.
      if (manner !== 'silent') reply.writeHead(404).end();
      return;
    }
    asked.push({ headers: request.headers, body: JSON.parse(text) });
    if (manner === 'silent') return;
    const ticket = tickets.get(JSON.parse(text).ticket_id);
    const [status, body] =
      manner === 'broken'
        ? [500, { message: 'broken' }]
        : ticket
          ? [200, { ticket }]
          : [404, { message: 'no such ticket' }];
    reply.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    asked,
    // A new ticket, registered, Hungarian, of 2027 unless `changes` say otherwise; gives its id.
    add(changes = {}) {
      const id = next++;
      const name = { email: 'visitor@example.com', name: 'Éva Kovács', language: 'hu' };
      const where = { status: 'registered', flag: 'HU', year: 2027, event: 'OZORA' };
      tickets.set(id, { id, ...where, ...name, template, metas: [], ...changes });
      return id;
    },
    change(id, changes) {
      Object.assign(tickets.get(id), changes);
    },
    behave(how) {
      manner = how;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

// Rate limits are off unless asked for: the suite is one very busy visitor.
export async function open_world({ settings = {}, ...options } = {}) {
  const tickets = await open_tickets();
  const platform = await open_platform({
    settings: {
      PAYMENTS_TICKETS_URL: tickets.url,
      PAYMENTS_RATE_LIMIT_ADDRESS: 'off',
      PAYMENTS_RATE_LIMIT_TICKET: 'off',
      PAYMENTS_ALLOWED_ORIGINS: 'https://shop.example.com',
      PAYMENTS_CONSOLE_SIGN_IN: 'token',
      PAYMENTS_CONSOLE_KEY: console_key,
      ...settings,
    },
    ...options,
  }).catch(async (error) => {
    await tickets.close();
    throw error;
  });
  const close = async () => {
    await platform.close();
    await tickets.close();
  };
  return { ...platform, platform, tickets, call: client(platform.url), close };
}

// What Stripe's page does when the visitor pays there by card; gives Stripe's answer.
// `billing_details` are {name, email}.
export function pay_at_stripe(
  sandbox, client_secret, { card = '4242424242424242', billing_details = {} } = {},
) {
  const details = Object.entries(billing_details)
    .map(([name, value]) => [`payment_method_data[billing_details][${name}]`, value]);
  return fetch(
    `${sandbox.stripe}/v1/payment_intents/${client_secret.split('_secret_')[0]}/confirm`,
    {
      method: 'POST',
      headers: { Authorization: `Bearer ${stripe_keys.secret}` },
      body: new URLSearchParams({
        'payment_method_data[type]': 'card',
        'payment_method_data[card][number]': card,
        'payment_method_data[card][exp_month]': '12',
        'payment_method_data[card][exp_year]': '2031',
        'payment_method_data[card][cvc]': '123',
        ...Object.fromEntries(details),
      }),
    },
  );
}

// The payer's click on SimplePay's page; gives the r and s the browser comes back with.
export async function act_on_simplepay(redirect_url, action) {
  const reply = await fetch(`${redirect_url}/act`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ action }),
  });
  const query = new URL((await reply.json()).redirect_url).searchParams;
  return { r: query.get('r'), s: query.get('s') };
}

const when = Date.parse('2026-03-02T12:00:00Z');

// Statements that put paid payments into either database; to pay them one by one would last. Of
// tickets 1 to `payments`, each with its ticket's number; `email` and `metas` are SQL, in which i
// is that number.
export function paid_payments(payments, { email = `''`, metas = `'{}'` } = {}) {
  const numbers = `WITH RECURSIVE n(i) AS
    (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${payments})`;
  return [
    `INSERT INTO scopes (id, flag, year, event) VALUES (1, 'HU', '2027', 'OZORA')`,
    `${numbers} INSERT INTO transactions (id, ticket_id, fee_type, currency, processor,
      amount_minor, account, email, metas, created_at, expires_at, status, live, holds_fee,
      updated_at, paid_at, scope_id, counted)
    SELECT i, i, 'FULL-FEE', 'EUR', 'SIMPLE', 22000, 'M', ${email}, ${metas}, ${when}, ${when},
      'paid', false, true, ${when}, ${when}, 1, true FROM n`,
    `INSERT INTO facts (transaction_id, seq, at, source, kind, subject, amount_minor, currency,
      provider_id, account, detail, identity, hash, refund)
    SELECT id, 1, ${when}, 'query', 'captured', '', 22000, 'EUR', '', 'M', '', 'captured' || id,
      '', '' FROM transactions`,
  ];
}

// What no version of the service has written: that payment cannot be read any more.
export const spoil = (payment) => `INSERT INTO facts (transaction_id, seq, at, source, kind,
    subject, provider_id, account, detail, identity, hash, refund)
  VALUES (${payment}, 2, ${when}, 'query', 'nonsense', '', '', 'M', '', 'nonsense', '', '')`;
