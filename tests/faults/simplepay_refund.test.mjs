// Giving money back while SimplePay misbehaves: no answer is not a no, and nothing goes back twice.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { assert_ok, assert_problem } from '../api/client.mjs';
import { eventually, in_the_future } from '../fixtures/harness.mjs';
import { Rows } from './rows.mjs';
import { simple_eur, simplepay_timeout_ms, World } from './world.mjs';

let world;
before(async () => { world = await World.open(); });
after(() => world?.close());

const refund = 'SimplePay: refund';
const rows = new Rows(() => world, [refund]);
const delay_ms = simplepay_timeout_ms + 300;

const refunds_at_simplepay = async (id) =>
  (await world.simplepay_payment(id)).refunds.map(({ total }) => Number(total));

async function assert_reserved(id) {
  assert_problem(await world.refund(id, 200), 422, 'refund-too-large');
}

const not_made = [
  ['no-answer', 'is silent'],
  ['reset', 'cuts the connection'],
  ['500', 'answers 500'],
  ['503', 'answers 503'],
  ['refuse', 'answers with its general error 5000'],
];

for (const [fault, does] of not_made) {
  rows.row(refund, `\`${fault}\`: it ${does}, no money goes back`,
    `a refund is 504 and its amount reserved while SimplePay ${does}`,
    async (world, tell) => {
      const { id, reply } = await world.refund_with(simple_eur, fault);
      tell.heard(reply);
      assert_problem(reply, 504, 'provider-timeout');
      await assert_reserved(id);
      assert.deepEqual(await refunds_at_simplepay(id), []);
      tell.status(await world.status(id));
      tell.resolves('its amount stays reserved until SimplePay has not listed it for 15 minutes');
    });
}

const made = [
  ['no-answer-after', 'is silent', '504 provider-timeout'],
  ['reset-after', 'cuts the connection', '504 provider-timeout'],
  ['500-after', 'answers 500', '504 provider-timeout'],
  ['truncated', 'sends half an answer', '504 provider-timeout'],
  ['late', 'answers after our deadline', '504 provider-timeout', { delay_ms }],
  ['late-before', 'begins after our deadline', '504 provider-timeout', { delay_ms }],
  ['garbage', 'answers with a web page', '502 provider-garbled'],
  ['empty', 'answers with nothing', '502 provider-garbled'],
  ['redirect', 'answers with a redirect', '502 provider-garbled'],
  ['bad-signature', 'signs wrongly', '502 provider-garbled'],
  ['no-signature', 'does not sign', '502 provider-garbled'],
  ['changed-after-signing', 'changes the answer after signing', '502 provider-garbled'],
  ['other-order', 'answers about another order', '502 provider-garbled'],
  ['other-transaction', 'names the id of another payment', '502 provider-garbled'],
  ['wrong-amount', 'names another amount', '502 provider-garbled'],
  ['wrong-currency', 'names another currency', '502 provider-garbled'],
  ['wrong-merchant', 'answers for another merchant', '502 provider-garbled'],
];

for (const [fault, does, problem, more] of made) {
  rows.row(refund, `\`${fault}\`: it ${does}, the money goes back`,
    `a refund that was made although SimplePay ${does} is ${problem}, and found by itself`,
    async (world, tell) => {
      const { id, reply } = await world.refund_with(simple_eur, fault, more);
      tell.heard(reply);
      assert_problem(reply, ...problem.split(' ').map((part) => Number(part) || part));
      await assert_reserved(id);
      const found = await world.in_status(id, 'partially_refunded');
      assert.equal(found.amount_refunded, 50);
      assert.deepEqual(await refunds_at_simplepay(id), [50]);
      tell.status(found.status);
      tell.resolves('by itself: it is on SimplePay’s list, which the query and the notice tell');
    });
}

