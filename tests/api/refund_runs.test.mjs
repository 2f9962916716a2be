// The payments of a cancelled event go back together, over HTTP, while the service is killed.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually, start_payments } from '../fixtures/harness.mjs';
import { assert_ok, assert_problem } from './client.mjs';
import {
  act_on_simplepay, billing, open_world, pay_at_stripe, scope, search, simple_eur, stripe_huf,
} from './world.mjs';

// Short, for what is being asked for when the service is killed waits until its calls are over.
const settings = {
  PAYMENTS_REFUND_RUN_PACE: '6000',
  PAYMENTS_SIMPLEPAY_TIMEOUT_MS: '2000',
  PAYMENTS_STRIPE_TIMEOUT_MS: '2000',
};
let world;
before(async () => (world = await open_world({ settings })));
after(() => world?.close());

const token = (sub, where = scope) =>
  world.user_token({ payments_refund_bulk: 'true', ...where }, { sub });
const call = (operation, body, who = token('kata'), more = {}) =>
  world.call(operation, { body, token: who, ...more });
const get = async (run_id, more = {}) =>
  assert_ok(await call('getRefundRun', { run_id, ...more }));
const steer = (run_id, what, sub = 'bela') =>
  call('steerRefundRun', { run_id, do: what }, token(sub));

async function start(code, event) {
  const body = { ticket_id: world.tickets.add({ event }), code, metas: billing };
  return assert_ok(await world.call('startPayment', { body }));
}

async function pay_by_simplepay(event) {
  const { redirect_url } = await start(simple_eur, event);
  await act_on_simplepay(redirect_url, 'pay');
}

async function pay_by_stripe(event) {
  const { client_secret } = await start(stripe_huf, event);
  await pay_at_stripe(world.sandbox, client_secret);
}

// So many visitors at once.
async function pay_all(list) {
  const waiting = [...list];
  const one_after_the_other = async () => {
    for (let pay = waiting.pop(); pay; pay = waiting.pop()) await pay();
  };
  await Promise.all(Array.from({ length: 12 }, one_after_the_other));
}

const paid = (event, count) => {
  const body = { filter: { event }, give: { all: true } };
  return eventually(
    async () => assert_ok(await call('planRefunds', body)).count === count,
    { within_ms: 60_000, every_ms: 200, what: `${count} tickets of ${event} to be paid` },
  );
};

async function begin(choice, more = {}) {
  const plan = assert_ok(await call('planRefunds', choice));
  const order = {
    ...choice, digest: plan.digest, name: 'A day', reason: 'it was cancelled',
    typed_sums: plan.sums.map(({ processor, currency, amount }) => ({
      processor, currency, amount,
    })),
    ...more,
  };
  return { plan, order, reply: await call('startRefundRun', order) };
}

const in_state = (run_id, state) =>
  eventually(async () => (await get(run_id)).run.state === state, {
    within_ms: 60_000, every_ms: 100, what: `run ${run_id} to be ${state}`,
  });

const is_done = (run_id) => in_state(run_id, 'done');

