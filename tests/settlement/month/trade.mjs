// What visitors, staff, banks and providers do in a month.
import assert from 'node:assert/strict';
import { eventually } from '../../fixtures/harness.mjs';
import { billing, scope } from '../../api/world.mjs';

const at_once = 48;

// Repeats for a seed (mulberry32).
export function random_of(seed) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    below: (count) => Math.floor(next() * count),
    chance: (share) => next() < share,
    take(list) {
      return list.splice(Math.floor(next() * list.length), 1)[0];
    },
  };
}

async function post(url, body, headers = {}) {
  const reply = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await reply.text();
  assert.equal(reply.status, 200, `${url}: ${text}`);
  return JSON.parse(text);
}

const forints = (random) => 20_000 + random.below(100_000);
const euros = (random) => (5_000 + random.below(30_000)) / 100;
const ways = [
  { code: 'FULL-FEE-HUF-SIMPLE', share: 50, amount: forints },
  { code: 'NORMAL-TOTAL-FEE-EUR-SIMPLE', share: 15, amount: euros },
  { code: 'FULL-FEE-HUF-STRIPE-INTENTS', share: 25, amount: forints },
  { code: 'NORMAL-TOTAL-FEE-EUR-STRIPE-INTENTS', share: 10, amount: euros },
];
const way_of = (random) => {
  let place = random.below(100);
  return ways.find(({ share }) => (place -= share) < 0);
};

export class Trade {
  constructor(world, random) {
    Object.assign(this, { world, random });
    this.paid = [];       // nothing has happened to them since
    this.disputed = [];
    this.refunds = [];    // made at Stripe's dashboard, by id
    this.counts = {};
  }

  count(what) {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }
  control(part, what, body) {
    return post(`${this.world.sandbox[part]}/control/${what}`, body);
  }

  async buy() {
    const { world, random } = this;
    const { code, amount } = way_of(random);
    const template = {
      id: 9, title: 'Festival ticket 2027', year: 2027, event: 'OZORA',
      payment_options: [{ code, amount: amount(random) }],
    };
    const ticket_id = world.tickets.add({ template });
    const is_declined = random.chance(0.02);
    const started = await post(`${world.url}/payments/start`, { ticket_id, code, metas: billing });
    const id = started.transaction_id;
    const payment_intent = started.client_secret?.replace(/_secret_.*$/, '');
    if (payment_intent) {
      const card = is_declined ? '4000000000000002' : '4242424242424242';
      await this.control('stripe', 'pay', { payment_intent, card });
    } else {
      await post(`${started.redirect_url}/act`, { action: is_declined ? 'decline' : 'pay' });
    }
    this.count(is_declined ? 'declined' : code.split('-').slice(-3).join(' '));
    return is_declined ? undefined : { id, payment_intent, is_huf: code.includes('HUF') };
  }

  // Many at a time; those that were paid are known as such to the service when this returns.
  async buy_many(count) {
    const bought = [];
    let left = count;
    const work = async () => {
      while (left-- > 0) {
        const one = await this.buy();
        if (one) bought.push(one);
      }
    };
    await Promise.all(Array.from({ length: at_once }, work));
    const mine = new Set(bought.map(({ id }) => id));
    await eventually(
      async () => {
        const open = await this.world.database.rows(
          'SELECT id FROM transactions WHERE paid_at IS NULL',
        );
        return !open.some(({ id }) => mine.has(Number(id)));
      },
      { within_ms: 120_000, every_ms: 200, what: 'all payments of the day to be paid' },
    );
    this.paid.push(...bought);
  }

  // Staff give a share of the payments back, wholly or in part.
  async refund_some(count) {
    const { world, random, paid } = this;
    const token = world.user_token({ payments_refund: 'true', ...scope });
    for (let i = 0; i < count && paid.length > 0; ++i) {
      const { id } = random.take(paid);
      const amount = random.chance(0.5) ? { amount: 10 + random.below(40) } : {};
      await post(
        `${world.url}/payments/refunds`, { transaction_id: id, ...amount },
        { Authorization: `Bearer ${token}` },
      );
      this.count('refunds');
    }
  }

  take_stripe() {
    const at_stripe = this.paid.filter(({ payment_intent }) => payment_intent);
    if (at_stripe.length === 0) return undefined;
    const one = this.random.take(at_stripe);
    this.paid.splice(this.paid.indexOf(one), 1);
    return one;
  }

  // By hand at the dashboard, to the hundredth of a forint.
  async refund_at_stripe() {
    const one = this.take_stripe();
    if (!one) return;
    const made = await this.control('stripe', 'refund', {
      payment_intent: one.payment_intent, amount: 1_000 + this.random.below(3_000),
    });
    this.refunds.push(made.id);
    this.count('refunds by hand');
  }
  async fail_a_refund() {
    if (this.refunds.length === 0) return;
    await this.control('stripe', 'fail-refund', { refund: this.random.take(this.refunds) });
    this.count('refunds that failed');
  }

  async dispute() {
    const one = this.take_stripe();
    if (!one) return;
    const { payment_intent } = one;
    await this.control('stripe', 'dispute', { payment_intent, status: 'needs_response' });
    this.disputed.push(payment_intent);
    this.count('disputes');
  }
  async end_a_dispute() {
    if (this.disputed.length === 0) return;
    const payment_intent = this.random.take(this.disputed);
    const status = this.random.chance(0.5) ? 'won' : 'lost';
    await this.control('stripe', 'dispute', { payment_intent, status });
    this.count(`disputes ${status}`);
  }
}
