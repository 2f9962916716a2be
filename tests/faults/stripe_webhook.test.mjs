// Stripe's events: twice, late, out of order, forged, or never; refunds and disputes made there.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { assert_ok, assert_problem } from '../api/client.mjs';
import { eventually } from '../fixtures/harness.mjs';
import { Rows } from './rows.mjs';
import { stripe_eur, stripe_huf, World } from './world.mjs';

let world;
before(async () => { world = await World.open(); });
after(() => world?.close());

const webhook = 'Stripe: webhook';
const rows = new Rows(() => world, [webhook]);
const succeeded = 'payment_intent.succeeded';

// The events that were sent about a PaymentIntent, as the log has them: newest last.
async function sent_about(intent, type) {
  const log = await world.log('stripe', 'webhook');
  return log.filter(({ body }) => body.includes(intent) && body.includes(`"type": "${type}"`));
}

// Pays by card while both events that tell of it suffer `fault`; gives id and PaymentIntent. They
// are named, since seconds later Stripe also tells of the fees of payments before.
async function pay_while_events_suffer(fault, more = {}) {
  const id = await world.started(stripe_eur);
  const [intent] = await world.stripe_payments(id);
  await world.order_fault('stripe', 'charge.succeeded', fault, more);
  await world.with_fault('stripe', succeeded, fault, more, () => world.pay_by_card(id));
  return { id, intent: intent.id };
}

const all_sent = (intent, type, count) =>
  eventually(async () => {
    const sent = await sent_about(intent, type);
    return sent.length >= count && sent;
  }, { what: `${count} ${type} about ${intent}` });

async function assert_acknowledged(intent, type, count, tell) {
  const sent = await all_sent(intent, type, count);
  for (const { status, answer } of sent) assert.equal(status, 200, answer);
  tell.heard('200');
}

// Every event that names the PaymentIntent was taken.
async function assert_all_taken(intent, tell) {
  const log = (await world.log('stripe', 'webhook')).filter(({ body }) => body.includes(intent));
  assert.deepEqual([...new Set(log.map(({ status }) => status))], [200]);
  tell.heard('200');
}

// A second start asks Stripe at once.
async function ask_by_a_start(id, tell) {
  const { ticket_id } = await world.transaction(id);
  assert_problem(await world.start(ticket_id, stripe_eur), 409, 'already-paid');
  tell.status(await world.status(id));
  assert.equal(await world.status(id), 'paid');
}

for (const fault of ['duplicate', 'parallel-duplicate', 'twin']) {
  rows.row(webhook, `\`${fault}\``, `an event that comes twice (${fault}) counts once`,
    async (world, tell) => {
      const { id, intent } = await pay_while_events_suffer(fault);
      await assert_acknowledged(intent, succeeded, 2, tell);
      const { status, events } = await world.in_status(id, 'paid');
      assert.equal(events.filter(({ kind }) => kind === 'captured').length, 1);
      tell.status(status);
      tell.resolves('all are acknowledged, one counts');
    });
}

rows.row(webhook, 'failed after succeeded',
  'a failure that is told after the success changes nothing',
  async (world, tell) => {
    const id = await world.started(stripe_eur);
    const [{ id: intent }] = await world.stripe_payments(id);
    const failed = 'payment_intent.payment_failed';
    await world.with_fault('stripe', failed, 'late', { delay_ms: 600 }, async () => {
      await world.pay_by_card(id, { card: '4000000000000002' });
      await world.pay(id);
    });
    assert.ok(!(await sent_about(intent, failed)).length, 'the failure is still on its way');
    await assert_acknowledged(intent, failed, 1, tell);
    tell.status(await world.status(id));
    assert.equal(await world.status(id), 'paid');
    tell.resolves('a declined card never ends a PaymentIntent; it is shown in `events`');
  });

rows.row(webhook, '`out-of-order`: the charge before the PaymentIntent',
  'events in another order end the same',
  async (world, tell) => {
    const id = await world.started(stripe_eur);
    const [{ id: intent }] = await world.stripe_payments(id);
    await world.with_fault('stripe', succeeded, 'out-of-order', {}, () => world.pay_by_card(id));
    await assert_acknowledged(intent, succeeded, 1, tell);
    tell.status((await world.in_status(id, 'paid')).status);
    tell.resolves('order does not matter');
  });

