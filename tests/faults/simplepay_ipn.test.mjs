// SimplePay's notifications: twice, late, out of order, forged, or never.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { assert_ok } from '../api/client.mjs';
import { eventually } from '../fixtures/harness.mjs';
import { Rows } from './rows.mjs';
import { simple_eur, simple_huf, World } from './world.mjs';

let world;
before(async () => { world = await World.open(); });
after(() => world?.close());

const ipn = 'SimplePay: IPN';
const rows = new Rows(() => world, [ipn]);

// Pays while the notification suffers `fault`; gives the transaction's id.
async function pay_with(fault, { code = simple_eur, ...more } = {}) {
  const id = await world.started(code);
  await world.with_fault('simplepay', 'ipn', fault, more, async () => {
    await world.act(id, 'pay');
    await simplepay_has(id, 'FINISHED');
  });
  return id;
}

const simplepay_has = (id, status) =>
  eventually(async () => (await world.simplepay_payment(id)).status === status, {
    every_ms: 10, what: `TR${id} to be ${status} at SimplePay`,
  });

async function assert_accepted(id, count, tell) {
  const sent = await world.delivered('simplepay', `TR${id}`, count);
  assert.deepEqual(sent.map(({ label }) => label), Array(count).fill('OK'));
  tell.heard('200');
}

const heard_once = async (id, kind) =>
  assert.equal((await world.kinds(id)).filter((one) => one === kind).length, 1, kind);

for (const fault of ['duplicate', 'parallel-duplicate']) {
  rows.row(ipn, `\`${fault}\``, `a notification that comes twice (${fault}) counts once`,
    async (world, tell) => {
      const id = await pay_with(fault);
      await assert_accepted(id, 2, tell);
      tell.status((await world.in_status(id, 'paid')).status);
      await heard_once(id, 'claimed');
      await heard_once(id, 'captured');
      tell.resolves('both are acknowledged, one counts');
    });
}

rows.row(ipn, '`out-of-order`: TIMEOUT after FINISHED',
  'a late TIMEOUT does not take back what was paid',
  async (world, tell) => {
    const id = await pay_with('out-of-order');
    await assert_accepted(id, 2, tell);
    tell.status((await world.in_status(id, 'paid')).status);
    tell.resolves('what was captured outranks every ending');
  });

rows.row(ipn, 'CANCELLED after FINISHED',
  'a CANCELLED that comes after the payment was confirmed changes nothing',
  async (world, tell) => {
    const id = await world.started(simple_eur);
    await world.pay(id);
    await world.forge_ipn(id, { status: 'CANCELLED' });
    await assert_accepted(id, 2, tell);
    assert.ok((await world.kinds(id)).includes('cancelled'));
    tell.status(await world.status(id));
    assert.equal(await world.status(id), 'paid');
    tell.resolves('what was captured outranks every ending');
  });

for (const fault of ['bad-signature', 'no-signature']) {
  rows.row(ipn, `\`${fault}\``,
    `a notification with ${fault} is refused each time SimplePay repeats it, and proves nothing`,
    async (world, tell) => {
      const id = await pay_with(fault);
      const [first] = await world.delivered('simplepay', `TR${id}`);
      assert.equal(`${first.label} ${first.attempts}`, 'NOT200 1');
      await world.control('simplepay', 'clock', { advance_s: 301 });
      const again = await eventually(async () => {
        const [sent] = await world.delivered('simplepay', `TR${id}`);
        return sent.attempts === 2 && sent;
      });
      assert.equal(again.label, 'NOT200');
      tell.heard(`${(await world.log('simplepay', 'ipn')).at(-1).status} invalid-signature`);
      tell.status(await world.status(id));
      assert.deepEqual(await world.kinds(id), ['accepted']);
      await world.start((await world.transaction(id)).ticket_id, simple_eur);
      tell.status((await world.in_status(id, 'paid')).status);
      tell.resolves('the next start asks SimplePay');
    });
}

