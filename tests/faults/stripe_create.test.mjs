// Starting by Stripe while Stripe misbehaves: the same key makes it one PaymentIntent.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { assert_ok, assert_problem } from '../api/client.mjs';
import { eventually } from '../fixtures/harness.mjs';
import { Rows } from './rows.mjs';
import { simple_eur, stripe_eur, stripe_timeout_ms, World } from './world.mjs';

let world;
before(async () => { world = await World.open(); });
after(() => world?.close());

const create = 'Stripe: create';
const later = 'Stripe: retrieve and cancel';
const rows = new Rows(() => world, [create, later]);
const too_late_ms = stripe_timeout_ms + 500;

// Every creation that was asked for about a transaction had one key; gives how often.
async function creations(id, least = 1) {
  const about = ({ body }) =>
    new URLSearchParams(body).get('metadata[transaction_id]') === String(id);
  const log = await eventually(async () => {
    const found = (await world.log('stripe', 'create')).filter(about);
    return found.length >= least && found;  // an answer that is late is logged when it goes out
  });
  const keys = new Set(log.map(({ headers }) => headers['idempotency-key']));
  assert.equal(keys.size, 1, [...keys].join(', '));
  assert.match([...keys][0], new RegExp(`^pi-create-TR${id}-\\d+$`));
  return log.length;
}

async function assert_one_intent(id) {
  const intents = await world.stripe_payments(id);
  assert.equal(intents.length, 1, `TR${id} has ${intents.length} PaymentIntents`);
  return intents[0];
}

// A later start of the same fee hands out the PaymentIntent of `id`; then it is paid.
async function resume_and_pay(ticket, id) {
  const again = assert_ok(await world.start(ticket, stripe_eur));
  assert.equal(again.transaction_id, id);
  const intent = await assert_one_intent(id);
  assert.equal(again.client_secret, intent.client_secret);
  const third = assert_ok(await world.start(ticket, stripe_eur));
  assert.equal(third.client_secret, again.client_secret);
  return world.pay(id);
}

const repeated = [
  ['no-answer', 'is silent once'],
  ['no-answer-after', 'is silent once, the PaymentIntent exists'],
  ['reset', 'cuts the connection once'],
  ['reset-after', 'cuts the connection once, the PaymentIntent exists'],
  ['500', 'answers 500 once'],
  ['500-after', 'answers 500 once, the PaymentIntent exists'],
  ['truncated', 'sends half an answer once'],
  ['429', 'answers 429 once'],
  ['lock-timeout', 'says lock_timeout once'],
  ['late', 'is late within our deadline', { delay_ms: 300 }],
  ['extra-members', 'adds members nobody knows'],
  ['slow', 'needs its time'],
  ['unknown-status', 'names a status nobody knows'],
];
const harmless = ['late', 'extra-members', 'slow', 'unknown-status'];

for (const [fault, does, more] of repeated) {
  rows.row(create, `\`${fault}\`: it ${does}`,
    `a start by Stripe that ${does} is answered after all, with one PaymentIntent`,
    async (world, tell) => {
      const ticket = await world.ticket();
      const reply = await world.start(ticket, stripe_eur, { fault, ...more });
      tell.heard(reply);
      const { transaction_id: id, client_secret } = assert_ok(reply);
      const plain = harmless.includes(fault);
      assert.equal(await creations(id), plain ? 1 : 2);
      assert.equal((await assert_one_intent(id)).client_secret, client_secret);
      tell.status(await world.status(id), (await resume_and_pay(ticket, id)).status);
      tell.resolves(plain ? 'nothing is wrong' : 'the call is repeated with the same key');
    });
}

const lasting = [
  ['no-answer', 'is silent', '504 provider-timeout'],
  ['500', 'answers 500', '504 provider-timeout'],
  ['503', 'answers 503', '504 provider-timeout'],
  ['429', 'answers 429', '504 provider-timeout'],
  ['no-answer-after', 'is silent, the PaymentIntent exists', '504 provider-timeout'],
  ['late', 'answers after our deadline', '504 provider-timeout', { delay_ms: too_late_ms }],
  ['late-before', 'begins after our deadline', '504 provider-timeout', { delay_ms: too_late_ms }],
  ['garbage', 'answers with a web page', '502 provider-garbled'],
  ['empty', 'answers with nothing', '502 provider-garbled'],
  ['redirect', 'answers with a redirect', '502 provider-garbled'],
];

for (const [fault, does, problem, more] of lasting) {
  rows.row(create, `\`${fault}\`, as long as it lasts: it ${does}`,
    `a start while Stripe ${does} is ${problem}; once it answers, the same PaymentIntent is paid`,
    async (world, tell) => {
      const ticket = await world.ticket();
      // No event helps: only the key leads back to what was made.
      await world.order_fault('stripe', 'payment_intent.created', 'never');
      const reply = await world.start(ticket, stripe_eur, { fault, times: -1, ...more });
      tell.heard(reply);
      const [status, slug] = problem.split(' ');
      assert_problem(reply, Number(status), slug);
      const id = reply.json.transaction_id;
      const made = (await world.stripe_payments(id)).length;
      assert.ok(made <= 1);
      tell.status(await world.status(id));
      const { status: paid } = await resume_and_pay(ticket, id);
      await creations(id, 2);
      tell.status(paid);
      tell.resolves('the next start repeats it with the same key and hands out its client secret');
    });
}