for (const [fault, does, more] of [
  ['late', 'is late within our deadline', { delay_ms: 300 }],
  ['extra-members', 'adds members nobody knows'],
  ['old-order', 'orders members as it used to'],
  ['escaped-slashes', 'escapes slashes'],
  ['pretty', 'breaks lines'],
]) {
  rows.row(refund, `\`${fault}\`: it ${does}`, `a refund is made when SimplePay ${does}`,
    async (world, tell) => {
      const { id, reply } = await world.refund_with(simple_eur, fault, more);
      tell.heard(reply);
      assert.equal(assert_ok(reply).amount_refunded, 50);
      tell.status((await world.in_status(id, 'partially_refunded')).status);
      tell.resolves('nothing is wrong');
    });
}

rows.row(refund, '`url-safe-signature`: it signs in the other alphabet of Base64',
  'a refund that is signed in the other alphabet is found by itself',
  async (world, tell) => {
    let given;
    do given = await world.refund_with(simple_eur, 'url-safe-signature');
    while (given.reply.status === 200);  // the signature held neither of the two characters
    tell.heard(given.reply);
    assert_problem(given.reply, 502, 'provider-garbled');
    tell.status((await world.in_status(given.id, 'partially_refunded')).status);
    assert.deepEqual(await refunds_at_simplepay(given.id), [50]);
    tell.resolves('by itself: it is on SimplePay’s list, which the query and the notice tell');
  });

rows.row(refund, '`refuse`: it refuses in its own words',
  'a refund that SimplePay refuses is 502, and its amount is free again',
  async (world, tell) => {
    const { id, reply } = await world.refund_with(simple_eur, 'refuse', { code: 5110 });
    tell.heard(reply);
    assert_problem(reply, 502, 'provider-refused');
    tell.status(await world.status(id));
    tell.status(assert_ok(await world.refund(id)).status);
    assert.deepEqual(await refunds_at_simplepay(id), [220]);
    tell.resolves('the next refund works');
  });

for (const [fault, what] of [
  ['duplicate', 'comes twice'],
  ['parallel-duplicate', 'comes twice at the same time'],
  ['never', 'never comes'],
]) {
  rows.row(refund, `its notice ${what}`, `a refund whose notice ${what} counts once`,
    async (world, tell) => {
      const id = await world.started(simple_eur);
      await world.pay(id);
      const reply = await world.with_fault('simplepay', 'ipn', fault, {},
        () => world.refund(id, 50));
      tell.heard(reply);
      assert_ok(reply);
      if (fault !== 'never') await world.delivered('simplepay', `TR${id}`, 3);
      const { status, amount_refunded } = await world.transaction(id);
      assert.equal(amount_refunded, 50);
      tell.status(status);
      tell.resolves('one counts');
    });
}

rows.row(refund, 'one was made on SimplePay’s own pages, and its notice never comes',
  'a refund made at SimplePay is learned before another is asked for',
  async (world, tell) => {
    const id = await world.started(simple_eur);
    await world.pay(id);
    await world.with_fault('simplepay', 'ipn', 'never', {}, () =>
      world.as_merchant('refund', { currency: 'EUR', orderRef: `TR${id}`, refundTotal: 200 }));
    const reply = await world.refund(id, 50);
    tell.heard(reply);
    assert_problem(reply, 422, 'refund-too-large');
    tell.status((await world.in_status(id, 'partially_refunded')).status);
    assert.deepEqual(await refunds_at_simplepay(id), [200]);
    tell.resolves('SimplePay is asked first; what is left can be given back');
  });

// The service's clock is ahead for a while in the last row: the tickets service, which is asked
// whether staff may see the ticket, takes no token from the future.
rows.row(refund, '`no-answer`, and 15 minutes later it is not on the list',
  'a refund that SimplePay does not list for 15 minutes was not made',
  async (world, tell) => {
    const { id, reply } = await world.refund_with(simple_eur, 'no-answer');
    tell.heard(reply);
    await assert_reserved(id);
    tell.status(await world.status(id));
    const ahead = in_the_future(16);
    await world.platform.restart(ahead);
    await eventually(async () => (await world.kinds(id)).includes('refund_refused'));
    for (const name of Object.keys(ahead)) ahead[name] = undefined;
    await world.platform.restart(ahead);
    tell.status(assert_ok(await world.refund(id)).status);
    assert.deepEqual(await refunds_at_simplepay(id), [220]);
    tell.resolves('its amount is free again; the next refund works');
  });

rows.close();
