// Starting by SimplePay while SimplePay misbehaves: no answer is not a no, and nobody pays twice.
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { assert_ok, assert_problem } from '../api/client.mjs';
import { eventually } from '../fixtures/harness.mjs';
import { Rows } from './rows.mjs';
import { simple_eur, simplepay_timeout_ms, stripe_eur, World } from './world.mjs';

let world;
before(async () => { world = await World.open(); });
after(() => world?.close());

const start = 'SimplePay: start';
const cancel = 'SimplePay: transactioncancel, when a second start closes the first';
const rows = new Rows(() => world, [start, cancel]);
const too_late_ms = simplepay_timeout_ms + 300;

function assert_unknown(reply, status, slug) {
  assert_problem(reply, status, slug);
  assert.ok(reply.json.transaction_id > 0, 'the caller is told which attempt it was');
  return reply.json.transaction_id;
}

const said = (problem) => [Number(problem.split(' ')[0]), problem.split(' ')[1]];

async function assert_busy(ticket, code, id) {
  const reply = await world.start(ticket, code);
  assert_problem(reply, 409, 'payment-in-progress');
  assert.equal(reply.json.transaction_id, id);
  assert.ok(Number(reply.headers['retry-after']) > 0);
  return reply;
}

// fault, what SimplePay does, the error, more of the fault
const not_carried_out = [
  ['no-answer', 'is silent', '504 provider-timeout'],
  ['reset', 'cuts the connection', '504 provider-timeout'],
  ['500', 'answers 500', '504 provider-timeout'],
  ['503', 'answers 503', '504 provider-timeout'],
  ['refuse', 'answers with its general error 5000', '504 provider-timeout'],
];

const carried_out = [
  ['no-answer-after', 'is silent', '504 provider-timeout'],
  ['reset-after', 'cuts the connection', '504 provider-timeout'],
  ['500-after', 'answers 500', '504 provider-timeout'],
  ['truncated', 'sends half an answer', '504 provider-timeout'],
  ['late', 'answers after our deadline', '504 provider-timeout', { delay_ms: too_late_ms }],
  ['late-before', 'begins after our deadline', '504 provider-timeout', { delay_ms: too_late_ms }],
  ['garbage', 'answers with a web page', '502 provider-garbled'],
  ['empty', 'answers with nothing', '502 provider-garbled'],
  ['redirect', 'answers with a redirect', '502 provider-garbled'],
  ['bad-signature', 'signs wrongly', '502 provider-garbled'],
  ['no-signature', 'does not sign', '502 provider-garbled'],
  ['changed-after-signing', 'changes the answer after signing', '502 provider-garbled'],
  ['other-order', 'answers about another order', '502 provider-garbled'],
  ['wrong-amount', 'answers with another amount', '502 provider-garbled'],
  ['wrong-currency', 'answers with another currency', '502 provider-garbled'],
  ['wrong-merchant', 'answers for another merchant', '502 provider-garbled'],
];

const harmless = [
  ['late', 'is late within our deadline', { delay_ms: 300 }],
  ['extra-members', 'adds members nobody knows'],
  ['old-order', 'orders members as it used to'],
  ['escaped-slashes', 'escapes slashes'],
  ['pretty', 'breaks lines'],
];

describe('a start by SimplePay', { concurrency: true }, () => {
  for (const [fault, does, problem] of not_carried_out) {
    rows.row(start, `\`${fault}\`: it ${does}, nothing was begun`,
      `that did not reach it because it ${does} is ${problem} and blocks its fee`,
      async (world, tell) => {
        const ticket = await world.ticket();
        const reply = await world.start(ticket, simple_eur, { fault });
        tell.heard(reply);
        const id = assert_unknown(reply, ...said(problem));
        assert.equal((await world.in_status(id, 'unknown')).provider_transaction_id, null);
        assert.equal(await world.simplepay_payment(id), undefined);
        const again = await assert_busy(ticket, simple_eur, id);
        await assert_busy(ticket, stripe_eur, id);
        tell.status(await world.status(id));
        assert.equal(await world.status(id), 'unknown', 'not found is no end at once');
        const { status } = again;
        const held = `is ${status} while SimplePay does not know it, for half a minute`;
        tell.resolves(`the next start asks, and ${held}`);
      });
  }

  for (const [fault, does, problem, more] of carried_out) {
    rows.row(start, `\`${fault}\`: it ${does}, the payment exists`,
      `that was carried out although it ${does} is ${problem}, is found again, and can be paid`,
      async (world, tell) => {
        const ticket = await world.ticket();
        const reply = await world.start(ticket, simple_eur, { fault, ...more });
        tell.heard(reply);
        const id = assert_unknown(reply, ...said(problem));
        tell.status(await world.status(id));
        const found = await world.in_status(id, 'pending');
        tell.status('pending');
        const at_simplepay = await world.simplepay_payment(id);
        assert.equal(found.provider_transaction_id, String(at_simplepay.transaction_id));
        assert.equal(found.events.find(({ kind }) => kind === 'unanswered')?.source, 'service');
        assert.equal(found.events.find(({ kind }) => kind === 'accepted')?.source, 'query');

        const next = assert_ok(await world.start(ticket, simple_eur)).transaction_id;
        assert.notEqual(next, id);
        assert.equal(await world.status(id), 'cancelled');
        assert.equal((await world.simplepay_payment(id)).status, 'CANCELLED');
        await world.pay(next);
        tell.status('cancelled');
        tell.resolves('the query finds it; the next start closes it at SimplePay and can be paid');
      });
  }

  for (const [fault, does, more] of harmless) {
    rows.row(start, `\`${fault}\`: it ${does}`,
      `is answered as ever when SimplePay ${does}`,
      async (world, tell) => {
        const reply = await world.start(await world.ticket(), simple_eur, { fault, ...more });
        tell.heard(reply);
        const { transaction_id: id } = assert_ok(reply);
        tell.status(await world.status(id), (await world.pay(id)).status);
        tell.resolves('nothing is wrong');
      });
  }

  rows.row(start, '`refuse`: it refuses in its own words',
    'that SimplePay refuses is 502 and failed, and the next start can be paid',
    async (world, tell) => {
      const ticket = await world.ticket();
      const reply = await world.start(ticket, simple_eur, { fault: 'refuse', code: 5110 });
      tell.heard(reply);
      assert_problem(reply, 502, 'provider-refused');
      const refused = await world.transaction(reply.json.transaction_id);
      assert.equal(refused.status, 'failed');
      await world.pay(await world.started(simple_eur, ticket));
      tell.status(refused.status);
      tell.resolves('the next start works');
    });
});

