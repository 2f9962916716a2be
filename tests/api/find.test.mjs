// Staff find a payment, open it, read its messages and ask its provider, over HTTP.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually, payments_program, Program } from '../fixtures/harness.mjs';
import { assert_ok, assert_problem } from './client.mjs';
import {
  act_on_simplepay, billing, open_world, pay_at_stripe, scope, search, simple_eur, stripe_huf,
} from './world.mjs';

let world;
before(async () => (world = await open_world()));
after(() => world?.close());

const everything = { tickets_get_flags: '*', tickets_get_years: '*', tickets_get_events: '*' };
const clerk = (more = scope) => world.user_token({ ...search, ...more });
const find = async (body, token = clerk()) =>
  assert_ok(await world.call('findTransactions', { body, token }));
const open = (transaction_id, token = clerk()) =>
  world.call('getTransaction', { body: { transaction_id }, token });
const ids = ({ transactions }) => transactions.map(({ id }) => id);

async function start(code, ticket_id = world.tickets.add(), metas = billing) {
  return assert_ok(await world.call('startPayment', { body: { ticket_id, code, metas } }));
}

async function paid(id) {
  const is_paid = async () => ids(await find({ text: `TR${id}`, status: ['paid'] })).length === 1;
  await eventually(is_paid, { within_ms: 20_000, what: `transaction ${id} to be paid` });
  return id;
}

async function paid_by_simplepay(metas) {
  const { redirect_url, transaction_id } = await start(simple_eur, undefined, metas);
  await act_on_simplepay(redirect_url, 'pay');
  return paid(transaction_id);
}

async function paid_by_stripe() {
  const { client_secret, transaction_id } = await start(stripe_huf);
  await pay_at_stripe(world.sandbox, client_secret);
  return paid(transaction_id);
}

describe('findTransactions', () => {
  it('finds a payment by every id it has', async () => {
    const id = await paid_by_stripe();
    const [{ provider_transaction_id, ticket_id, scope: where }] = (await find({ text: `TR${id}` }))
      .transactions;
    assert.deepEqual(where, { flag: 'HU', year: '2027', event: 'OZORA' });
    for (const text of [`${id}`, provider_transaction_id, `${ticket_id}`])
      assert.ok(ids(await find({ text })).includes(id), text);
    const simplepay = await paid_by_simplepay({ ...billing, email: 'Kovacs@example.hu' });
    assert.deepEqual(ids(await find({ text: 'kovacs@EXAMPLE.hu' })), [simplepay]);
  });

  it('lists newest first, page by page', async () => {
    for (let i = 0; i < 3; ++i) await start(simple_eur);
    const all = ids(await find({ limit: 200 }));
    assert.deepEqual(all, [...all].sort((a, b) => b - a));
    const paged = [];
    let after;
    do {
      const page = await find({ limit: 2, after });
      paged.push(...ids(page));
      after = page.next ?? undefined;
    } while (after);
    assert.deepEqual(paged, all);
  });

  it('keeps to the scope of the token', async () => {
    const ticket_id = world.tickets.add({ flag: 'DE' });
    const { transaction_id } = await start(simple_eur, ticket_id);
    assert.deepEqual(ids(await find({ ticket_id })), []);
    assert.deepEqual(ids(await find({ ticket_id }, clerk(everything))), [transaction_id]);
    assert.deepEqual(ids(await find({}, clerk({}))), []);
    assert_problem(await open(transaction_id), 404, 'unknown-transaction');
  });

  it('names what is wrong and asks for the privilege', async () => {
    const token = clerk();
    const wrong = { limit: 0, status: ['lost'], amount_from: 1, paid_to: 'soon' };
    const reply = await world.call('findTransactions', { body: wrong, token, request: 'breaks' });
    assert_problem(reply, 400, 'invalid-request');
    assert.deepEqual(
      reply.json.errors.map(({ pointer }) => pointer).sort(),
      ['/currency', '/limit', '/paid_to', '/status/0'],
    );
    const many = { status: Array(9000).fill('paid') };
    const bounded = await world.call('findTransactions', { body: many, token, request: 'breaks' });
    assert_problem(bounded, 400, 'invalid-request');
    assert.deepEqual(bounded.json.errors.map(({ pointer }) => pointer), ['/status']);
    const without = world.user_token(scope);
    const call = (of) => world.call('findTransactions', { body: {}, token: of });
    assert_problem(await call(without), 403, 'forbidden');
    assert_problem(await call(null), 401, 'unauthorized');
    assert_problem(await call(world.service_token(search)), 401, 'unauthorized');
  });
});