rows.row(ipn, '`unknown-merchant`', 'a notification for an account we do not have is refused',
  async (world, tell) => {
    const id = await pay_with('unknown-merchant');
    const [sent] = await world.delivered('simplepay', `TR${id}`);
    assert.equal(sent.label, 'NOT200');
    tell.heard(`${(await world.log('simplepay', 'ipn')).at(-1).status} invalid-signature`);
    tell.status(await world.status(id));
    await world.start((await world.transaction(id)).ticket_id, simple_eur);
    tell.status((await world.in_status(id, 'paid')).status);
    tell.resolves('the next start asks SimplePay');
  });

rows.row(ipn, '`unknown-order`',
  'a notification about an order that is not ours is kept as unmatched',
  async (world, tell) => {
    const before_it = world.unmatched();
    const id = await pay_with('unknown-order');
    await eventually(() => world.unmatched() === before_it + 1, { what: 'a line in the log' });
    const [sent] = await world.delivered('simplepay', `TR${id}`);
    assert.equal(sent.label, 'OK');
    tell.heard('200');
    tell.status(await world.status(id));
    await world.start((await world.transaction(id)).ticket_id, simple_eur);
    tell.status((await world.in_status(id, 'paid')).status);
    tell.resolves('kept as unmatched; the next start asks SimplePay');
  });

for (const [fault, what] of [
  ['bare-offset', 'dates with +0200'],
  ['unknown-status', 'a status nobody knows'],
]) {
  rows.row(ipn, `\`${fault}\`: ${what}`,
    `a notification with ${what} is acknowledged and the query decides`,
    async (world, tell) => {
      const id = await pay_with(fault);
      await assert_accepted(id, 1, tell);
      tell.status((await world.in_status(id, 'paid')).status);
      tell.resolves('the query confirms it');
    });
}