rows.row(start, 'four starts at the same time',
  'four starts at once leave one payment that can be paid',
  async (world, tell) => {
    const ticket = await world.ticket();
    const body = { ticket_id: ticket, code: simple_eur, metas: { email: 'a@example.com' } };
    const replies = await Promise.all([1, 2, 3, 4].map(() => world.call('startPayment', { body })));
    const opened = replies.filter(({ status }) => status === 200);
    const refused = replies.filter(({ status }) => status !== 200);
    for (const reply of refused) assert_problem(reply, 409, 'payment-in-progress');
    const last = Math.max(...opened.map(({ json }) => json.transaction_id));
    for (const { json } of opened) {
      const status = await world.status(json.transaction_id);
      assert.equal(status, json.transaction_id === last ? 'pending' : 'cancelled');
    }
    await world.pay(last);
    tell.heard(opened[0]);
    tell.status('pending', 'paid');
    tell.resolves('one stays open; the others are 409, or were closed by it');
  });

const cancel_lost = [
  ['no-answer', 'is silent'],
  ['500', 'answers 500'],
  ['503', 'answers 503'],
  ['reset', 'cuts the connection'],
  ['refuse', 'answers with its general error 5000'],
];
const cancel_carried_out = [
  ['no-answer-after', 'is silent'],
  ['reset-after', 'cuts the connection'],
  ['500-after', 'answers 500'],
  ['truncated', 'sends half an answer'],
  ['late', 'answers after our deadline', { delay_ms: too_late_ms }],
  ['late-before', 'begins after our deadline', { delay_ms: too_late_ms }],
  ['garbage', 'answers with a web page'],
  ['empty', 'answers with nothing'],
  ['bad-signature', 'signs wrongly'],
  ['no-signature', 'does not sign'],
  ['changed-after-signing', 'changes the answer after signing'],
  ['other-order', 'answers about another order'],
  ['wrong-merchant', 'answers for another merchant'],
];
const cancel_taken = [
  ['redirect', 'answers 302 with a signed answer'],
  ['extra-members', 'adds members nobody knows'],
  ['old-order', 'orders members as it used to'],
  ['escaped-slashes', 'escapes slashes'],
  ['pretty', 'breaks lines'],
  ['wrong-amount', 'names another amount'],
  ['wrong-currency', 'names another currency'],
];

for (const [fault, does] of cancel_lost) {
  rows.row(cancel, `\`${fault}\`: it ${does}, the payment stays open`,
    `a second start is 409 while SimplePay ${does} and does not close the first`,
    async (world, tell) => {
      const ticket = await world.ticket();
      const id = await world.started(simple_eur, ticket);
      const busy = await world.with_fault('simplepay', 'cancel', fault, {},
        () => assert_busy(ticket, simple_eur, id));
      tell.heard(busy);
      tell.status(await world.status(id));
      await world.pay(await world.started(simple_eur, ticket));
      tell.status(await world.status(id));
      tell.resolves('the next start closes it');
    });
}

for (const [fault, does, more = {}] of cancel_carried_out) {
  rows.row(cancel, `\`${fault}\`: it ${does}, the payment is closed`,
    `a second start is 409 when SimplePay closes the first but ${does}`,
    async (world, tell) => {
      const ticket = await world.ticket();
      const id = await world.started(simple_eur, ticket);
      const busy = await world.with_fault('simplepay', 'cancel', fault, more,
        () => assert_busy(ticket, simple_eur, id));
      tell.heard(busy);
      tell.status(await world.status(id));
      const closed = async () => (await world.simplepay_payment(id)).status === 'CANCELLED';
      await eventually(closed, { what: `TR${id} to be closed` });
      await world.pay(await world.started(simple_eur, ticket));
      tell.status(await world.status(id));
      tell.resolves('the next start asks and learns that it is closed');
    });
}