const spoilt = [
  ['wrong-amount', 'another amount'],
  ['wrong-currency', 'another currency'],
  ['other-livemode', 'the live mode'],
  ['other-order', 'another order'],
];

for (const [fault, what] of spoilt) {
  rows.row(create, `\`${fault}\`: the answer has ${what}`,
    `a start that is answered with ${what} is 502 and hands nothing out`,
    async (world, tell) => {
      const ticket = await world.ticket();
      const reply = await world.start(ticket, stripe_eur, { fault });
      tell.heard(reply);
      assert_problem(reply, 502, 'provider-garbled');
      const id = reply.json.transaction_id;
      assert.equal(reply.json.client_secret, undefined);
      tell.status((await world.in_status(id, 'pending')).status);
      tell.status((await resume_and_pay(ticket, id)).status);
      tell.resolves('Stripe’s own event names the PaymentIntent; the next start reads it');
    });
}

rows.row(create, '`500-stored`: it answers 500, and will for this key as long as it is kept',
  'a start whose 500 is stored under its key is found by searching for it',
  async (world, tell) => {
    const ticket = await world.ticket();
    await world.order_fault('stripe', 'payment_intent.created', 'never');
    const reply = await world.start(ticket, stripe_eur, { fault: '500-stored' });
    tell.heard(reply);
    assert_problem(reply, 504, 'provider-timeout');
    const id = reply.json.transaction_id;
    tell.status(await world.status(id), (await resume_and_pay(ticket, id)).status);
    tell.resolves('the next start searches for it and hands out its client secret');
  });

rows.row(create, '`refuse`: it refuses in its own words',
  'a start that Stripe refuses is 502 and failed, and the next start can be paid',
  async (world, tell) => {
    const ticket = await world.ticket();
    const reply = await world.start(ticket, stripe_eur, { fault: 'refuse' });
    tell.heard(reply);
    assert_problem(reply, 502, 'provider-refused');
    tell.status(await world.status(reply.json.transaction_id));
    assert.equal(await world.status(reply.json.transaction_id), 'failed');
    await world.pay(await world.started(stripe_eur, ticket));
    tell.resolves('the next start works');
  });

rows.row(create, '`no-answer-after`, as long as it lasts, and nobody starts again',
  'a start that Stripe never answered is asked about by itself',
  async (world, tell) => {
    const ticket = await world.ticket();
    await world.order_fault('stripe', 'payment_intent.created', 'never');
    const fault = 'no-answer-after';
    const reply = await world.start(ticket, stripe_eur, { fault, times: -1 });
    tell.heard(reply);
    const id = reply.json.transaction_id;
    tell.status(await world.status(id), (await world.in_status(id, 'pending')).status);
    await assert_one_intent(id);
    tell.status((await resume_and_pay(ticket, id)).status);
    tell.resolves('by itself, within seconds');
  });

// -------------------------------------------------------------------------- asked about later

for (const [fault, does, more] of [
  ['no-answer', 'is silent'],
  ['no-answer-after', 'is silent, having looked'],
  ['reset', 'cuts the connection'],
  ['reset-after', 'cuts the connection, having looked'],
  ['500', 'answers 500'],
  ['500-after', 'answers 500, having looked'],
  ['500-stored', 'answers 500 and stays with it'],
  ['503', 'answers 503'],
  ['429', 'answers 429'],
  ['lock-timeout', 'says lock_timeout'],
  ['late', 'answers after our deadline', { delay_ms: too_late_ms }],
  ['late-before', 'looks after our deadline', { delay_ms: too_late_ms }],
  ['garbage', 'answers with a web page'],
  ['empty', 'answers with nothing'],
  ['truncated', 'sends half an answer'],
  ['redirect', 'answers with a redirect'],
  ['other-livemode', 'answers in the live mode'],
  ['other-order', 'answers with another PaymentIntent'],
  ['unknown-status', 'names a status nobody knows'],
]) {
  rows.row(later, `retrieve \`${fault}\`: it ${does} when a second start asks`,
    `a second start is 409 while Stripe ${does}, and hands out the same secret afterwards`,
    async (world, tell) => {
      const ticket = await world.ticket();
      const first = assert_ok(await world.start(ticket, stripe_eur));
      const busy = await world.with_fault('stripe', 'retrieve', fault, { times: -1, ...more },
        () => world.start(ticket, stripe_eur));
      assert_problem(busy, 409, 'payment-in-progress');
      tell.heard(busy);
      const id = first.transaction_id;
      tell.status(await world.status(id), (await resume_and_pay(ticket, id)).status);
      tell.resolves('the next start hands out the same client secret');
    });
}