describe('a refund run', () => {
  it('is planned, started, released by somebody else, and looked at', async () => {
    await pay_all([() => pay_by_simplepay('ONE'), () => pay_by_stripe('ONE')]);
    await paid('ONE', 2);
    const choice = { filter: { event: 'ONE', year: '2027' }, give: { percent: 50 } };
    const { plan, order, reply } = await begin(choice);
    assert.deepEqual(plan.sums, [
      { processor: 'SIMPLE', currency: 'EUR', count: 1, amount: 110 },
      { processor: 'STRIPE-INTENTS', currency: 'HUF', count: 1, amount: 44000 },
    ]);
    const { run_id, state } = assert_ok(reply);
    assert.equal(state, 'needs_release');
    assert.equal(assert_ok(await call('startRefundRun', order)).run_id, run_id);

    assert_problem(await steer(run_id, 'release', 'kata'), 403, 'second-person-needed');
    assert_ok(await steer(run_id, 'release'));
    await is_done(run_id);
    const { run, items, next } = await get(run_id);
    assert.deepEqual(run.given_back, plan.sums);
    assert.equal(next, null);
    for (const item of items) {
      assert.equal(item.state, 'done');
      assert.equal(item.refund_id, `${item.reference}-R1`);
    }
    const { runs } = assert_ok(await call('listRefundRuns', { limit: 1 }));
    assert.equal(runs[0].run_id, run_id);
    // As much was given back by now as the plan is for.
    const again = assert_ok(await call('planRefunds', choice));
    assert.deepEqual(again.left_out.map(({ reason, count }) => [reason, count]), [['refunded', 2]]);
    assert_problem(await call('startRefundRun', order), 409, 'plan-changed');
  });

  it('is refused where it is not what was read, or nobody may', async () => {
    await pay_by_simplepay('TWO');
    await paid('TWO', 1);
    const choice = { filter: { event: 'TWO' }, give: { all: true } };
    const typed_sums = [{ processor: 'SIMPLE', currency: 'EUR', amount: 219.99 }];
    assert_problem((await begin(choice, { typed_sums })).reply, 422, 'sums-differ');
    const digest = '0'.repeat(64);
    assert_problem((await begin(choice, { digest })).reply, 409, 'plan-changed');
    const { run_id } = assert_ok((await begin(choice)).reply);

    const elsewhere = token('ines', { ...scope, tickets_get_flags: 'INT' });
    for (const operation of ['getRefundRun', 'steerRefundRun'])
      assert_problem(
        await call(operation, { run_id, do: 'stop' }, elsewhere), 404, 'unknown-run',
      );
    assert.deepEqual(assert_ok(await call('listRefundRuns', {}, elsewhere)).runs, []);
    const clerk = world.user_token({ payments_refund: 'true', ...search, ...scope });
    assert_problem(await call('planRefunds', choice, clerk), 403, 'forbidden');
    assert_problem(await steer(run_id, 'again'), 409, 'run-not-steerable');
    const wrong = { request: 'breaks' };
    assert_problem(
      await call('planRefunds', { give: {} }, token('kata'), wrong), 400, 'invalid-request',
    );
    assert.equal(assert_ok(await steer(run_id, 'stop')).state, 'stopped');
  });

  it('gives each of 300 tickets back once, though the service is killed midway', async () => {
    const tickets = Array.from({ length: 300 }, (_, i) =>
      () => (i % 3 === 0 ? pay_by_stripe('OZORA') : pay_by_simplepay('OZORA')));
    await pay_all(tickets);
    await paid('OZORA', 300);
    // So that a second refund of the same would not be refused by anybody.
    const choice = { filter: { event: 'OZORA' }, give: { percent: 40 } };
    const { plan, reply } = await begin(choice);
    const { run_id } = assert_ok(reply);
    assert_ok(await steer(run_id, 'release'));
    await eventually(async () => (await get(run_id)).run.counts.done >= 60, {
      within_ms: 60_000, every_ms: 20, what: 'some to be given back',
    });
    const { signal } = await world.platform.payments.program.stop('SIGKILL');
    assert.equal(signal, 'SIGKILL');
    const { settings, url } = world.platform;
    world.platform.payments = await start_payments({ settings, url });
    assert.ok((await get(run_id)).run.counts.done < 300, 'it was killed on the way');
    const patience_ends = Date.now() + 45_000;

    // A service that dies between reserving a refund and asking SimplePay leaves one of which
    // nobody knows: it is looked for there, and counts as not made after 15 minutes
    // (docs/design.md, 3.9). Stripe is asked again under the same key.
    const { run } = await eventually(async () => {
      const read = await get(run_id);
      const { done, waiting, unknown } = read.run.counts;
      if (read.run.state !== 'done' && done + unknown === 300 && waiting === 0) {
        assert.ok(unknown <= 1, JSON.stringify(read.run));
        if (Date.now() > patience_ends) return read;
      }
      return read.run.state === 'done' && read;
    }, { within_ms: 90_000, every_ms: 100, what: `run ${run_id} to be done` });
    const looked_for = assert_ok(await call('getRefundRun', { run_id, state: 'unknown' })).items;
    const lost = looked_for.length;
    assert.deepEqual(looked_for.map(({ processor }) => processor), lost > 0 ? ['SIMPLE'] : []);
    assert.equal(run.counts.done, 300 - lost);
    if (lost === 0) assert.deepEqual(run.given_back, plan.sums);
    const books = async (part) =>
      (await fetch(`${world.sandbox[part]}/control/payments`)).json();
    const { refunds } = await books('stripe');
    assert.equal(refunds.filter(({ amount }) => amount === 3_520_000).length, 100);
    const at_simplepay = (await books('simplepay')).payments.filter(
      ({ refunds }) => refunds.some(({ total }) => Math.abs(Number(total)) === 88),
    );
    assert.equal(at_simplepay.length, 200 - lost);
    for (const payment of at_simplepay) assert.equal(payment.refunds.length, 1);
  });
});
