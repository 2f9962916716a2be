// The service itself is killed, stopped, or set up wrongly: what it acknowledged is there again.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { assert_ok, assert_problem } from '../api/client.mjs';
import { eventually, free_port, start_payments } from '../support/harness.mjs';
import { Rows } from './rows.mjs';
import { simple_eur, stripe_eur, World } from './world.mjs';

let world;
before(async () => { world = await World.open(); });
after(() => world?.close());

const process_itself = 'the service itself';
const rows = new Rows(() => world, [process_itself]);

async function kill(world) {
  const { signal } = await world.platform.payments.program.stop('SIGKILL');
  assert.equal(signal, 'SIGKILL');
}

async function start_again(world) {
  const { settings, url } = world.platform;
  world.platform.payments = await start_payments({ settings, url });
}

const acknowledged = (part, about) =>
  eventually(async () => {
    const { deliveries } = await world.control(part, 'deliveries');
    return deliveries.some((one) => one.about === about && one.accepted);
  }, { every_ms: 2, what: `${about} to be acknowledged` });

rows.row(process_itself, 'killed as soon as it acknowledged an IPN',
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

rows.row(process_itself, 'killed as soon as it acknowledged an event of Stripe',
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

rows.row(process_itself, 'killed while SimplePay has the start and has not answered',
  'a start that a kill cut short is found again, and the next one can be paid',
  async (world, tell) => {
    const ticket = await world.ticket();
    const known = (await world.payments('simplepay')).length;
    await world.order_fault('simplepay', 'start', 'late', { delay_ms: 900 });
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

rows.row(process_itself, 'killed while Stripe has the start and has not answered',
  'a start by Stripe that a kill cut short goes on with the same PaymentIntent',
  async (world, tell) => {
    const ticket = await world.ticket();
    const known = (await world.payments('stripe')).length;
    await world.order_fault('stripe', 'payment_intent.created', 'never');
    await world.order_fault('stripe', 'create', 'late', { delay_ms: 900 });
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

rows.row(process_itself, 'told to stop (SIGTERM) while a start runs',
  'a start that runs when the service is told to stop is answered, and the service exits with 0',
  async (world, tell) => {
    const ticket = await world.ticket();
    const known = (await world.payments('simplepay')).length;
    await world.order_fault('simplepay', 'start', 'late', { delay_ms: 700 });
    const body = { ticket_id: ticket, code: simple_eur, metas: {} };
    const running = world.call('startPayment', { body });
    await eventually(async () => (await world.payments('simplepay')).length > known);
    const { code } = await world.platform.payments.program.stop('SIGTERM');
    assert.equal(code, 0);
    const reply = await running;
    tell.heard(reply);
    const { transaction_id: id } = assert_ok(reply);
    await start_again(world);
    tell.status(await world.status(id), (await world.pay(id)).status);
    tell.resolves('nothing is wrong');
  });

rows.row(process_itself, 'stopped while the payer pays',
  'a notification that found nobody home is repeated until the service is back',
  async (world, tell) => {
    const id = await world.started(simple_eur);
    await world.platform.payments.stop();
    await world.act(id, 'pay');
    const [lost] = await world.delivered('simplepay', `TR${id}`);
    assert.equal(lost.label, 'NO_CONNECTION');
    await start_again(world);
    tell.heard('nothing');
    tell.status(await world.status(id));
    await world.control('simplepay', 'clock', { advance_s: 301 });
    tell.status((await world.in_status(id, 'paid')).status);
    tell.resolves('SimplePay repeats its notification after five minutes');
  });

rows.row(process_itself, 'it runs with a wrong secret of the account, until that is put right',
  'a notification refused for a wrong secret of ours is taken when SimplePay repeats it',
  async (world, tell) => {
    const id = await world.started(simple_eur);
    const right = world.platform.settings.PAYMENTS_SIMPLEPAY_EUR_SECRET;
    await world.platform.restart({ PAYMENTS_SIMPLEPAY_EUR_SECRET: 'not-the-right-secret' });
    await world.act(id, 'pay');
    const [refused] = await world.delivered('simplepay', `TR${id}`);
    assert.equal(refused.label, 'NOT200');
    tell.heard(`${(await world.log('simplepay', 'ipn')).at(-1).status} invalid-signature`);
    const reply = await world.start(await world.ticket(), simple_eur);
    assert_problem(reply, 502, 'provider-refused');
    await world.platform.restart({ PAYMENTS_SIMPLEPAY_EUR_SECRET: right });
    tell.status(await world.status(id));
    await world.control('simplepay', 'clock', { advance_s: 301 });
    tell.status((await world.in_status(id, 'paid')).status);
    tell.resolves('SimplePay repeats its notification after five minutes');
  });

for (const [name, code, setting, path] of [
  ['SimplePay', simple_eur, 'PAYMENTS_SIMPLEPAY_URL', '/payment/v2'],
  ['Stripe', stripe_eur, 'PAYMENTS_STRIPE_URL', ''],
]) {
  rows.row(process_itself, `${name} cannot be reached at all`,
    `a start while nobody listens at ${name} is 503 and failed, and the next one can be paid`,
    async (world, tell) => {
      const ticket = await world.ticket();
      const right = world.platform.settings[setting];
      const nobody = `http://127.0.0.1:${await free_port()}${path}`;
      await world.platform.restart({ [setting]: nobody });
      const reply = await world.start(ticket, code);
      assert_problem(reply, 503, 'provider-unavailable');
      tell.heard(reply);
      tell.status(await world.status(reply.json.transaction_id));
      assert.equal(await world.status(reply.json.transaction_id), 'failed');
      await world.platform.restart({ [setting]: right });
      await world.pay(await world.started(code, ticket));
      tell.resolves('nothing was sent, so nothing can be open; the next start works');
    });
}

rows.close();
