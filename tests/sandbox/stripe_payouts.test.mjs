// What Stripe's own Node library reads of the stand-in's payouts and balance.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import Stripe from 'stripe';
import { make_keys, start_sandbox, stripe_keys } from '../../scripts/platform.mjs';

let directory, sandbox, sdk;

const client = (key) => {
  const { hostname, port } = new URL(sandbox.stripe);
  return new Stripe(key, {
    host: hostname, port, protocol: 'http', maxNetworkRetries: 0, telemetry: false,
  });
};

async function control(path, body) {
  const reply = await fetch(`${sandbox.stripe}/control/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  assert.equal(reply.status, 200, await reply.text());
}
const wait_days = (days) => control('clock', { advance_s: days * 86_400 });

async function pay(amount, currency = 'huf') {
  const { id } = await sdk.paymentIntents.create({
    amount, currency, automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    metadata: { transaction_id: '7' },
  });
  return sdk.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' });
}

const all = (list) => list.autoPagingToArray({ limit: 1_000 });

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ozora-payments-'));
  const keys = await make_keys(join(directory, 'keys'));
  const args = ['--speed', '0'];
  sandbox = await start_sandbox({ keys, payments_url: 'http://127.0.0.1:1', args });
  await control('settings', { webhook_url: '' });
  await control('clock', { now: '2026-07-06T10:00:00Z' });  // a Monday
  sdk = client(stripe_keys.secret);
});
after(async () => {
  await sandbox?.stop();
  await rm(directory, { recursive: true, force: true });
});

describe('the Node library', () => {
  test('reads payouts and what is in them, page by page', async () => {
    const paid = [];
    for (let i = 0; i < 5; ++i) paid.push(await pay(1_749_000 + i));
    await pay(22_000, 'eur');
    await sdk.refunds.create({ payment_intent: paid[0].id, amount: 100_000 });
    await wait_days(6);

    const payouts = await all(sdk.payouts.list({ limit: 1, status: 'paid' }));
    assert.deepEqual(payouts.map(({ currency }) => currency).sort(), ['eur', 'huf']);
    const { id, amount, ...payout } = payouts.find(({ currency }) => currency === 'huf');
    assert.equal(payout.reconciliation_status, 'completed');
    assert.equal(payout.trace_id.status, 'supported');
    assert.equal(amount % 100, 0);

    const lines = await all(
      sdk.balanceTransactions.list({ payout: id, limit: 2, expand: ['data.source'] }),
    );
    const own = lines.filter(({ type }) => type === 'payout');
    assert.deepEqual(own.map(({ net }) => net), [-amount]);
    const others = lines.filter(({ type }) => type !== 'payout');
    assert.equal(others.length, 6);
    const left = others.reduce((sum, { net }) => sum + net, 0) - amount;
    assert.ok(left >= 0 && left < 100, String(left));
    const charges = others.filter(({ type }) => type === 'charge');
    assert.deepEqual(
      charges.map(({ source }) => source.payment_intent).sort(), paid.map((one) => one.id).sort(),
    );
    assert.ok(charges.every(({ source }) => source.metadata.transaction_id === '7'));
    const [refund] = others.filter(({ reporting_category: is }) => is === 'refund');
    assert.equal(refund.source.object, 'refund');
    assert.equal(refund.net, -100_000);

    const one = await sdk.payouts.retrieve(id, { expand: ['balance_transaction'] });
    assert.equal(one.balance_transaction.net, -amount);
    const again = await sdk.balanceTransactions.retrieve(refund.id);
    assert.equal(again.source, refund.source.id);
  });

  test('hears what cannot be asked', async () => {
    const refused = { type: 'StripeInvalidRequestError', statusCode: 400 };
    await assert.rejects(sdk.payouts.list({ limit: 101 }), { ...refused, param: 'limit' });
    await assert.rejects(
      sdk.balanceTransactions.list({ colour: 'red' }), { ...refused, code: 'parameter_unknown' },
    );
    await assert.rejects(sdk.balanceTransactions.list({ expand: ['data.colour'] }), refused);
    await assert.rejects(
      sdk.balanceTransactions.list({ payout: 'po_1' }), { statusCode: 404 },
    );
    await assert.rejects(
      client('rk_test_ozora_sandbox').refunds.list(),
      { type: 'StripePermissionError', statusCode: 403 },
    );
  });

  test('reads the dispute behind a line, and the payout that failed', async () => {
    await control('fail-payout', { next: 'huf' });
    const paid = await pay(5_000_000);
    await pay(1_749_000);
    await wait_days(1);
    await control('dispute', { payment_intent: paid.id, status: 'needs_response' });
    await wait_days(5);
    const list = () => all(sdk.balanceTransactions.list({ limit: 100, expand: ['data.source'] }));
    const taken = (await list()).find(({ reporting_category: is }) => is === 'dispute');
    assert.equal(taken.source.object, 'dispute');
    assert.equal(taken.source.payment_intent, paid.id);
    assert.equal(taken.fee_details[0].description, 'Dispute fee');
    await control('dispute', { payment_intent: paid.id, status: 'won' });
    await wait_days(9);
    const [failed] = await all(sdk.payouts.list({ status: 'failed' }));
    const back = (await list()).find(({ reporting_category: is }) => is === 'payout_reversal');
    assert.equal(failed.failure_balance_transaction, back.id);
    assert.equal(back.source.id, failed.id);
    const created = { type: 'payout.failed' };
    const [event] = await all(sdk.events.list(created));
    assert.equal(event.data.object.id, failed.id);
  });
});
