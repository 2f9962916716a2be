// Nothing is told, or nobody is there to hear it: what happened is learned from the providers.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { start_payments } from '../fixtures/harness.mjs';
import { Rows } from './rows.mjs';
import { simple_eur, stripe_eur, World } from './world.mjs';

let world;
before(async () => { world = await World.open(); });
after(() => world?.close());

const unheard = 'what nobody was told';
const rows = new Rows(() => world, [unheard]);

async function start_again(world) {
  const { settings, url } = world.platform;
  world.platform.payments = await start_payments({ settings, url });
}

// Runs `act` while neither provider sends anything.
async function in_silence(world, act) {
  await world.order_fault('simplepay', 'ipn', 'never', { times: -1 });
  await world.order_fault('stripe', 'webhook', 'never', { times: -1 });
  try {
    return await act();
  } finally {
    await world.clear_faults('simplepay');
    await world.clear_faults('stripe');
  }
}

const paid = async (code) => {
  const id = await world.started(code);
  await world.pay(id);
  return id;
};

async function refund_at_stripe(id, amount) {
  const [intent] = await world.stripe_payments(id);
  return world.control('stripe', 'refund', { payment_intent: intent.id, amount });
}

rows.row(unheard, 'Stripe: paid while the service is stopped, and the webhook is never sent again',
  'what Stripe could not tell a stopped service is learned from the list of events',
  async (world, tell) => {
    const [open, refunded] = [await world.started(stripe_eur), await paid(stripe_eur)];
    await world.platform.payments.stop();
    await in_silence(world, async () => {
      await world.pay_by_card(open);
      await refund_at_stripe(refunded, 5000);
    });
    await start_again(world);
    tell.heard('nothing');
    tell.status('pending', (await world.in_status(open, 'paid')).status);
    const { events } = await world.in_status(refunded, 'partially_refunded');
    assert.ok(events.some(({ kind, source }) => kind === 'refunded' && source === 'webhook'));
    tell.resolves('by itself: the list of events is read at the start and every five minutes');
  });

rows.row(unheard, 'both: paid while the service is stopped, and then `reconcile` is run',
  'reconcile finds payments of which all notices were lost, while the service is stopped',
  async (world, tell) => {
    const ids = [await world.started(simple_eur), await world.started(stripe_eur)];
    await world.platform.payments.stop();
    await in_silence(world, async () => {
      await world.act(ids[0], 'pay');
      await world.pay_by_card(ids[1]);
    });
    await world.settled_at_simplepay(ids[0]);
    const { code, output } = await world.command('reconcile');
    assert.equal(code, 0, output);
    for (const id of ids) assert.match(output, new RegExp(`^TR${id} pending -> paid$`, 'm'));
    assert.match(output, /^asked about \d+, answered (\d+), changed 2, silent 0$/m);
    const again = await world.command('reconcile');
    assert.match(again.output, /changed 0, silent 0$/m);
    await start_again(world);
    tell.heard('nothing');
    for (const id of ids) assert.equal(await world.status(id), 'paid');
    tell.status('pending', 'paid');
    tell.resolves('the command asks about everything that is open');
  });

rows.row(unheard, 'both: given back by hand at the provider, and no notice is sent',
  'reconcile --since finds refunds made by hand, while the service runs',
  async (world, tell) => {
    const since = new Date(Date.now() - 1000).toISOString();
    const ids = [await paid(simple_eur), await paid(stripe_eur)];
    await in_silence(world, async () => {
      await world.control('simplepay', 'refund', { order_ref: `TR${ids[0]}` });
      await refund_at_stripe(ids[1], 5000);
    });
    const open_only = await world.command('reconcile');
    assert.equal(open_only.code, 0, open_only.output);
    assert.equal(await world.status(ids[0]), 'paid');
    const { code, output } = await world.command('reconcile', '--since', since);
    assert.equal(code, 0, output);
    assert.match(output, new RegExp(`^TR${ids[0]} paid -> refunded$`, 'm'));
    assert.match(output, new RegExp(`^TR${ids[1]} paid -> partially_refunded$`, 'm'));
    assert.match(output, /^[1-9]\d* events of Stripe read: [1-9]\d* about transactions of ours$/m);
    tell.heard('nothing');
    tell.status('paid', (await world.transaction(ids[0])).status);
    tell.resolves('`reconcile --since` asks about final ones, too');
  });

rows.row(unheard, 'SimplePay is silent when `reconcile` asks',
  'reconcile names those about which a provider was silent, and exits with 1',
  async (world, tell) => {
    const id = await world.started(simple_eur);
    await world.order_fault('simplepay', 'query', 'no-answer', { times: -1 });
    const one = await world.command('reconcile', '--transaction', `TR${id}`);
    await world.clear_faults('simplepay');
    assert.equal(one.code, 1, one.output);
    assert.match(one.output, new RegExp(`^no answer about TR${id}$`, 'm'));
    assert.match(one.output, /^asked about 1, answered 0, changed 0, silent 1$/m);
    tell.heard('nothing');
    tell.status(await world.status(id));
    const answered = await world.command('reconcile', '--transaction', String(id));
    assert.equal(answered.code, 0, answered.output);
    await world.pay(id);
    tell.resolves('nothing is concluded; the command exits with 1');
  });

rows.row(unheard, 'Stripe is silent when the list of events is asked for',
  'a list of events that could not be read to its end is an exit with 1',
  async (world, tell) => {
    const id = await paid(stripe_eur);
    await world.order_fault('stripe', 'list-events', '500', { times: -1 });
    const { code, output } = await world.command('reconcile', '--since', '2026-01-01');
    await world.clear_faults('stripe');
    assert.equal(code, 1, output);
    assert.match(output, /^0 events of Stripe read, then Stripe was silent/m);
    tell.heard('nothing');
    tell.status(await world.status(id));
    tell.resolves('the providers are asked all the same; the command exits with 1');
  });

test('reconcile says what is wrong with its options, and exits with 2', async () => {
  for (const [args, says] of [
    [['--transaction', '777777'], /there is no transaction 777777/],
    [['--transaction', 'seven'], /--transaction must be a number/],
    [['--since', 'yesterday'], /--since must be a date/],
    [['--since', '2026-01-01', '--transaction', '1'], /excludes/],
  ]) {
    const { code, output } = await world.command('reconcile', ...args);
    assert.equal(code, 2, output);
    assert.match(output, says);
  }
});

rows.close();