describe('getTransaction', () => {
  it('tells the whole story, with personal data masked', async () => {
    const id = await paid_by_simplepay();
    const token = world.user_token({ ...search, ...scope, payments_refund: 'true' });
    const reply = await open(id, token);
    const story = assert_ok(reply);
    const { email, metas, events } = story.transaction;
    assert.equal(email, 'v***r@e***.com');
    assert.deepEqual(metas, {
      ...billing, email, name: 'É. K.', zip: '***', address: '***',
    });
    assert.ok(!reply.text.includes('visitor@'));
    assert.equal(events.at(-1).status, 'paid');
    assert.equal(story.refundable, 220);
    assert.ok(story.messages.length >= 1);
    assert.deepEqual(story.told.map(({ type }) => type), ['payment.paid']);
    const may = story.may.map(({ what, yes }) => [what, yes]);
    assert.deepEqual(may, [['refund', true], ['ask', true], ['note', true], ['reveal', false]]);
  });

  it('follows a ticket that moves, as soon as somebody tells', async () => {
    const ticket_id = world.tickets.add();
    const { transaction_id } = await start(simple_eur, ticket_id);
    assert.equal(assert_ok(await open(transaction_id)).transaction.scope.flag, 'HU');
    world.tickets.change(ticket_id, { flag: 'DE' });
    const tickets = [{ id: ticket_id, flag: 'DE', year: '2027', event: 'OZORA' }];
    const note = (token) => world.call('noteTicketScopes', { body: { tickets }, token });
    assert_problem(await note(clerk()), 401, 'unauthorized');
    assert.deepEqual(assert_ok(await note(world.service_token())), { changed: 1 });
    assert_problem(await open(transaction_id), 404, 'unknown-transaction');
    assert.deepEqual(ids(await find({ ticket_id })), []);
    assert.deepEqual(ids(await find({ ticket_id }, clerk(everything))), [transaction_id]);
  });

  it('tells the card that a message names, and of a word no message but its own', async () => {
    const id = await paid_by_stripe();
    const token = world.user_token({ ...search, ...scope, payments_refund: 'true' });
    const body = { transaction_id: id, amount: 1000 };
    assert_ok(await world.call('refundPayment', { body, token }));
    const card = async () => assert_ok(await open(id)).card_last4;
    await eventually(async () => (await card()) === '4242', {
      within_ms: 20_000, what: 'the card to be told',
    });
    // Two that came in one millisecond name none.
    const { transaction, messages } = assert_ok(await open(id));
    for (const { message_id, source, at } of transaction.events) {
      const named = messages.find((message) => message.message_id === message_id);
      if (message_id !== null) assert.deepEqual([source, named?.received_at], ['webhook', at]);
    }
  });

  it('is unavailable while the tickets service is, and lists are not', async () => {
    const { transaction_id } = await start(simple_eur);
    world.tickets.behave('broken');
    try {
      assert_problem(await open(transaction_id), 503, 'tickets-unavailable');
      assert.deepEqual(ids(await find({ text: `TR${transaction_id}` })), [transaction_id]);
    } finally {
      world.tickets.behave('answers');
    }
  });
});

