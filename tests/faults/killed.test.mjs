// SIGKILL at every step of a start and of a notification: what was acknowledged is there again, and
// what was begun goes on by itself.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { assert_ok, assert_problem } from '../api/client.mjs';
import {
  eventually, in_the_future, pause, start_payments,
} from '../fixtures/harness.mjs';
import { Rows } from './rows.mjs';
import { simple_eur, stripe_eur, World } from './world.mjs';

let world;
// Long, for a machine may be too busy to kill within a second of what it waits for.
const settings = {
  PAYMENTS_SIMPLEPAY_TIMEOUT_MS: '8000',
  PAYMENTS_STRIPE_TIMEOUT_MS: '8000',
};
before(async () => { world = await World.open({ settings }); });
after(() => world?.close());

const killed = 'the service is killed';
const rows = new Rows(() => world, [killed]);

async function kill(world) {
  const { signal } = await world.platform.payments.program.stop('SIGKILL');
  assert.equal(signal, 'SIGKILL');
}

// Stripe's list of events cannot be read at first: when it is does not depend on the machine then.
async function start_again(world) {
  const { settings, url } = world.platform;
  await world.order_fault('stripe', 'list-events', '500');
  world.platform.payments = await start_payments({ settings, url });
}

const start_of = (ticket, code) => ({ ticket_id: ticket, code, metas: {} });

// The attempt that nobody was told of.
async function newest(ticket) {
  const sql = `SELECT max(id) AS id FROM transactions WHERE ticket_id = ${ticket}`;
  const [{ id }] = await world.platform.database.rows(sql);
  return id;
}

const acknowledged = (part, about) =>
  eventually(async () => {
    const { deliveries } = await world.control(part, 'deliveries');
    return deliveries.some((one) => one.about === about && one.accepted);
  }, { every_ms: 2, what: `${about} to be acknowledged` });

rows.row(killed, 'as soon as it acknowledged an IPN',
  'what an acknowledged notification said is there after a kill',
  async (world, tell) => {
    const id = await world.started(simple_eur);
    await world.order_fault('simplepay', 'query', 'no-answer', { times: -1 });
    await world.act(id, 'pay');
    await acknowledged('simplepay', `TR${id}`);
    await kill(world);
    await world.clear_faults('simplepay');
    await start_again(world);
    const { events } = await world.transaction(id);
    assert.ok(events.some(({ kind, source }) => kind === 'claimed' && source === 'ipn'));
    tell.heard('200');
    tell.status('pending', (await world.in_status(id, 'paid')).status);
    tell.resolves('by itself: the claim was durable, and SimplePay is asked');
  });

rows.row(killed, 'as soon as it acknowledged an event of Stripe',
  'what an acknowledged event said is there after a kill',
  async (world, tell) => {
    const id = await world.started(stripe_eur);
    await world.order_fault('stripe', 'charge.succeeded', 'never');
    await world.pay_by_card(id);
    const { deliveries } = await world.control('stripe', 'deliveries');
    await acknowledged('stripe', deliveries.at(-1).about);
    await kill(world);
    await start_again(world);
    assert.equal(await world.status(id), 'paid');
    tell.heard('200');
    tell.status('paid');
    tell.resolves('nothing is lost');
  });

rows.row(killed, 'while SimplePay has the start and has not answered',
  'a start that a kill cut short is found again, and the next one can be paid',
  async (world, tell) => {
    const ticket = await world.ticket();
    const known = (await world.payments('simplepay')).length;
    await world.order_fault('simplepay', 'start', 'late', { delay_ms: 6000 });
    const body = { ticket_id: ticket, code: simple_eur, metas: {} };
    const cut = assert.rejects(world.call('startPayment', { body }));
    const made = await eventually(async () => (await world.payments('simplepay'))[known]);
    await kill(world);
    await cut;
    await start_again(world);
    const id = Number(made.order_ref.slice(2));
    tell.heard('nothing');
    assert.equal(await world.status(id), 'created');
    const busy = await world.start(ticket, simple_eur);
    assert_problem(busy, 409, 'payment-in-progress');
    tell.status('created', (await world.in_status(id, 'pending')).status);
    await world.pay(await world.started(simple_eur, ticket));
    assert.equal(await world.status(id), 'cancelled');
    tell.status('cancelled');
    tell.resolves('by itself: SimplePay is asked about it; the next start closes it');
  });

