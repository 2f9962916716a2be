// Giving money back over HTTP, by both providers.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { eventually, payments_program } from '../fixtures/harness.mjs';
import { assert_ok, assert_problem } from './client.mjs';
import {
  act_on_simplepay, billing, open_world, pay_at_stripe, scope, search, simple_eur, stripe_huf,
} from './world.mjs';

let world;
before(async () => (world = await open_world()));
after(() => world?.close());

const staff = () => world.user_token({ payments_refund: 'true', ...scope });
const refund = (body, { headers, token = staff() } = {}) =>
  world.call('refundPayment', { body, headers, token });

async function transaction(id) {
  const token = world.service_token(search);
  const { transactions } = assert_ok(
    await world.call('searchTransactions', { body: { search_term: id }, token }),
  );
  return transactions[0];
}

const paid = (id) =>
  eventually(async () => (await transaction(id)).status === 'paid', {
    within_ms: 20_000, what: `transaction ${id} to be paid`,
  });

async function start(code) {
  const body = { ticket_id: world.tickets.add(), code, metas: billing };
  return assert_ok(await world.call('startPayment', { body }));
}

async function paid_by_simplepay() {
  const { redirect_url, transaction_id } = await start(simple_eur);
  await act_on_simplepay(redirect_url, 'pay');
  await paid(transaction_id);
  return transaction_id;
}

async function paid_by_stripe() {
  const { client_secret, transaction_id } = await start(stripe_huf);
  await pay_at_stripe(world.sandbox, client_secret);
  await paid(transaction_id);
  return transaction_id;
}

describe('refundPayment', () => {
  for (const [provider, pay, amount, currency] of [
    ['SimplePay', paid_by_simplepay, 220, 'EUR'],
    ['Stripe', paid_by_stripe, 88000, 'HUF'],
  ]) {
    it(`gives back what ${provider} took, in part and then the rest`, async () => {
      const id = await pay();
      const part = assert_ok(await refund({ transaction_id: id, amount: 100, reason: 'one day' }));
      assert.ok(part.provider_refund_id);
      assert.deepEqual({ ...part, provider_refund_id: '' }, {
        refund_id: `TR${id}-R1`, transaction_id: id, amount: 100, currency,
        provider_refund_id: '', refund_status: 'made', amount_refunded: 100,
        status: 'partially_refunded',
      });
      assert_problem(await refund({ transaction_id: id, amount }), 422, 'refund-too-large');
      const rest = assert_ok(await refund({ transaction_id: id }));
      assert.deepEqual(
        [rest.amount, rest.amount_refunded, rest.status], [amount - 100, amount, 'refunded'],
      );
      assert_problem(await refund({ transaction_id: id }), 409, 'not-refundable');
      const { events, amount_refunded } = await transaction(id);
      assert.equal(amount_refunded, amount);
      const asked = events.filter(({ kind }) => kind === 'refund_requested');
      assert.equal(asked.length, 2);
      assert.equal(asked[0].source, 'staff');
      assert.match(asked[0].detail, /one day/);
    });
  }

  it('under one key is made once', async () => {
    const id = await paid_by_stripe();
    const headers = { 'Idempotency-Key': randomUUID() };
    const first = await refund({ transaction_id: id, amount: 500 }, { headers });
    const again = await refund({ transaction_id: id, amount: 500 }, { headers });
    assert.equal(again.text, first.text);
    assert.equal(again.headers['idempotent-replayed'], 'true');
    assert.equal((await transaction(id)).amount_refunded, 500);
    assert_problem(await refund({ transaction_id: id }, { headers }), 422, 'key-reused');
  });

  it('twenty times at once gives back no more than there is', async () => {
    const id = await paid_by_simplepay();
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => refund({ transaction_id: id, amount: 50 })),
    );
    assert.equal(replies.filter(({ status }) => status === 200).length, 4);
    assert.equal((await transaction(id)).amount_refunded, 200);
  });

  it('needs the privilege, in a user token', async () => {
    const body = { transaction_id: 1 };
    assert_problem(await refund(body, { token: null }), 401, 'unauthorized');
    const service = world.service_token({ payments_refund: 'true' });
    assert_problem(await refund(body, { token: service }), 401, 'unauthorized');
    const reader = world.user_token(search);
    assert_problem(await refund(body, { token: reader }), 403, 'forbidden');
  });

  it('of a ticket outside the scope is of a transaction that is not known', async () => {
    const { transaction_id } = await start(simple_eur);
    const abroad = { payments_refund: 'true', ...scope, tickets_get_flags: 'INT' };
    const token = world.user_token(abroad);
    const outside = await refund({ transaction_id }, { token });
    assert_problem(outside, 404, 'unknown-transaction');
    const none = await refund({ transaction_id: 987654 });
    assert.equal(outside.json.detail.replace(transaction_id, 987654), none.json.detail);
  });

  it('names what is wrong', async () => {
    assert_problem(await refund({ transaction_id: 987654 }), 404, 'unknown-transaction');
    const { transaction_id } = await start(simple_eur);
    assert_problem(await refund({ transaction_id }), 409, 'not-refundable');
  });
});

describe('ozora-payments refund', () => {
  const run = (...options) => {
    const { settings } = world.platform;
    const { status, stdout, stderr } = spawnSync(payments_program, ['refund', ...options], {
      env: { ...process.env, ...settings }, encoding: 'utf8',
    });
    return { status, out: stdout, err: stderr };
  };

  it('gives back while the service runs, and says what it did', async () => {
    const id = await paid_by_simplepay();
    const options = ['--transaction', `TR${id}`, '--amount', '20.5', '--by', 'kata', '--key', 'k1'];
    const first = run(...options);
    assert.equal(first.status, 0, first.err);
    assert.equal(
      first.out,
      `TR${id}-R1: 20.5 EUR given back; TR${id} is partially_refunded, 20.5 of 220 in all\n`,
    );
    assert.equal(run(...options).out, first.out);
    assert.equal((await transaction(id)).amount_refunded, 20.5);
    const { events } = await transaction(id);
    assert.match(events.find(({ kind }) => kind === 'refund_requested').detail, /by kata/);
  });

  it('says what cannot be', async () => {
    const id = await paid_by_stripe();
    const too_much = run('--transaction', `${id}`, '--amount', '88001');
    assert.equal(too_much.status, 1);
    assert.match(too_much.err, /88000 HUF is left/);
    const wrong = run('--transaction', `${id}`, '--amount', '1.5');
    assert.equal(wrong.status, 2);
    assert.match(wrong.err, /amount/);
    assert.equal(run('--transaction', 'x').status, 2);
    assert.equal(run().status, 2);
    assert.equal((await transaction(id)).amount_refunded, 0);
  });
});