for (const [fault, does] of cancel_taken) {
  rows.row(cancel, `\`${fault}\`: it ${does}, the payment is closed`,
    `a second start works when SimplePay closes the first and ${does}`,
    async (world, tell) => {
      const ticket = await world.ticket();
      const id = await world.started(simple_eur, ticket);
      const reply = await world.with_fault('simplepay', 'cancel', fault, {},
        () => world.start(ticket, simple_eur));
      tell.heard(reply);
      tell.status(await world.status(id));
      assert.equal(await world.status(id), 'cancelled');
      await world.pay(assert_ok(reply).transaction_id);
      tell.resolves('nothing is wrong: it is closed, and no money is in that answer');
    });
}

rows.row(cancel, '`other-transaction`: it names the id of another payment',
  'a second start is 409 when SimplePay closes the first by another id, and the next one asks',
  async (world, tell) => {
    const ticket = await world.ticket();
    const id = await world.started(simple_eur, ticket);
    const reply = await world.with_fault('simplepay', 'cancel', 'other-transaction', {},
      () => world.start(ticket, simple_eur));
    tell.heard(reply);
    assert_problem(reply, 409, 'payment-in-progress');
    tell.status(await world.status(id));
    await world.pay(await world.started(simple_eur, ticket));
    tell.status(await world.status(id));
    tell.resolves('that answer is about another payment; the next start asks, and can be paid');
  });

// A signature in the other alphabet differs only when it holds one of two characters.
const is_in_other_alphabet = ({ answer_headers }) => {
  const headers = Object.entries(answer_headers);
  const [, signature] = headers.find(([name]) => name.toLowerCase() === 'signature');
  return /[-_]/.test(signature);
};

for (const [section, operation] of [[start, 'start'], [cancel, 'cancel']]) {
  rows.row(section, '`url-safe-signature`: it signs in the other alphabet of Base64',
    `a signature in the other alphabet is no signature for ${operation}`,
    async (world, tell) => {
      const fault = 'url-safe-signature';
      let ticket, reply, id;
      do {
        ticket = await world.ticket();
        if (operation === 'cancel') id = await world.started(simple_eur, ticket);
        reply = await world.with_fault('simplepay', operation, fault, {},
          () => world.start(ticket, simple_eur));
        id = reply.status === 200 ? id : reply.json.transaction_id;
      } while (!is_in_other_alphabet((await world.log('simplepay', operation)).at(-1)));
      tell.heard(reply);
      const [status, slug] = operation === 'start'
        ? [502, 'provider-garbled'] : [409, 'payment-in-progress'];
      assert_problem(reply, status, slug);
      tell.status(await world.status(id));
      await world.in_status(id, 'pending');
      await world.pay(await world.started(simple_eur, ticket));
      tell.status(await world.status(id));
      tell.resolves('the next start asks, and can be paid');
    });
}

rows.row(cancel, 'the visitor pays while a second start wants to close it',
  'a second start is 409 already paid when the visitor has paid meanwhile',
  async (world, tell) => {
    const ticket = await world.ticket();
    const id = await world.started(simple_eur, ticket);
    await world.with_fault('simplepay', 'ipn', 'never', {}, async () => {
      await world.act(id, 'pay');
      await world.control('simplepay', 'act', { order_ref: `TR${id}`, action: 'settle' });
    });
    const reply = await world.start(ticket, stripe_eur);
    assert_problem(reply, 409, 'already-paid');
    assert.equal(reply.json.transaction_id, id);
    tell.heard(reply);
    tell.status(await world.status(id));
    tell.resolves('asked before it is closed, SimplePay says that it was paid');
  });

rows.row(start, '`other-transaction`: it answers with the id of another payment',
  'a start that is answered with another id is never paid without a person who looks',
  async (world, tell) => {
    const fault = 'other-transaction';
    const reply = await world.start(await world.ticket(), simple_eur, { fault });
    tell.heard(reply);
    const { transaction_id: id } = assert_ok(reply);
    const before_it = world.unmatched();
    await world.act(id, 'pay');
    await eventually(() => world.unmatched() > before_it);
    tell.status(await world.status(id));
    tell.resolves('the notice names the real id and is kept as unmatched: a person looks');
  });

// The stand-in counts: the id that was named above is this payment's.
rows.row(start, 'it answers with an id that another attempt was given before',
  'a start that is answered with the id of another attempt is 502 and sends nobody to pay',
  async (world, tell) => {
    const reply = await world.start(await world.ticket(), simple_eur);
    tell.heard(reply);
    const id = assert_unknown(reply, 502, 'provider-garbled');
    assert.equal(reply.json.redirect_url, undefined);
    assert.equal(await world.status(id), 'review');
    tell.status('review');
    tell.resolves('a person looks');
  });

rows.close();
