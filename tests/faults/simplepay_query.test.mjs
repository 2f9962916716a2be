// Asking SimplePay while it misbehaves, and the visitor's way back from it.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before } from 'node:test';
import { assert_ok, assert_problem } from '../api/client.mjs';
import { eventually, simplepay_accounts } from '../fixtures/harness.mjs';
import { Rows } from './rows.mjs';
import { simple_eur, simplepay_timeout_ms, World } from './world.mjs';

let world;
before(async () => { world = await World.open(); });
after(() => world?.close());

const query = 'SimplePay: query';
const way_back = 'SimplePay: return';
const rows = new Rows(() => world, [query, way_back]);

// Pays, and gives the transaction once a query about it has met `fault`.
async function paid_while_queries_suffer(fault, then, more = {}) {
  const ticket = await world.ticket();
  const id = await world.started(simple_eur, ticket);
  const met = async () =>
    (await world.log('simplepay', 'query')).some(
      (entry) => entry.fault === fault && entry.body.includes(`"TR${id}"`));
  return world.with_fault('simplepay', 'query', fault, { times: -1, ...more }, async () => {
    await world.act(id, 'pay');
    await eventually(met, { every_ms: 20, what: `a query about TR${id} to meet ${fault}` });
    return then(id, ticket);
  });
}

const silent = [
  ['no-answer', 'is silent'],
  ['reset', 'cuts the connection'],
  ['500', 'answers 500'],
  ['503', 'answers 503'],
  ['no-answer-after', 'is silent, having looked'],
  ['reset-after', 'cuts the connection, having looked'],
  ['500-after', 'answers 500, having looked'],
  ['late', 'answers after our deadline', { delay_ms: simplepay_timeout_ms + 300 }],
  ['late-before', 'looks after our deadline', { delay_ms: simplepay_timeout_ms + 300 }],
  ['truncated', 'sends half an answer'],
  ['garbage', 'answers with a web page'],
  ['empty', 'answers with nothing'],
  ['bad-signature', 'signs wrongly'],
  ['no-signature', 'does not sign'],
  ['changed-after-signing', 'changes the answer after signing'],
  ['refuse', 'answers with its general error 5000'],
];

for (const [fault, does, more] of silent) {
  rows.row(query, `\`${fault}\`: it ${does}`,
    `a claimed payment waits while SimplePay ${does}, and is paid when asking works again`,
    async (world, tell) => {
      const { id, ticket } = await paid_while_queries_suffer(fault, async (id, ticket) => {
        const { status, events } = await world.transaction(id);
        assert.equal(status, 'pending');
        assert.ok(events.some(({ kind }) => kind === 'claimed'));
        tell.status(status);
        return { id, ticket };
      }, more);
      const reply = await world.start(ticket, simple_eur);
      assert_problem(reply, 409, 'already-paid');
      tell.heard(reply);
      tell.status(await world.status(id));
      assert.equal(await world.status(id), 'paid');
      tell.resolves('a start asks at once; else the schedule, every few seconds');
    });
}

rows.row(query, '`no-answer`, and nobody does anything',
  'a claimed payment becomes paid by itself once SimplePay answers again',
  async (world, tell) => {
    const id = await paid_while_queries_suffer('no-answer', async (id) => {
      tell.status(await world.status(id));
      return id;
    });
    tell.status((await world.in_status(id, 'paid')).status);
    tell.resolves('by itself, within seconds');
  });

rows.row(query, '`redirect`: it answers 302 with a signed answer',
  'what SimplePay has signed counts under any status',
  async (world, tell) => {
    const id = await paid_while_queries_suffer('redirect', (id) => id);
    tell.status((await world.in_status(id, 'paid')).status);
    tell.resolves('the redirect is not followed; the signed answer is taken');
  });

for (const [fault, does] of [
  ['extra-members', 'adds members nobody knows'],
  ['old-order', 'orders members as it used to'],
  ['escaped-slashes', 'escapes slashes'],
  ['pretty', 'breaks lines'],
]) {
  rows.row(query, `\`${fault}\`: it ${does}`,
    `a claimed payment is paid when SimplePay ${does}`,
    async (world, tell) => {
      const id = await paid_while_queries_suffer(fault, async (id) => {
        tell.status((await world.in_status(id, 'paid')).status);
        return id;
      });
      assert.equal(await world.status(id), 'paid');
      tell.resolves('nothing is wrong');
    });
}

