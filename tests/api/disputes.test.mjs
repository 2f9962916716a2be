// What Stripe reports by itself: refunds and disputes of amounts that nobody asked for, disputes
// that go both ways, warnings, declined cards.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../fixtures/harness.mjs';
import { assert_ok, assert_problem } from './client.mjs';
import { billing, open_world, scope, search } from './world.mjs';

const code = 'FULL-FEE-HUF-STRIPE-INTENTS';
const template = {
  id: 8, title: 'Festival ticket 2027', year: 2027, event: 'OZORA',
  payment_options: [{ code, amount: 88001 }],
};

let world;
before(async () => (world = await open_world()));
after(() => world?.close());

async function control(what, body) {
  const reply = await fetch(`${world.sandbox.stripe}/control/${what}`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  });
  assert.equal(reply.status, 200, await reply.clone().text());
  return reply.json();
}

async function transaction(id) {
  const token = world.service_token(search);
  const { transactions } = assert_ok(
    await world.call('searchTransactions', { body: { search_term: id }, token }),
  );
  return transactions[0];
}

const until = (id, is_so, what) =>
  eventually(async () => is_so(await transaction(id)), { within_ms: 20_000, what });
const in_status = (id, status) =>
  until(id, (now) => now.status === status, `transaction ${id} to be ${status}`);
const kinds = async (id) => (await transaction(id)).events.map(({ kind }) => kind);

const start = (ticket_id) =>
  world.call('startPayment', { body: { ticket_id, code, metas: billing } });

async function started() {
  const ticket_id = world.tickets.add({ template });
  const { client_secret, transaction_id: id } = assert_ok(await start(ticket_id));
  return { ticket_id, id, payment_intent: client_secret.replace(/_secret_.*$/, '') };
}

async function paid() {
  const payment = await started();
  await control('pay', { payment_intent: payment.payment_intent });
  await in_status(payment.id, 'paid');
  return payment;
}

async function reviews(id) {
  const list = assert_ok(
    await world.call('listReviews', { token: world.user_token({ ...search, ...scope }) }),
  ).reviews;
  return list.filter(({ transaction: about }) => about?.id === id);
}

const refund = (transaction_id) =>
  world.call('refundPayment', {
    body: { transaction_id }, token: world.user_token({ payments_refund: 'true', ...scope }),
  });

describe('refunds made in Stripe’s dashboard', () => {
  it('are kept to the hundredth of a forint, and free the fee', async () => {
    const { ticket_id, id, payment_intent } = await paid();
    await control('refund', { payment_intent, amount: 4_400_050 });
    await until(id, (now) => now.amount_refunded === 44000.5, 'the first half to be known');
    assert.equal((await transaction(id)).status, 'partially_refunded');
    await control('refund', { payment_intent, amount: 4_400_050 });
    await in_status(id, 'refunded');
    assert.equal((await transaction(id)).amount_refunded, 88001);
    assert.deepEqual(await reviews(id), []);
    assert_ok(await start(ticket_id));
  });

  it('leave a rest that we give back exactly', async () => {
    const { id, payment_intent } = await paid();
    await control('refund', { payment_intent, amount: 4_400_050 });
    await until(id, (now) => now.amount_refunded === 44000.5, 'the refund to be known');
    const rest = assert_ok(await refund(id));
    assert.deepEqual(
      [rest.amount, rest.amount_refunded, rest.status, rest.refund_status],
      [44000.5, 88001, 'refunded', 'made'],
    );
  });

  it('that are on their way say so', async () => {
    const { id } = await paid();
    await control('settings', { refunds_pending: true });
    try {
      const reply = assert_ok(await refund(id));
      assert.deepEqual([reply.refund_status, reply.status], ['pending', 'refunded']);
    } finally {
      await control('settings', { refunds_pending: false });
    }
    const { events } = await transaction(id);
    assert.match(events.find(({ kind }) => kind === 'refund_pending').detail, /pending/);
  });
});

describe('a dispute', () => {
  it('of more than was paid is recorded, and can be lost, won and lost again', async () => {
    const { id, payment_intent } = await paid();
    await control('dispute', { payment_intent, amount: 8_812_345 });
    await in_status(id, 'disputed');
    const [review] = await reviews(id);
    assert.equal(review.kind, 'dispute');
    assert.match(review.reason, /88123\.45 HUF, fraudulent, to be answered by 20/);
    assert_problem(await refund(id), 409, 'not-refundable');

    for (const [status, means] of [
      ['lost', 'disputed'], ['won', 'paid'], ['appeal_under_review', 'disputed'],
      ['lost', 'disputed'], ['won', 'paid'],
    ]) {
      // Of one second the worst word counts: here each has its own.
      await control('clock', { advance_s: 2 });
      const seen = (await kinds(id)).length;
      await control('dispute', { payment_intent, status });
      await until(id, (now) => now.events.length > seen, `to hear of ${status}`);
      await in_status(id, means);
    }
    assert.deepEqual(await reviews(id), []);
    const told = await kinds(id);
    for (const kind of ['dispute_withdrawn', 'dispute_fee', 'dispute_reinstated']) {
      assert.ok(told.includes(kind), kind);
    }
  });

  it('that was prevented has the money that was withdrawn', async () => {
    const { id, payment_intent } = await paid();
    await control('dispute', { payment_intent, status: 'prevented' });
    await in_status(id, 'disputed');
    assert.deepEqual(await reviews(id), []);
  });

  it('in a word that nobody knows is listed', async () => {
    const { id, payment_intent } = await paid();
    await control('dispute', { payment_intent, status: 'reconsidered' });
    await in_status(id, 'disputed');
    const [review] = await reviews(id);
    assert.match(review.reason, /'reconsidered'/);
  });
});

describe('what has a deadline or should be seen', () => {
  it('is listed: an inquiry of the bank', async () => {
    const { id, payment_intent } = await paid();
    await control('dispute', { payment_intent, status: 'warning_needs_response' });
    await until(id, ({ events }) => events.some(({ kind }) => kind === 'inquiry'), 'the inquiry');
    const [review] = await reviews(id);
    assert.equal(review.kind, 'inquiry');
    assert.match(review.reason, /to be answered by 20/);
    assert.equal((await transaction(id)).status, 'paid');
  });

  it('is listed: a warning of fraud, until the money is back', async () => {
    const { id, payment_intent } = await paid();
    await control('fraud-warning', { payment_intent });
    await until(
      id, ({ events }) => events.some(({ kind }) => kind === 'fraud_warning'), 'the warning',
    );
    assert.match((await reviews(id))[0].reason, /made_with_stolen_card/);
    assert_ok(await refund(id));
    assert.deepEqual(await reviews(id), []);
  });
});

describe('declined cards', () => {
  it('are an event each', async () => {
    const { id, payment_intent } = await started();
    for (let tried = 0; tried < 5; ++tried) {
      await control('pay', { payment_intent, card: '4000000000000002' });
    }
    const declines = async () =>
      (await kinds(id)).filter((kind) => kind === 'attempt_failed').length;
    await eventually(async () => (await declines()) === 5, {
      within_ms: 20_000, what: 'five declines to be known',
    });
    assert.equal((await transaction(id)).status, 'pending');
  });
});
