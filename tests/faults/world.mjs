// The platform the fault suite drives: real service, real sandbox, and the sandbox's switches.
import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import {
  eventually, open_platform, payments_program, Program, simplepay_accounts,
} from '../fixtures/harness.mjs';
import { assert_ok, client, send } from '../api/client.mjs';

export const simple_eur = 'NORMAL-TOTAL-FEE-EUR-SIMPLE';
export const simple_huf = 'NORMAL-TOTAL-FEE-HUF-SIMPLE';
export const stripe_eur = 'NORMAL-TOTAL-FEE-EUR-STRIPE-INTENTS';
export const stripe_huf = 'NORMAL-TOTAL-FEE-HUF-STRIPE-INTENTS';

// How long the service waits for a provider; a late answer comes after it.
export const simplepay_timeout_ms = 1000;
export const stripe_timeout_ms = 2000;
const fraud_check_ms = 30;
const billing = { email: 'visitor@example.com', name: 'Éva Kovács', country: 'HU' };

const ticket = {
  status: 'registered',
  flag: 'HU',
  year: 2027,
  event: 'OZORA',
  email: 'visitor@example.com',
  language: 'hu',
  metas: [],
  template: {
    id: 7,
    title: 'Festival ticket 2027',
    year: 2027,
    event: 'OZORA',
    payment_options: [
      { code: simple_eur, amount: 220 },
      { code: simple_huf, amount: 88000 },
      { code: stripe_eur, amount: 220 },
      { code: stripe_huf, amount: 88000 },
    ],
  },
};

async function ask(method, url, body) {
  const headers = { 'Content-Type': 'application/json' };
  const reply = await send(url, { method, headers, body: body && JSON.stringify(body) });
  assert.equal(reply.status, 200, `${method} ${url}: ${reply.status} ${reply.text}`);
  return reply.json;
}

// One after the other, in the order of asking.
function queue() {
  let last = Promise.resolve();
  return (task) => {
    const run = last.then(task);
    last = run.catch(() => {});
    return run;
  };
}

export class World {
  // `open` starts the platform, and may start more than one service.
  static async open({ settings = {}, open = open_platform, first_ticket, ...options } = {}) {
    const platform = await open({
      settings: {
        PAYMENTS_SIMPLEPAY_TIMEOUT_MS: String(simplepay_timeout_ms),
        PAYMENTS_STRIPE_TIMEOUT_MS: String(stripe_timeout_ms),
        PAYMENTS_RATE_LIMIT_ADDRESS: 'off',
        PAYMENTS_RATE_LIMIT_TICKET: 'off',
        ...settings,
      },
      ...options,
    });
    const world = new World(platform, first_ticket);
    await world.control('simplepay', 'settings', { fraud_check_ms });
    return world;
  }

  paid_twice = new Set();
  #next_ticket;
  #one_start_at_a_time = queue();

  constructor(platform, first_ticket = 1000) {
    this.#next_ticket = first_ticket;
    Object.assign(this, { platform, call: client(platform.url) });
  }

  close() {
    return this.platform.close();
  }

  // ------------------------------------------------------------------------ the stand-ins

  control(part, path, body) {
    const url = `${this.platform.sandbox[part]}/control/${path}`;
    return ask(body === undefined ? 'GET' : 'POST', url, body);
  }

  order_fault(part, operation, fault, more = {}) {
    return this.control(part, 'faults', { operation, fault, ...more });
  }

  clear_faults(part) {
    return ask('DELETE', `${this.platform.sandbox[part]}/control/faults`);
  }

  // Runs `act` with a fault ordered, and makes sure that it was met.
  async with_fault(part, operation, fault, more, act) {
    await this.order_fault(part, operation, fault, more);
    try {
      const result = await act();
      const { faults } = await this.control(part, 'faults');
      const left = faults.filter((one) => one.operation === operation && one.times > 0);
      assert.deepEqual(left, [], 'the fault was never met');
      return result;
    } finally {
      await this.clear_faults(part);
    }
  }

  async log(part, operation) {
    return (await this.control(part, `log?operation=${operation}`)).log;
  }

  async payments(part) {
    return (await this.control(part, 'payments')).payments;
  }

  async simplepay_payment(id) {
    const payments = await this.payments('simplepay');
    return payments.find(({ order_ref }) => order_ref === `TR${id}`);
  }

  // Waits until the fraud check of a payment is over.
  settled_at_simplepay(id) {
    return eventually(async () => (await this.simplepay_payment(id)).status === 'FINISHED', {
      what: `TR${id} to be FINISHED`,
    });
  }

  async stripe_payments(id) {
    const payments = await this.payments('stripe');
    return payments.filter(({ metadata }) => metadata.transaction_id === String(id));
  }

  // What a provider sent about one of our payments or events, once that are `count` that were
  // answered.
  delivered(part, about, count = 1) {
    return eventually(
      async () => {
        const { deliveries } = await this.control(part, 'deliveries');
        const found = deliveries.filter((one) => one.about === about && one.label !== 'PLANNED');
        return found.length >= count && found;
      },
      { what: `${count} deliveries about ${about}` },
    );
  }

  // A call of the merchant itself, as from SimplePay's own pages.
  async as_merchant(endpoint, { currency, ...members }) {
    const { merchant, secret } = simplepay_accounts[currency];
    const salt = randomBytes(16).toString('hex');
    const body = JSON.stringify({ salt, merchant, currency, ...members, sdkVersion: 'tests' });
    const Signature = createHmac('sha384', secret).update(body).digest('base64');
    const url = `${this.platform.sandbox.simplepay}/payment/v2/${endpoint}`;
    const headers = { 'Content-Type': 'application/json', Signature };
    const { json } = await send(url, { method: 'POST', headers, body });
    assert.equal(json.errorCodes, undefined, JSON.stringify(json));
    return json;
  }

