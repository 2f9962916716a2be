// A browserless visitor: pays one ticket through each processor, the way the shop's pages do; and
// one of the staff, who signs in to the back office.
import { request } from 'node:http';
import { eventually } from './platform.mjs';

async function ask(method, url, { body, form, headers = {} } = {}) {
  const reply = await fetch(url, {
    method,
    redirect: 'manual',
    headers: { ...(body && { 'Content-Type': 'application/json' }), ...headers },
    body: body ? JSON.stringify(body) : form && new URLSearchParams(form),
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${method} ${url}: ${reply.status} ${text}`);
  return JSON.parse(text);
}

const get = (url) => ask('GET', url);
const post = (url, body) => ask('POST', url, { body });

// A ticket that may pay by `mode`, not one of `but`, and the code to pay it with.
async function payable_ticket({ shop }, mode, but) {
  for (const { id } of (await get(`${shop}/api/tickets`)).tickets) {
    if (but.includes(id)) continue;
    const { payment_options } = await get(`${shop}/api/tickets/${id}`);
    const option = payment_options.find((one) => one.payment_mode === mode && one.amount > 0);
    if (option) return { ticket_id: id, code: option.code };
  }
  throw new Error(`no ticket of the sandbox may be paid through ${mode}`);
}

const metas = {
  email: 'visitor@example.com',
  name: 'Éva Kovács',
  country: 'HU',
  city: 'Győr',
  zip: '9021',
  address: 'Fő utca 1.',
  language: 'en',
};

async function start({ url }, choice) {
  const started = await post(`${url}/payments/start`, { ...choice, metas });
  if (!started.required_additional_action) throw new Error('nothing was asked of the visitor');
  return started;
}

async function pay_by_simplepay(platform, choice) {
  const { redirect_url, transaction_id } = await start(platform, choice);
  const left = await post(`${redirect_url}/act`, { action: 'pay' });
  const back = new URL(left.redirect_url).searchParams;
  const seen = await post(`${platform.url}/payments/simplepay/backref`, {
    r: back.get('r'),
    s: back.get('s'),
  });
  if (seen.message !== 'SUCCESS') throw new Error(`the visitor came back with ${seen.message}`);
  return transaction_id;
}

async function pay_by_stripe(platform, choice) {
  const { client_secret, transaction_id } = await start(platform, choice);
  const { stripe_publishable_key } = await get(`${platform.sandbox.shop}/api/config`);
  const intent = client_secret.replace(/_secret_.*$/, '');
  const { status } = await ask(
    'POST',
    `${platform.sandbox.stripe}/v1/payment_intents/${intent}/confirm`,
    {
      form: {
        key: stripe_publishable_key,
        client_secret,
        'payment_method_data[type]': 'card',
        'payment_method_data[card][number]': '4242424242424242',
        'payment_method_data[card][exp_month]': '12',
        'payment_method_data[card][exp_year]': String(new Date().getFullYear() + 2),
        'payment_method_data[card][cvc]': '123',
      },
    },
  );
  if (status !== 'succeeded') throw new Error(`the card payment is ${status}`);
  return transaction_id;
}

function paid_transaction({ sandbox }, id) {
  return eventually(
    async () => {
      const { transaction } = await get(`${sandbox.shop}/api/transactions/${id}`);
      return transaction.status === 'paid' && transaction;
    },
    { within_ms: 30_000, every_ms: 200, what: `transaction ${id} to be paid` },
  );
}

// Gives the two transactions once they are paid.
export async function pay_through_each(platform) {
  const processors = { SIMPLE: pay_by_simplepay, 'STRIPE-INTENTS': pay_by_stripe };
  const paid = [];
  for (const [mode, pay] of Object.entries(processors)) {
    const used = paid.map((transaction) => transaction.ticket_id);
    const choice = await payable_ticket(platform.sandbox, mode, used);
    paid.push(await paid_transaction(platform, await pay(platform, choice)));
  }
  return paid;
}

// One HTTP exchange. Not fetch: that of Debian's Node 18 does not tell cookies apart.
const exchange = (address, { method, headers, body }) =>
  new Promise((resolve, reject) => {
    const call = request(address, { method, headers, family: 4 }, async (reply) => {
      const parts = [];
      for await (const part of reply) parts.push(part);
      resolve({
        status: reply.statusCode, headers: reply.headers, text: Buffer.concat(parts).toString(),
      });
    });
    call.on('error', reject);
    call.end(body);
  });

// Signs a sample person in at the identity provider, as a browser does: redirects one by one, with
// the cookies of each host. Gives who the back office says it is.
export async function sign_in_as({ url }, person) {
  const jars = {}; // by host: the service is at 127.0.0.1, the provider at localhost
  const send = async (address, { method, body, headers } = {}) => {
    const { hostname } = new URL(address);
    const jar = (jars[hostname] ??= new Map());
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const reply = await exchange(address, {
      method, body, headers: { ...headers, ...(cookie && { Cookie: cookie }) },
    });
    for (const line of reply.headers['set-cookie'] ?? []) {
      const [name, ...value] = line.split(';')[0].split('=');
      jar.set(name, value.join('='));
    }
    const { location } = reply.headers;
    return { reply, address, next: location && new URL(location, address).href };
  };
  const follow = async (first) => {
    let at = first;
    while (at.next && at.next !== `${url}/console/`) at = await send(at.next);
    return at;
  };
  const asked = await follow(await send(`${url}/console/sign-in`));
  const body = String(new URLSearchParams({ person: person.sub }));
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const done = await follow(await send(asked.address, { method: 'POST', headers: form, body }));
  if (done.next !== `${url}/console/`) throw new Error(`${person.name} came to ${done.address}`);
  const headers = { 'Sec-Fetch-Site': 'same-origin', 'X-Console': '1' };
  const { reply } = await send(`${url}/console/session`, { headers });
  if (reply.status !== 200) throw new Error(`${person.name} has no session: ${reply.text}`);
  return JSON.parse(reply.text);
}