rows.row(webhook, 'succeeded comes before our call of create has returned',
  'an event that overtakes the answer to create counts, and the start is answered',
  async (world, tell) => {
    const ticket = await world.ticket();
    const known = new Set((await world.payments('stripe')).map(({ id }) => id));
    const starting = world.start(ticket, stripe_eur, { fault: 'late', delay_ms: 700 });
    const made = await eventually(async () =>
      (await world.payments('stripe')).find(({ id }) => !known.has(id)), { every_ms: 10 });
    const id = Number(made.metadata.transaction_id);
    await world.pay_by_card(id);
    await world.in_status(id, 'paid');
    assert.ok(!(await world.transaction(id)).events.some(({ source }) => source === 'service'));
    assert.equal(assert_ok(await starting).transaction_id, id);
    await assert_acknowledged(made.id, succeeded, 1, tell);
    tell.status(await world.status(id));
    assert.equal(await world.status(id), 'paid');
    tell.resolves('what is paid stays paid');
  });

for (const [fault, what] of [
  ['bad-signature', 'another secret'],
  ['forged', 'the secret of someone else'],
  ['no-signature', 'no signature'],
  ['stale', 'a signature of more than five minutes ago'],
  ['changed-after-signing', 'a byte more than was signed'],
]) {
  rows.row(webhook, `\`${fault}\`: ${what}`, `an event with ${what} is 400 and proves nothing`,
    async (world, tell) => {
      const { id, intent } = await pay_while_events_suffer(fault);
      const [sent] = await all_sent(intent, succeeded, 1);
      tell.heard(`${sent.status} ${JSON.parse(sent.answer).type.replace('/problems/', '')}`);
      assert.equal(sent.status, 400);
      tell.status(await world.status(id));
      assert.equal(await world.status(id), 'pending');
      await ask_by_a_start(id, tell);
      tell.resolves('the next start asks Stripe');
    });
}

for (const [fault, what] of [
  ['wrong-amount', 'another amount'],
  ['wrong-currency', 'another currency'],
]) {
  rows.row(webhook, `\`${fault}\``,
    `an event with ${what} is never paid without a person who looks`,
    async (world, tell) => {
      const { id, intent } = await pay_while_events_suffer(fault);
      await assert_acknowledged(intent, succeeded, 1, tell);
      tell.status((await world.in_status(id, 'review')).status);
      tell.resolves('a person looks');
    });
}

for (const [fault, what] of [
  ['other-livemode', 'of the live mode'],
  ['thin', 'in the thin form'],
]) {
  rows.row(webhook, `\`${fault}\``, `an event ${what} is acknowledged and kept as unmatched`,
    async (world, tell) => {
      const before_it = world.unmatched();
      const { id } = await pay_while_events_suffer(fault);
      await eventually(() => world.unmatched() === before_it + 2, { what: 'two lines in the log' });
      const { deliveries } = await world.control('stripe', 'deliveries');
      const spoilt = deliveries.filter((one) => one.fault === fault);
      assert.deepEqual(spoilt.map(({ label }) => label), ['OK', 'OK']);
      tell.heard('200');
      tell.status(await world.status(id));
      assert.equal(await world.status(id), 'pending');
      await ask_by_a_start(id, tell);
      tell.resolves('kept as unmatched; the next start asks Stripe');
    });
}

rows.row(webhook, '`other-order`',
  'an event about another order is acknowledged and kept as unmatched',
  async (world, tell) => {
    const before_it = world.unmatched();
    const id = await world.started(stripe_eur);
    await world.order_fault('stripe', 'charge.succeeded', 'never');
    await world.with_fault('stripe', succeeded, 'other-order', {}, () => world.pay_by_card(id));
    await eventually(() => world.unmatched() === before_it + 1, { what: 'a line in the log' });
    await assert_acknowledged('pi_someoneelses', succeeded, 1, tell);
    tell.status(await world.status(id));
    assert.equal(await world.status(id), 'pending');
    await ask_by_a_start(id, tell);
    tell.resolves('kept as unmatched; the next start asks Stripe');
  });

for (const fault of ['unknown-type', 'extra-members']) {
  rows.row(webhook, `\`${fault}\``, `an event with ${fault} is read for what it says`,
    async (world, tell) => {
      const { id, intent } = await pay_while_events_suffer(fault);
      tell.status((await world.in_status(id, 'paid')).status);
      await assert_all_taken(intent, tell);
      tell.resolves('what counts is the object in it');
    });
}

rows.row(webhook, '`late`', 'an event that comes late makes it paid when it comes',
  async (world, tell) => {
    const { id, intent } = await pay_while_events_suffer('late', { delay_ms: 700 });
    tell.status(await world.status(id), (await world.in_status(id, 'paid')).status);
    await assert_acknowledged(intent, succeeded, 1, tell);
    tell.resolves('by itself');
  });