rows.row(ipn, '`extra-members`, nested ones too',
  'a notification with members nobody knows is echoed byte for byte',
  async (world, tell) => {
    const id = await pay_with('extra-members');
    await assert_accepted(id, 1, tell);
    const log = await world.log('simplepay', 'ipn');
    const sent = log.find(({ body }) => body.includes(`"TR${id}"`));
    assert.ok(sent.body.includes('"loyalty":{"points":12.50,"tier":{"name":"arany/\\u0171"}}'));
    const date = sent.answer.slice(sent.body.length - 1);
    assert.equal(sent.answer, sent.body.slice(0, -1) + date);
    assert.match(date, /^,"receiveDate":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d"\}$/);
    tell.status((await world.in_status(id, 'paid')).status);
    tell.resolves('the query confirms it');
  });

rows.row(ipn, 'on an account with two steps',
  'a start asks for the capture at once, so an account with two steps does not only block',
  async (world, tell) => {
    const two_step = (on) => world.control('simplepay', 'settings', {
      merchants: { PUBLICTESTHUF: { two_step: on } },
    });
    await two_step(true);
    try {
      const id = await world.started(simple_huf);
      await world.act(id, 'pay');
      await assert_accepted(id, 1, tell);
      tell.status((await world.in_status(id, 'paid')).status);
      tell.resolves('`twoStep: false` was sent with the start');
    } finally {
      await two_step(false);
    }
  });

rows.row(ipn, '`s-spelling`: AUTHORISED, on an account that blocks first',
  'a payment that is only authorised is not paid until it is captured',
  async (world, tell) => {
    const two_step = (on) => world.control('simplepay', 'settings', {
      merchants: { PUBLICTESTHUF: { two_step: on, forces_two_steps: on } },
    });
    await two_step(true);
    try {
      const id = await world.started(simple_huf);
      await world.with_fault('simplepay', 'ipn', 's-spelling', {}, () => world.act(id, 'pay'));
      await assert_accepted(id, 1, tell);
      tell.status((await world.in_status(id, 'authorized')).status);
      const sum = { originalTotal: 88000, approveTotal: 88000 };
      await world.as_merchant('finish', { currency: 'HUF', orderRef: `TR${id}`, ...sum });
      tell.status((await world.in_status(id, 'paid')).status);
      tell.resolves('paid when the block is captured');
    } finally {
      await two_step(false);
    }
  });

rows.row(ipn, 'a refund made at SimplePay, in two parts',
  'refunds made on SimplePay’s own pages become ours through the query',
  async (world, tell) => {
    const id = await world.started(simple_eur);
    await world.pay(id);
    const refund = (refundTotal) =>
      world.as_merchant('refund', { currency: 'EUR', orderRef: `TR${id}`, refundTotal });
    await refund(100);
    const part = await world.in_status(id, 'partially_refunded');
    assert.equal(part.amount_refunded, 100);
    await refund(120);
    const all = await world.in_status(id, 'refunded');
    assert.equal(all.amount_refunded, 220);
    await world.control('simplepay', 'resend', { order_ref: `TR${id}`, all: true });
    await assert_accepted(id, 3, tell);
    assert.equal((await world.transaction(id)).amount_refunded, 220);
    tell.status('paid', part.status, all.status);
    tell.resolves('each refund counts once, by its own id; the fee is on offer again');
    await world.started(simple_eur, all.ticket_id);
    world.paid_twice.add(all.ticket_id);
  });

rows.row(ipn, '`late`', 'a notification that comes late makes it paid when it comes',
  async (world, tell) => {
    const id = await pay_with('late', { delay_ms: 700 });
    tell.status(await world.status(id), (await world.in_status(id, 'paid')).status);
    await assert_accepted(id, 1, tell);
    tell.resolves('by itself');
  });

rows.row(ipn, '`never`, and the visitor comes back',
  'a payment whose notification never comes is paid by the visitor’s return',
  async (world, tell) => {
    const id = await world.started(simple_eur);
    await world.with_fault('simplepay', 'ipn', 'never', {}, async () => {
      const back = await world.act(id, 'pay');
      await simplepay_has(id, 'FINISHED');
      tell.status(await world.status(id));
      assert_ok(await world.back(back));
    });
    tell.status((await world.in_status(id, 'paid')).status);
    tell.resolves('the return asks SimplePay');
  });

rows.row(ipn, '`never`, no answer to start, and the visitor never comes back',
  'a payment of which nothing was ever heard is found by the schedule',
  async (world, tell) => {
    const reply = await world.start(await world.ticket(), simple_eur, { fault: 'no-answer-after' });
    tell.heard(reply);
    const id = reply.json.transaction_id;
    tell.status(await world.status(id));
    await world.with_fault('simplepay', 'ipn', 'never', {}, async () => {
      await world.act(id, 'pay');
      await simplepay_has(id, 'FINISHED');
    });
    tell.status((await world.in_status(id, 'paid')).status);
    tell.resolves('by itself: the schedule asks about the unknown attempt');
  });

rows.row(ipn, 'it comes before our call of start has returned',
  'a notification that overtakes the answer to start counts, and the start is answered',
  async (world, tell) => {
    const ticket = await world.ticket();
    const known = new Set((await world.payments('simplepay')).map(({ order_ref }) => order_ref));
    const starting = world.start(ticket, simple_eur, { fault: 'late', delay_ms: 800 });
    const { order_ref } = await eventually(async () =>
      (await world.payments('simplepay')).find((payment) => !known.has(payment.order_ref)));
    const id = Number(order_ref.slice(2));
    await world.act(id, 'pay');
    await world.in_status(id, 'paid');
    assert.ok(!(await world.kinds(id)).includes('accepted'), 'the start has not returned yet');
    const reply = await starting;
    assert.equal(assert_ok(reply).transaction_id, id);
    await assert_accepted(id, 1, tell);
    tell.status(await world.status(id));
    assert.equal(await world.status(id), 'paid');
    tell.resolves('what is paid stays paid');
  });

rows.row(ipn, 'FINISHED, signed with our key, while the payer has not paid',
  'a forged FINISHED is never paid, and what the payer really pays later is',
  async (world, tell) => {
    const id = await world.started(simple_eur);
    await world.forge_ipn(id);
    await assert_accepted(id, 1, tell);
    tell.status((await world.in_status(id, 'review')).status);
    await world.act(id, 'pay');
    tell.status((await world.in_status(id, 'paid')).status);
    tell.resolves('the query contradicts it: a person looks; paid when it really is');
  });

rows.row(ipn, 'FINISHED with our key, but the id of another payment',
  'a forged FINISHED that names another id says nothing of this payment',
  async (world, tell) => {
    const before_it = world.unmatched();
    const id = await world.started(simple_eur);
    await world.forge_ipn(id, { transaction_id: 599_999_999 });
    await assert_accepted(id, 1, tell);
    await eventually(() => world.unmatched() === before_it + 1);
    assert.deepEqual(await world.kinds(id), ['accepted']);
    tell.status(await world.status(id));
    await world.act(id, 'pay');
    tell.status((await world.in_status(id, 'paid')).status);
    tell.resolves('kept as unmatched; what the payer pays counts');
  });

rows.row(ipn, 'FINISHED, signed with the key of another of our accounts',
  'one account’s key cannot speak for another’s payment',
  async (world, tell) => {
    const before_it = world.unmatched();
    const id = await world.started(simple_eur);
    await world.forge_ipn(id, { merchant: 'PUBLICTESTHUF' });
    await assert_accepted(id, 1, tell);
    await eventually(() => world.unmatched() === before_it + 1);
    assert.deepEqual(await world.kinds(id), ['accepted']);
    tell.status(await world.status(id));
    tell.resolves('kept as unmatched');
  });

rows.row(ipn, 'FINISHED, signed with a key that is not ours',
  'a notification signed with a stranger’s key is refused',
  async (world, tell) => {
    const id = await world.started(simple_eur);
    await world.forge_ipn(id, { key: 'someone-elses-secret' });
    const [sent] = await world.delivered('simplepay', `TR${id}`);
    assert.equal(sent.label, 'NOT200');
    tell.heard(`${(await world.log('simplepay', 'ipn')).at(-1).status} invalid-signature`);
    assert.deepEqual(await world.kinds(id), ['accepted']);
    tell.status(await world.status(id));
    tell.resolves('nothing is recorded');
  });

rows.row(ipn, 'CANCELLED with our key, though nobody has begun to pay',
  'what has ended here and is open at SimplePay is closed there, so that nobody pays it as well',
  async (world, tell) => {
    const id = await world.started(simple_eur, await world.ticket());
    await world.forge_ipn(id, { status: 'CANCELLED' });
    await assert_accepted(id, 1, tell);
    await eventually(async () => (await world.simplepay_payment(id)).status === 'CANCELLED');
    tell.status((await world.in_status(id, 'cancelled')).status);
    tell.resolves('by itself: SimplePay says open, and is told to close it');
  });

rows.row(ipn, 'CANCELLED with our key, though the payer has begun, and pays the next as well',
  'of two captures for one fee the later one is put before a person as a duplicate',
  async (world, tell) => {
    const ticket = await world.ticket();
    const id = await world.started(simple_eur, ticket);
    await world.act(id, 'challenge');
    await world.forge_ipn(id, { status: 'CANCELLED' });
    await assert_accepted(id, 1, tell);
    await world.in_status(id, 'cancelled');
    const next = await world.started(simple_eur, ticket);
    await world.pay(next);
    await world.act(id, 'challenge-pass');
    world.paid_twice.add(ticket);
    await eventually(async () => (await world.kinds(id)).includes('duplicate'));
    tell.status('cancelled', (await world.in_status(id, 'review')).status);
    assert.equal(await world.status(next), 'paid');
    tell.resolves('the first capture counts, the second is for a person to give back');
  });

rows.close();