rows.row(query, '`url-safe-signature`: it signs in the other alphabet of Base64',
  'a claimed payment waits for a signature in the alphabet of the protocol',
  async (world, tell) => {
    const id = await paid_while_queries_suffer('url-safe-signature', async (id) => {
      tell.status('pending');
      return id;
    });
    tell.status((await world.in_status(id, 'paid')).status);
    tell.resolves('by itself, as soon as it signs as it should');
  });

const contradicting = [
  ['wrong-amount', 'names another amount'],
  ['wrong-currency', 'names another currency'],
];

for (const [fault, does] of contradicting) {
  rows.row(query, `\`${fault}\`: it ${does}`,
    `a claimed payment is never paid without a person who looks when the query ${does}`,
    async (world, tell) => {
      const id = await paid_while_queries_suffer(fault, async (id) => {
        await world.in_status(id, 'review');
        return id;
      });
      const about = `TR${id}`;
      await world.control('simplepay', 'resend', { order_ref: about });
      await eventually(async () => (await world.delivered('simplepay', about))[0].attempts === 2);
      tell.status(await world.status(id));
      assert.equal(await world.status(id), 'review');
      tell.resolves('a person looks');
    });
}

for (const [fault, does] of [
  ['other-transaction', 'names another id'],
  ['wrong-merchant', 'names another merchant'],
  ['not-found', 'does not know it'],
  ['other-order', 'answers about another order'],
]) {
  rows.row(query, `\`${fault}\`: it ${does}`,
    `a claimed payment is for a person to look at when the query ${does}, until it is confirmed`,
    async (world, tell) => {
      const id = await paid_while_queries_suffer(fault, async (id) => {
        tell.status((await world.in_status(id, 'review')).status);
        return id;
      });
      await world.control('simplepay', 'resend', { order_ref: `TR${id}` });
      tell.status((await world.in_status(id, 'paid')).status);
      tell.resolves('paid when a later query confirms it, as after the next notification');
    });
}

// ------------------------------------------------------------------------------ the return

// Pays with no notification, so that only the way back can tell of it.
async function paid_without_notice(fault) {
  const id = await world.started(simple_eur);
  return world.with_fault('simplepay', 'ipn', 'never', {}, async () => {
    if (fault) await world.order_fault('simplepay', 'return', fault);
    const back = await world.act(id, 'pay');
    await eventually(async () => (await world.simplepay_payment(id)).status === 'FINISHED', {
      every_ms: 10,
    });
    return { id, back };
  });
}

function answer_of(reply, message, tell) {
  tell.heard(`200 ${assert_ok(reply).message}`);
  assert.equal(reply.json.message, message);
}

rows.row(way_back, '`bare-plus`: a + of the signature arrives as a space',
  'a return whose plus became a space is taken',
  async (world, tell) => {
    let paid;
    do paid = await paid_without_notice('bare-plus');
    while (!paid.back.s.includes(' '));
    answer_of(await world.back(paid.back), 'SUCCESS', tell);
    tell.status((await world.in_status(paid.id, 'paid')).status);
    tell.resolves('the return asks SimplePay');
  });

rows.row(way_back, '`bad-signature`',
  'a return that is signed wrongly is refused and starts nothing',
  async (world, tell) => {
    const { id, back } = await paid_without_notice('bad-signature');
    const reply = await world.back(back);
    assert_problem(reply, 400, 'invalid-signature');
    tell.heard(reply);
    assert.deepEqual(await world.kinds(id), ['accepted']);
    tell.status(await world.status(id));
    await world.start((await world.transaction(id)).ticket_id, simple_eur);
    tell.status((await world.in_status(id, 'paid')).status);
    tell.resolves('the next start asks SimplePay');
  });