rows.row(webhook, '`never`, and the visitor starts again',
  'a payment of which no event tells is found by the next start',
  async (world, tell) => {
    const { id } = await pay_while_events_suffer('never');
    tell.status(await world.status(id));
    await ask_by_a_start(id, tell);
    tell.resolves('the next start asks Stripe');
  });

rows.row(webhook, '`never`, no answer to create either, and nobody starts again',
  'a card payment of which nothing was ever heard is found by the schedule',
  async (world, tell) => {
    await world.order_fault('stripe', 'webhook', 'never', { times: -1 });
    const ticket = await world.ticket();
    const reply = await world.start(ticket, stripe_eur, { fault: 'no-answer-after', times: -1 });
    tell.heard(reply);
    const id = reply.json.transaction_id;
    tell.status(await world.status(id));
    // A start leaves no fault behind.
    await world.order_fault('stripe', 'webhook', 'never', { times: -1 });
    await world.pay_by_card(id);
    const { status, events } = await world.in_status(id, 'paid');
    await world.clear_faults('stripe');
    assert.deepEqual([...new Set(events.map(({ source }) => source))], ['service', 'query']);
    tell.status(status);
    tell.resolves('by itself: the schedule asks about the unknown attempt');
  });

rows.row(webhook, 'succeeded, signed with our secret, about a PaymentIntent that is not ours',
  'a forged event about a payment nobody started is kept as unmatched',
  async (world, tell) => {
    const before_it = world.unmatched();
    const object = {
      id: 'pi_forged', object: 'payment_intent', status: 'succeeded', amount: 22000,
      amount_received: 22000, currency: 'eur', livemode: false, metadata: { transaction_id: '1' },
    };
    const id = await world.started(stripe_eur);
    object.metadata.transaction_id = String(id);
    await world.control('stripe', 'forge', { object });
    await eventually(() => world.unmatched() === before_it + 1);
    await assert_acknowledged('pi_forged', succeeded, 1, tell);
    tell.status(await world.status(id));
    assert.deepEqual(await world.kinds(id), ['accepted']);
    tell.resolves('kept as unmatched: the number alone proves nothing');
  });

rows.row(webhook, 'a refund made in the dashboard, in two parts',
  'refunds made in Stripe’s dashboard count once each',
  async (world, tell) => {
    const id = await world.started(stripe_huf);
    await world.pay(id);
    const [{ id: payment_intent }] = await world.stripe_payments(id);
    const { faults } = await world.order_fault('stripe', 'webhook', 'duplicate', { times: -1 });
    assert.equal(faults.length, 1);
    await world.control('stripe', 'refund', { payment_intent, amount: 1_000_000 });
    const part = await world.in_status(id, 'partially_refunded');
    assert.equal(part.amount_refunded, 10_000);
    await world.control('stripe', 'refund', { payment_intent });
    const all = await world.in_status(id, 'refunded');
    assert.equal(all.amount_refunded, 88_000);
    await world.clear_faults('stripe');
    await assert_all_taken(payment_intent, tell);
    tell.status('paid', part.status, all.status);
    tell.resolves('the fee is on offer again');
  });

rows.row(webhook, 'a dispute is opened, and won',
  'a dispute is shown while it is open, and paid again once won',
  async (world, tell) => {
    const id = await world.started(stripe_eur);
    await world.pay(id);
    const [{ id: payment_intent }] = await world.stripe_payments(id);
    await world.control('stripe', 'dispute', { payment_intent });
    const open = await world.in_status(id, 'disputed');
    await world.control('stripe', 'dispute', { payment_intent, status: 'won' });
    await assert_all_taken(payment_intent, tell);
    tell.status('paid', open.status, (await world.in_status(id, 'paid')).status);
    tell.resolves('by Stripe’s events');
  });

rows.row(webhook, 'a dispute is lost', 'a lost dispute stays disputed',
  async (world, tell) => {
    const id = await world.started(stripe_eur);
    await world.pay(id);
    const [{ id: payment_intent }] = await world.stripe_payments(id);
    await world.control('stripe', 'dispute', { payment_intent, status: 'needs_response' });
    await world.in_status(id, 'disputed');
    await world.control('stripe', 'dispute', { payment_intent, status: 'lost' });
    await eventually(async () => (await world.kinds(id)).includes('dispute_lost'));
    await assert_all_taken(payment_intent, tell);
    assert.equal(await world.status(id), 'disputed');
    tell.status('paid', await world.status(id));
    tell.resolves('a person decides');
  });

rows.close();
