// Giving money back while Stripe misbehaves: the same key makes it one refund.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { assert_ok, assert_problem } from '../api/client.mjs';
import { Rows } from './rows.mjs';
import { stripe_eur, stripe_timeout_ms, World } from './world.mjs';

let world;
before(async () => { world = await World.open(); });
after(() => world?.close());

const refund = 'Stripe: refund';
const rows = new Rows(() => world, [refund]);
const delay_ms = stripe_timeout_ms + 500;

async function refunds_at_stripe(id) {
  const { provider_transaction_id } = await world.transaction(id);
  const { refunds } = await world.control('stripe', 'payments');
  const ours = refunds.filter(({ payment_intent }) => payment_intent === provider_transaction_id);
  return ours.map(({ amount }) => amount);
}

const unclear = [
  ['no-answer', 'is silent', '504 provider-timeout'],
  ['no-answer-after', 'is silent, the refund exists', '504 provider-timeout'],
  ['reset', 'cuts the connection', '504 provider-timeout'],
  ['reset-after', 'cuts the connection, the refund exists', '504 provider-timeout'],
  ['500', 'answers 500', '504 provider-timeout'],
  ['500-after', 'answers 500, the refund exists', '504 provider-timeout'],
  ['500-stored', 'answers 500, and will for this key', '504 provider-timeout'],
  ['503', 'answers 503', '504 provider-timeout'],
  ['429', 'answers 429', '504 provider-timeout'],
  ['lock-timeout', 'says lock_timeout', '504 provider-timeout'],
  ['truncated', 'sends half an answer', '504 provider-timeout'],
  ['late', 'answers after our deadline', '504 provider-timeout', { delay_ms }],
  ['late-before', 'begins after our deadline', '504 provider-timeout', { delay_ms }],
  ['garbage', 'answers with a web page', '502 provider-garbled'],
  ['empty', 'answers with nothing', '502 provider-garbled'],
  ['redirect', 'answers with a redirect', '502 provider-garbled'],
  ['wrong-amount', 'names another amount', '502 provider-garbled'],
  ['wrong-currency', 'names another currency', '502 provider-garbled'],
  ['other-order', 'answers about another payment', '502 provider-garbled'],
  ['unknown-status', 'names a status nobody knows', '502 provider-garbled'],
];

for (const [fault, does, problem, more] of unclear) {
  rows.row(refund, `\`${fault}\`, as long as it lasts: it ${does}`,
    `a refund while Stripe ${does} is ${problem}, and made once by itself afterwards`,
    async (world, tell) => {
      // No event helps: only the key or the list lead back to what was made.
      await world.order_fault('stripe', 'refund.created', 'never');
      await world.order_fault('stripe', 'charge.refunded', 'never');
      const { id, reply } = await world.refund_with(stripe_eur, fault, { times: -1, ...more });
      tell.heard(reply);
      assert_problem(reply, ...problem.split(' ').map((part) => Number(part) || part));
      assert_problem(await world.refund(id, 200), 422, 'refund-too-large');
      const found = await world.in_status(id, 'partially_refunded');
      assert.equal(found.amount_refunded, 50);
      assert.deepEqual(await refunds_at_stripe(id), [5000]);
      tell.status(found.status);
      tell.resolves('by itself: it is asked for with the same key, and looked for on the list');
    });
}

for (const [fault, does, more] of [
  ['late', 'is late within our deadline', { delay_ms: 300 }],
  ['slow', 'needs its time'],
  ['extra-members', 'adds members nobody knows'],
  ['other-livemode', 'names the live mode, which a refund does not have'],
]) {
  rows.row(refund, `\`${fault}\`: it ${does}`, `a refund is made when Stripe ${does}`,
    async (world, tell) => {
      const { id, reply } = await world.refund_with(stripe_eur, fault, more);
      tell.heard(reply);
      assert.equal(assert_ok(reply).amount_refunded, 50);
      assert.deepEqual(await refunds_at_stripe(id), [5000]);
      tell.status(await world.status(id));
      tell.resolves('nothing is wrong');
    });
}

rows.row(refund, 'one was made in the dashboard, and its events never come',
  'a refund made in the dashboard is learned before another is asked for',
  async (world, tell) => {
    const id = await world.started(stripe_eur);
    const { provider_transaction_id: payment_intent } = await world.pay(id);
    await world.order_fault('stripe', 'refund.created', 'never');
    await world.order_fault('stripe', 'charge.refunded', 'never');
    await world.control('stripe', 'refund', { payment_intent, amount: 20_000 });
    await world.clear_faults('stripe');
    const reply = await world.refund(id, 50);
    tell.heard(reply);
    assert_problem(reply, 422, 'refund-too-large');
    tell.status((await world.in_status(id, 'partially_refunded')).status);
    assert.deepEqual(await refunds_at_stripe(id), [20_000]);
    tell.resolves('Stripe is asked first; what is left can be given back');
  });

rows.close();