rows.row(way_back, 'the signature of another payment’s return',
  'a return with the signature of another payment is refused',
  async (world, tell) => {
    const [one, other] = [await paid_without_notice(), await paid_without_notice()];
    const reply = await world.back({ r: one.back.r, s: other.back.s });
    assert_problem(reply, 400, 'invalid-signature');
    tell.heard(reply);
    assert.deepEqual(await world.kinds(one.id), ['accepted']);
    tell.status(await world.status(one.id));
    tell.resolves('nothing is recorded');
  });

rows.row(way_back, 'it comes three times', 'a return that is loaded again says the same again',
  async (world, tell) => {
    const { id, back } = await paid_without_notice();
    for (let i = 0; i < 3; ++i) answer_of(await world.back(back), 'SUCCESS', tell);
    tell.status((await world.in_status(id, 'paid')).status);
    const returns = (await world.kinds(id)).filter((kind) => kind === 'returned');
    assert.equal(returns.length, 1);
    tell.resolves('one counts');
  });

rows.row(way_back, 'before the IPN',
  'a return before the notification is shown, and both count once',
  async (world, tell) => {
    const id = await world.started(simple_eur);
    await world.with_fault('simplepay', 'ipn', 'late', { delay_ms: 500 }, async () => {
      answer_of(await world.back(await world.act(id, 'pay')), 'SUCCESS', tell);
      await world.delivered('simplepay', `TR${id}`);
    });
    const { status, events } = await world.in_status(id, 'paid');
    assert.equal(events.filter(({ kind }) => kind === 'captured').length, 1);
    tell.status(status);
    tell.resolves('the query confirms it');
  });

rows.row(way_back, '`ipn-first`: after the IPN', 'a return after the notification changes nothing',
  async (world, tell) => {
    const id = await world.started(simple_eur);
    const back = await world.with_fault('simplepay', 'return', 'ipn-first', {},
      () => world.act(id, 'pay'));
    await world.in_status(id, 'paid');
    answer_of(await world.back(back), 'SUCCESS', tell);
    tell.status(await world.status(id));
    assert.equal(await world.status(id), 'paid');
    tell.resolves('nothing is wrong');
  });

rows.row(way_back, '`late`: it takes its time', 'a return that comes late says what it says',
  async (world, tell) => {
    const id = await world.started(simple_eur);
    const back = await world.with_fault('simplepay', 'return', 'late', { delay_ms: 600 },
      () => world.act(id, 'pay'));
    answer_of(await world.back(back), 'SUCCESS', tell);
    tell.status((await world.in_status(id, 'paid')).status);
    tell.resolves('nothing is wrong');
  });

rows.row(way_back, '`never`', 'a visitor who never comes back has paid all the same',
  async (world, tell) => {
    const id = await world.started(simple_eur);
    await world.with_fault('simplepay', 'return', 'never', {}, () => world.act(id, 'pay'));
    const { status, events } = await world.in_status(id, 'paid');
    assert.ok(!events.some(({ kind }) => kind === 'returned'));
    tell.status(status);
    tell.resolves('the notification is enough');
  });

rows.row(way_back, 'it says SUCCESS, signed, though nothing was paid',
  'a return alone never makes a payment paid',
  async (world, tell) => {
    const id = await world.started(simple_eur);
    const { transaction_id } = await world.simplepay_payment(id);
    const { merchant, secret } = simplepay_accounts.EUR;
    const told = { r: 0, t: transaction_id, e: 'SUCCESS', m: merchant, o: `TR${id}` };
    const said = JSON.stringify(told);
    const r = Buffer.from(said).toString('base64');
    const s = createHmac('sha384', secret).update(said).digest('base64');
    answer_of(await world.back({ r, s }), 'SUCCESS', tell);
    await eventually(async () => (await world.log('simplepay', 'query')).some(
      ({ body, verdict }) => body.includes(`"TR${id}"`) && verdict === 'OK'));
    assert.equal(await world.status(id), 'pending');
    tell.status(await world.status(id), (await world.pay(id)).status);
    tell.resolves('shown as a hint; SimplePay is asked, and says that nothing was paid');
  });

rows.close();