describe('addNote and reveal', () => {
  it('keeps a note once, shows it, and shows whom a payment is of to who may', async () => {
    const { transaction_id } = await start(simple_eur);
    const headers = { 'Idempotency-Key': `note-${transaction_id}` };
    const body = { transaction_id, text: 'The visitor called.' };
    const write = () => world.call('addNote', { body, headers, token: clerk() });
    const note = assert_ok(await write());
    assert.deepEqual(assert_ok(await write()), note);
    assert.deepEqual(assert_ok(await open(transaction_id)).notes, [note]);
    const outside = clerk({ ...scope, tickets_get_flags: 'DE' });
    assert_problem(
      await world.call('addNote', { body, token: outside }), 404, 'unknown-transaction',
    );

    const why = { transaction_id, why: 'on the phone' };
    assert_problem(await world.call('reveal', { body: why, token: clerk() }), 403, 'forbidden');
    const keeper = world.user_token({ ...scope, payments_personal: 'true' });
    const shown = assert_ok(await world.call('reveal', { body: why, token: keeper }));
    assert.deepEqual(shown, { email: billing.email, metas: billing });
    const nothing = { transaction_id, why: ' ' };
    const refused = await world.call('reveal', { body: nothing, token: keeper, request: 'breaks' });
    assert_problem(refused, 400, 'invalid-request');
  });
});

describe('readMessage', () => {
  it('gives the signed message, masked', async () => {
    const id = await paid_by_stripe();
    const { messages } = assert_ok(await open(id));
    const body = { message_id: messages[0].message_id };
    const read = assert_ok(await world.call('readMessage', { body, token: clerk() }));
    assert.equal(read.transaction_id, id);
    assert.equal(JSON.parse(read.body).id, read.identity);
    const outside = clerk({ ...scope, tickets_get_flags: 'DE' });
    const refused = await world.call('readMessage', { body, token: outside });
    assert_problem(refused, 404, 'unknown-message');
  });
});

describe('refresh-scopes', () => {
  const refresh = async (...args) => {
    const env = { ...process.env, ...world.platform.settings };
    const program = new Program(payments_program, ['refresh-scopes', ...args], { env });
    const { code } = await program.ended;
    return { code, output: program.output };
  };
  // As a version that kept no scope has left it.
  const begun_before = (ticket_id) =>
    world.database.execute(`
      INSERT INTO transactions (ticket_id, fee_type, currency, processor, amount_minor, account,
        email, metas, created_at, expires_at, status, live, holds_fee, updated_at)
      VALUES (${ticket_id}, 'OLD-FEE', 'EUR', 'SIMPLE', 0, '', '', '{}', 0, 0, 'failed', false,
        false, 0)`);

  it('shows staff what was begun before scopes were kept', async () => {
    const ticket_id = world.tickets.add();
    await begun_before(ticket_id);
    await begun_before(4711);
    assert.deepEqual(ids(await find({ ticket_id })), []);
    world.tickets.behave('broken');
    const silent = await refresh();
    world.tickets.behave('answers');
    assert.equal(silent.code, 1, silent.output);
    assert.match(silent.output, /^2 tickets asked for, 0 payments placed, .* 2 without an/m);
    const { code, output } = await refresh('--rate', '1000');
    assert.equal(code, 0, output);
    assert.match(output, /^2 tickets asked for, 1 payments placed, 1 tickets unknown, 0 /m);
    assert.equal(ids(await find({ ticket_id })).length, 1);
    assert.equal((await refresh('--rate', '0')).code, 2);
  });
});

describe('askProvider', () => {
  it('asks once in ten seconds', async () => {
    const id = await paid_by_stripe();
    const ask = () =>
      world.call('askProvider', { body: { transaction_id: id }, token: clerk() });
    const asked = assert_ok(await ask());
    assert.equal(asked.status, 'paid');
    const again = await ask();
    assert_problem(again, 429, 'rate-limited');
    const wait_s = Number(again.headers['retry-after']);
    assert.ok(wait_s >= 1 && wait_s <= 10, `${wait_s}`);
  });
});