  // An IPN that SimplePay never sent, about `id` and signed with the account's key.
  async forge_ipn(id, more = {}) {
    const { transaction_id, merchant } = await this.simplepay_payment(id);
    const order_ref = `TR${id}`;
    await this.control('simplepay', 'forge', { merchant, order_ref, transaction_id, ...more });
  }

  // The click of SimplePay's payer; gives the r and s with which the browser comes back.
  async act(id, action) {
    const click = { order_ref: `TR${id}`, action };
    const { redirect_url } = await this.control('simplepay', 'act', click);
    if (!redirect_url) return undefined;
    // A browser's form reads a bare '+' as a space, and so does URLSearchParams.
    const query = new URL(redirect_url).searchParams;
    return { r: query.get('r'), s: query.get('s') };
  }

  async pay_by_card(id, more = {}) {
    const [intent] = await this.stripe_payments(id);
    return this.control('stripe', 'pay', { payment_intent: intent.id, ...more });
  }

  // ------------------------------------------------------------------------- the service

  async ticket(changes = {}) {
    const id = this.#next_ticket++;
    await ask('PUT', `${this.platform.sandbox.tickets}/tickets/${id}`, { ...ticket, ...changes });
    return id;
  }

  // Starts run one after the other, so that each meets the fault that was ordered for it.
  start(ticket_id, code, { fault, times = 1, ...more } = {}) {
    const call = () => this.call('startPayment', { body: { ticket_id, code, metas: billing } });
    const simple = code.endsWith('-SIMPLE');
    const [part, operation] = simple ? ['simplepay', 'start'] : ['stripe', 'create'];
    return this.#one_start_at_a_time(() =>
      fault ? this.with_fault(part, operation, fault, { times, ...more }, call) : call(),
    );
  }

  // A payment under way; gives its transaction's id.
  async started(code, ticket_id) {
    const reply = await this.start(ticket_id ?? (await this.ticket()), code);
    return assert_ok(reply).transaction_id;
  }

  back(r_and_s) {
    const { r, s } = r_and_s;
    return this.call('simplePayBackref', { body: { r, s } });
  }

  async transaction(id) {
    const token = this.platform.service_token({ payments_search: 'true' });
    const reply = await this.call('searchTransactions', { body: { search_term: id }, token });
    return assert_ok(reply).transactions[0];
  }

  async status(id) {
    return (await this.transaction(id)).status;
  }

  // Waits until `id` is in `status`, and gives the transaction.
  async in_status(id, status, within_ms = 30_000) {
    let seen;
    try {
      return await eventually(
        async () => (seen = await this.transaction(id)).status === status && seen,
        { within_ms, what: `TR${id} to be ${status}` },
      );
    } catch (error) {
      error.message += `; it is ${JSON.stringify(seen, null, 1)}\n${this.last_words()}`;
      throw error;
    }
  }

  // How many notifications were kept as unmatched.
  unmatched() {
    const { lines } = this.platform.payments.program;
    return lines.filter((line) => line.includes('matches no transaction')).length;
  }

  async kinds(id) {
    return (await this.transaction(id)).events.map(({ kind }) => kind);
  }

  last_words() {
    return `the service wrote last:\n${this.platform.payments.program.output.slice(-3000)}`;
  }

  // Pays what the visitor is shown, by the click or the card, and waits until we say so too.
  async pay(id) {
    if ((await this.transaction(id)).processor === 'SIMPLE') await this.act(id, 'pay');
    else await this.pay_by_card(id);
    return this.in_status(id, 'paid');
  }

  // Staff gives money back; everything that is left without `amount`.
  refund(id, amount) {
    const body = { transaction_id: id, ...(amount && { amount }) };
    const token = this.platform.user_token({
      payments_refund: 'true',
      tickets_get_flags: '*', tickets_get_years: '*', tickets_get_events: '*',
    });
    return this.call('refundPayment', { body, token });
  }

  // A paid payment of 220 EUR of which 50 are asked for while `fault` lasts.
  async refund_with(code, fault, more = {}) {
    const part = code.endsWith('-SIMPLE') ? 'simplepay' : 'stripe';
    const id = await this.started(code);
    await this.pay(id);
    const reply = await this.with_fault(part, 'refund', fault, more, () => this.refund(id, 50));
    return { id, reply };
  }

  // ------------------------------------------------------------------------ the promises

  // What each provider holds per ticket: payments that were paid, and that could still be.
  async held() {
    const held = new Map();
    const note = async (id, what) => {
      const { ticket_id } = await this.transaction(Number(id));
      const known = held.get(ticket_id) ?? { captured: [], payable: [] };
      held.set(ticket_id, known);
      known[what]?.push(id);
    };
    for (const { order_ref, status } of await this.payments('simplepay')) {
      await note(order_ref.slice(2), { FINISHED: 'captured', INIT: 'payable' }[status]);
    }
    for (const { metadata, status } of await this.payments('stripe')) {
      const stands = { succeeded: 'captured', canceled: 'closed' }[status] ?? 'payable';
      await note(metadata.transaction_id, stands);
    }
    return held;
  }

  // Runs another of the service's commands, with the service's settings.
  async command(...args) {
    const env = { ...process.env, ...this.platform.settings };
    const program = new Program(payments_program, args, { env });
    const { code } = await program.ended;
    return { code, output: program.output };
  }

  async verify_ledger() {
    const env = { ...process.env, ...this.platform.database.settings };
    const program = new Program(payments_program, ['verify-ledger'], { env });
    const { code } = await program.ended;
    return { code, output: program.output };
  }
}