for (const [fault, does] of [
  ['slow', 'needs its time'],
  ['extra-members', 'adds members nobody knows'],
]) {
  rows.row(later, `retrieve \`${fault}\`: it ${does} when a second start asks`,
    `a second start hands out the same secret although Stripe ${does}`,
    async (world, tell) => {
      const ticket = await world.ticket();
      const first = assert_ok(await world.start(ticket, stripe_eur));
      const again = await world.with_fault('stripe', 'retrieve', fault, { times: -1 },
        () => world.start(ticket, stripe_eur));
      assert.equal(assert_ok(again).client_secret, first.client_secret);
      tell.heard(again);
      tell.status((await world.pay(first.transaction_id)).status);
      tell.resolves('nothing is wrong');
    });
}

for (const [fault, what] of [
  ['wrong-amount', 'another amount'],
  ['wrong-currency', 'another currency'],
]) {
  rows.row(later, `retrieve \`${fault}\`: it has ${what} when a second start asks`,
    `a second start closes a PaymentIntent that has ${what}, and opens another`,
    async (world, tell) => {
      const ticket = await world.ticket();
      const first = assert_ok(await world.start(ticket, stripe_eur));
      const next = await world.with_fault('stripe', 'retrieve', fault, { times: -1 },
        () => world.start(ticket, stripe_eur));
      tell.heard(next);
      assert.notEqual(assert_ok(next).client_secret, first.client_secret);
      assert.equal((await assert_one_intent(first.transaction_id)).status, 'canceled');
      tell.status((await world.in_status(first.transaction_id, 'cancelled')).status);
      await world.pay(next.json.transaction_id);
      tell.resolves('what is not as agreed is closed, and never handed out');
    });
}

for (const [fault, does, more] of [
  ['no-answer', 'is silent'],
  ['no-answer-after', 'is silent once it was carried out'],
  ['reset', 'cuts the connection'],
  ['reset-after', 'cuts the connection once it was carried out'],
  ['500', 'answers 500'],
  ['500-after', 'answers 500 once it was carried out'],
  ['500-stored', 'answers 500 and stays with it'],
  ['503', 'answers 503'],
  ['429', 'answers 429'],
  ['lock-timeout', 'says lock_timeout'],
  ['late', 'answers after our deadline', { delay_ms: too_late_ms }],
  ['late-before', 'begins after our deadline', { delay_ms: too_late_ms }],
  ['garbage', 'answers with a web page'],
  ['empty', 'answers with nothing'],
  ['truncated', 'sends half an answer'],
  ['redirect', 'answers with a redirect'],
  ['other-livemode', 'answers in the live mode'],
  ['other-order', 'answers with another PaymentIntent'],
  ['unknown-status', 'names a status nobody knows'],
]) {
  rows.row(later, `cancel \`${fault}\`: it ${does} when the other processor is chosen`,
    `choosing SimplePay instead is 409 while Stripe ${does}, and works afterwards`,
    async (world, tell) => {
      const ticket = await world.ticket();
      const id = await world.started(stripe_eur, ticket);
      await world.order_fault('stripe', 'payment_intent.canceled', 'never');
      const reply = await world.with_fault('stripe', 'cancel', fault, { times: -1, ...more },
        () => world.start(ticket, simple_eur));
      tell.heard(reply);
      assert_problem(reply, 409, 'payment-in-progress');
      const next = await world.started(simple_eur, ticket);
      tell.status(await world.status(id));
      assert.equal((await assert_one_intent(id)).status, 'canceled');
      await world.pay(next);
      tell.resolves('the next start closes it at Stripe first');
    });
}

for (const [fault, does] of [
  ['slow', 'needs its time'],
  ['extra-members', 'adds members nobody knows'],
  ['wrong-amount', 'names another amount'],
  ['wrong-currency', 'names another currency'],
]) {
  rows.row(later, `cancel \`${fault}\`: it ${does} when the other processor is chosen`,
    `choosing SimplePay instead works although Stripe ${does}`,
    async (world, tell) => {
      const ticket = await world.ticket();
      const id = await world.started(stripe_eur, ticket);
      const reply = await world.with_fault('stripe', 'cancel', fault, { times: -1 },
        () => world.start(ticket, simple_eur));
      tell.heard(reply);
      assert.equal((await assert_one_intent(id)).status, 'canceled');
      tell.status((await world.in_status(id, 'cancelled')).status);
      await world.pay(assert_ok(reply).transaction_id);
      tell.resolves('nothing is wrong: it is closed, and no money is in that answer');
    });
}

rows.row(later, 'the visitor has paid, unheard of by us, when SimplePay is chosen instead',
  'choosing SimplePay instead is 409 already paid when the card was charged meanwhile',
  async (world, tell) => {
    const ticket = await world.ticket();
    const id = await world.started(stripe_eur, ticket);
    await world.order_fault('stripe', 'webhook', 'never', { times: -1 });
    await world.pay_by_card(id);
    const reply = await world.start(ticket, simple_eur);
    await world.clear_faults('stripe');
    assert_problem(reply, 409, 'already-paid');
    tell.heard(reply);
    tell.status(await world.status(id));
    tell.resolves('asked before it is closed, Stripe says that it was paid');
  });

rows.close();