rows.row(killed, 'while Stripe has the start and has not answered',
  'a start by Stripe that a kill cut short goes on with the same PaymentIntent',
  async (world, tell) => {
    const ticket = await world.ticket();
    const known = (await world.payments('stripe')).length;
    await world.order_fault('stripe', 'payment_intent.created', 'never');
    await world.order_fault('stripe', 'create', 'late', { delay_ms: 6000 });
    const body = { ticket_id: ticket, code: stripe_eur, metas: {} };
    const cut = assert.rejects(world.call('startPayment', { body }));
    const made = await eventually(async () => (await world.payments('stripe'))[known]);
    await kill(world);
    await cut;
    await start_again(world);
    const id = Number(made.metadata.transaction_id);
    tell.heard('nothing');
    tell.status(await world.status(id), (await world.in_status(id, 'pending')).status);
    const again = assert_ok(await world.start(ticket, stripe_eur));
    assert.deepEqual([again.transaction_id, again.client_secret], [id, made.client_secret]);
    assert.equal((await world.stripe_payments(id)).length, 1);
    tell.status((await world.pay(id)).status);
    tell.resolves('by itself: the same key finds it; the next start hands it out');
  });

// A start that no provider will ever hear of; gives its attempt's id after the kill.
async function kill_before(part, operation, ticket, code) {
  const asked = (await world.log(part, operation)).length;
  await world.order_fault(part, operation, 'no-answer');
  const cut = assert.rejects(world.call('startPayment', { body: start_of(ticket, code) }));
  await eventually(async () => (await world.log(part, operation)).length > asked);
  await kill(world);
  await cut;
  await start_again(world);
  return newest(ticket);
}

rows.row(killed, 'when the attempt is on record and Stripe has not heard of it',
  'a start by Stripe that a kill kept from it goes on by itself under the same key',
  async (world, tell) => {
    const ticket = await world.ticket();
    const id = await kill_before('stripe', 'create', ticket, stripe_eur);
    tell.heard('nothing');
    tell.status(await world.status(id), (await world.in_status(id, 'pending')).status);
    const again = assert_ok(await world.start(ticket, stripe_eur));
    assert.equal(again.transaction_id, id);
    tell.status((await world.pay(id)).status);
    tell.resolves('by itself: it is asked for with the same key; the next start hands it out');
  });

// The answer has come, and its record waits for the database, which someone else holds.
async function kill_before_the_record(part, operation, ticket, code) {
  const known = (await world.payments(part)).length;
  const asked = (await world.log(part, operation)).length;
  await world.order_fault(part, operation, 'late', { delay_ms: 1500 });
  const cut = assert.rejects(world.call('startPayment', { body: start_of(ticket, code) }));
  await eventually(async () => (await world.payments(part)).length > known);
  const release = await world.platform.database.hold();
  try {
    await eventually(async () => (await world.log(part, operation)).length > asked);
    await pause(100);
    await kill(world);
  } finally {
    await release();
  }
  await cut;
  await start_again(world);
  return newest(ticket);
}

rows.row(killed, 'when SimplePay has answered the start and that is not on record',
  'a start whose answer of SimplePay was lost in a kill is found again by itself',
  async (world, tell) => {
    const ticket = await world.ticket();
    const id = await kill_before_the_record('simplepay', 'start', ticket, simple_eur);
    tell.heard('nothing');
    tell.status(await world.status(id), (await world.in_status(id, 'pending')).status);
    await world.act(id, 'pay');
    tell.status((await world.in_status(id, 'paid')).status);
    tell.resolves('by itself: SimplePay is asked about it; what is paid there counts');
  });

rows.row(killed, 'when Stripe has answered the start and that is not on record',
  'a start whose answer of Stripe was lost in a kill is found again by itself',
  async (world, tell) => {
    await world.order_fault('stripe', 'payment_intent.created', 'never');
    const ticket = await world.ticket();
    const id = await kill_before_the_record('stripe', 'create', ticket, stripe_eur);
    tell.heard('nothing');
    tell.status(await world.status(id), (await world.in_status(id, 'pending')).status);
    const again = assert_ok(await world.start(ticket, stripe_eur));
    assert.equal(again.transaction_id, id);
    assert.equal((await world.stripe_payments(id)).length, 1);
    tell.status((await world.pay(id)).status);
    tell.resolves('by itself: the same key finds it; the next start hands it out');
  });

rows.row(killed, 'when the attempt is on record and SimplePay has not heard of it',
  'a start that a kill kept from SimplePay blocks its fee until the deadline, and no longer',
  async (world, tell) => {
    const ticket = await world.ticket();
    const id = await kill_before('simplepay', 'start', ticket, simple_eur);
    tell.heard('nothing');
    tell.status(await world.status(id));
    await eventually(async () => (await world.log('simplepay', 'query')).some(
      ({ body }) => body.includes(`"TR${id}"`)));
    assert_problem(await world.start(ticket, simple_eur), 409, 'payment-in-progress');
    const ahead = in_the_future(45);
    await world.platform.restart(ahead);
    tell.status((await world.in_status(id, 'expired')).status);
    for (const name of Object.keys(ahead)) ahead[name] = undefined;
    await world.platform.restart(ahead);
    await world.started(simple_eur, ticket);
    tell.resolves('by itself: SimplePay does not know it after its deadline; the next start works');
  });

rows.close();
