// A visitor pays, is taken out and erased, over HTTP and on the command line; afterwards no file of
// the installation holds a word of them (docs/personal_data.md).
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { on_postgres } from '../fixtures/database.mjs';
import {
  day_in_budapest, eventually, in_the_future, payments_program,
} from '../fixtures/harness.mjs';
import { assert_ok, assert_problem } from './client.mjs';
import {
  act_on_simplepay, open_world, pay_at_stripe, scope, search, simple_eur, stripe_huf,
} from './world.mjs';

const email = 'zsuzsi.kacifant@example.org';
const metas = {
  email, name: 'Kacifánt Zsuzsanna', country: 'HU', city: 'Sárrétudvari', zip: '6763',
  address: 'Pipitér köz 77', phone: '+36301357924',
};
const words = [email, 'Kacifánt', 'Sárrétudvari', 'Pipitér', '36301357924'];
const why = 'asked for by letter 77';
const everywhere = { tickets_get_flags: '*', tickets_get_years: '*', tickets_get_events: '*' };

let world;
before(async () => (world = await open_world()));
after(() => world?.close());

const officer = (more = everywhere) => world.user_token({ payments_erase: 'true', ...more });
const erase = (body, token = officer(), request = 'fits') =>
  world.call('erasePerson', { body, token, request });
const look = async (who) => assert_ok(await erase({ ...who, dry_run: true }));
const taker = () => world.user_token({
  payments_export: 'true', payments_personal: 'true', ...everywhere,
});
const clerk = () => world.user_token({ ...search, payments_audit: 'true', ...everywhere });

async function transaction(id) {
  const token = world.service_token(search);
  const body = { search_term: id };
  return assert_ok(await world.call('searchTransactions', { body, token })).transactions[0];
}

async function start(code, ticket_id = world.tickets.add(), whose = metas) {
  return assert_ok(await world.call('startPayment', { body: { ticket_id, code, metas: whose } }));
}

async function has_status(id, status) {
  await eventually(async () => (await transaction(id)).status === status, {
    within_ms: 20_000, what: `TR${id} to be ${status}`,
  });
  return id;
}

async function paid_by_simplepay() {
  const { redirect_url, transaction_id } = await start(simple_eur);
  await act_on_simplepay(redirect_url, 'pay');
  return has_status(transaction_id, 'paid');
}

// Its webhooks name the payer.
async function paid_by_stripe() {
  const { client_secret, transaction_id } = await start(stripe_huf);
  const billing_details = { name: metas.name, email };
  await pay_at_stripe(world.sandbox, client_secret, { billing_details });
  return has_status(transaction_id, 'paid');
}

const command = (args, { input, env = {} } = {}) => {
  const settings = Object.entries(world.platform.settings)
    .filter(([name]) => /^PAYMENTS_(DATABASE|PERSONAL|TIME_ZONE)/.test(name));
  return spawnSync(payments_program, args, {
    encoding: 'utf8', input,
    env: { PATH: process.env.PATH, ...Object.fromEntries(settings), ...env },
  });
};

function assert_verified() {
  const verified = command(['verify-ledger', '--no-record']);
  assert.equal(verified.status, 0, verified.stdout + verified.stderr);
}

// As bytes, as Base64 at each of the three places where it may begin, and as JSON escapes it.
function forms_of(word) {
  const bytes = Buffer.from(word);
  const shifted = [0, 1, 2].map((by) => Buffer.concat([Buffer.alloc(by), bytes])
    .toString('base64').slice(by === 0 ? 0 : 4, -4));
  const escaped = JSON.stringify(word).replace(/[^\x20-\x7e]/g, (c) =>
    `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).slice(1, -1);
  return [word, word.toLowerCase(), escaped, ...shifted];
}

async function words_in_files() {
  const found = [];
  for (const name of await readdir(world.directory, { recursive: true })) {
    const path = join(world.directory, name);
    if (!(await stat(path)).isFile()) continue;
    const bytes = await readFile(path);
    for (const word of words)
      if (forms_of(word).some((form) => bytes.includes(form))) found.push(`${name}: ${word}`);
  }
  return found;
}

describe('a visitor', () => {
  let simple, stripe, open, tickets;

  before(async () => {
    simple = await paid_by_simplepay();
    stripe = await paid_by_stripe();
    open = await start(simple_eur);
    tickets = await Promise.all([simple, stripe, open.transaction_id].map(async (id) =>
      (await transaction(id)).ticket_id));
    // Others, between whose rows theirs are moved.
    for (let i = 0; i < 40; ++i) await start(simple_eur, undefined, { email: `v${i}@example.com` });
    const taken = await world.call('exportCsv', {
      body: { what: 'payments', from: day_in_budapest(-1), to: day_in_budapest(2), personal: true },
      token: taker(),
    });
    assert.match(taken.text, /zsuzsi/);
  });

  it('is unknown to who may not erase, or sees other tickets alone', async () => {
    assert_problem(await erase({ email, why }, clerk()), 403, 'forbidden');
    const elsewhere = officer({ ...scope, tickets_get_flags: 'INT' });
    assert.deepEqual(assert_ok(await erase({ email, why }, elsewhere)).payments, []);
    assert.equal((await look({ email })).payments.length, 3);
  });

  it('must be named in one way, with a reason', async () => {
    for (const body of [{}, { why }, { email }, { email: 'x', why }, { email, ticket_id: 1, why },
      { email, why: ' ' }, { email, dry_run: 1 }])
      assert_problem(await erase(body, officer(), 'cannot tell'), 400, 'invalid-request');
  });

  it('is shown what is held, and what becomes of it', async () => {
    const { payments, exports } = await look({ email: email.toUpperCase() });
    const fates = payments.map(({ transaction_id, fate }) => [transaction_id, fate]);
    assert.deepEqual(fates, [
      [simple, 'kept_for_accounts'], [stripe, 'kept_for_accounts'], [open.transaction_id, 'waits'],
    ]);
    const year = Number(day_in_budapest().slice(0, 4)) + 8;
    assert.equal(payments[0].kept_until, `${year}-12-31`);
    assert.ok(payments[1].messages > 0);
    assert.equal(exports.length, 1);
    const shown = command(['visitor', 'show'], { input: `${email}\n` });
    assert.equal(shown.status, 0, shown.stderr);
    assert.match(shown.stdout, new RegExp(`TR${open.transaction_id}.*\\n.*\\n.*under way`));
    assert.match(shown.stdout, new RegExp(`kept for accounts until ${year}-12-31`));
  });

  it('is given all of it', async () => {
    const token = officer();
    const { held } = assert_ok(await world.call('exportPerson', { body: { email, why }, token }));
    assert.deepEqual(held.map(({ transaction }) => transaction.metas.name),
      Array(3).fill(metas.name));
    const file = join(world.directory, 'taken.json');
    const args = ['visitor', 'export', '--why', why, '--output', file];
    const taken = command(args, { input: email });
    assert.equal(taken.status, 0, taken.stderr);
    assert.match(await readFile(file, 'utf8'), /Pipitér/);
    await rm(file);
  });

  it('is erased, but for what accounts need and what is under way', async () => {
    assert.deepEqual((await words_in_files()).length > 0, !on_postgres);
    const { payments } = assert_ok(await erase({ email, why }));
    assert.deepEqual(payments.map(({ state }) => state), ['restricted', 'restricted', 'waiting']);
    assert.deepEqual((await transaction(simple)).metas, {});
    assert.equal((await transaction(open.transaction_id)).metas.name, metas.name);
    const { json } = await world.call('getTransaction', {
      body: { transaction_id: stripe }, token: clerk(),
    });
    assert.equal(json.transaction.email, '');
    assert_verified();
  });

  it('and the rest when it is over, whoever looks next', async () => {
    const back = await act_on_simplepay(open.redirect_url, 'cancel');
    assert_ok(await world.call('simplePayBackref', { body: back }));
    await has_status(open.transaction_id, 'cancelled');
    const done = command(['erase-due'], { env: in_the_future(20) });
    assert.equal(done.status, 0, done.stderr);
    assert.deepEqual((await transaction(open.transaction_id)).metas, {});
    assert_verified();
  });

  // What PostgreSQL's files hold: tests/storage/personal.
  it('is in no file but for what accounts need', { skip: on_postgres }, async () => {
    const kept = [/Kacifánt/, /Sárrétudvari/, /Pipitér/];
    const left = (await words_in_files()).filter((word) => !kept.some((one) => one.test(word)));
    assert.deepEqual(left, []);
  });

  it('is in no log', () => {
    const { output } = world.platform.payments.program;
    assert.match(output, /personal data are to be erased/);
    for (const word of words) assert.ok(!output.includes(word), word);
  });

  it('erased again changes nothing, and is found by the address it had', async () => {
    const again = command(['visitor', 'erase', '--why', why, '--json'], { input: email });
    assert.equal(again.status, 0, again.stderr);
    const { payments } = JSON.parse(again.stdout);
    assert.deepEqual(payments.map(({ transaction_id, state }) => [transaction_id, state]),
      [[simple, 'restricted'], [stripe, 'restricted']]);
    const { held } = assert_ok(await world.call('exportPerson', {
      body: { ticket_id: tickets[0], why }, token: officer(),
    }));
    assert.equal(held[0].restricted.name, metas.name);
    assert.equal(held[0].restricted.phone, undefined);
  });

  it('is on record as erased, and not by name', async () => {
    const { actions } = assert_ok(await world.call('listActions', { body: {}, token: clerk() }));
    const kinds = new Set(actions.map(({ kind }) => kind));
    for (const kind of ['erase', 'erase_person', 'export_person', 'search_email'])
      assert.ok(kinds.has(kind), kind);
    const told = JSON.stringify(actions);
    for (const word of words) assert.ok(!told.includes(word), word);
  });

  it('is in no export that is taken afterwards', async () => {
    const taken = await world.call('exportCsv', {
      body: { what: 'payments', from: day_in_budapest(-1), to: day_in_budapest(2), personal: true },
      token: taker(),
    });
    assert.match(taken.text, new RegExp(`TR${simple}`));
    for (const word of words) assert.ok(!taken.text.includes(word), word);
  });

  it('is gone altogether when the years of accounts are over', async () => {
    const done = command(['erase-due'], { env: in_the_future(10 * 366 * 24 * 60) });
    assert.equal(done.status, 0, done.stderr);
    assert.deepEqual((await look({ email })).payments, []);
    assert.equal((await look({ ticket_id: tickets[0] })).payments[0].state, 'erased');
    if (!on_postgres) assert.deepEqual(await words_in_files(), []);
    assert_verified();
  });
});

describe('an erasure in which the service dies', () => {
  const other = { ...metas, email: 'zsuzsi.masik@example.org' };
  const who = { email: other.email };

  it('is done when it is asked for again, and the books read', async () => {
    const ids = [];
    for (let i = 0; i < 30; ++i) {
      const { redirect_url, transaction_id } = await start(simple_eur, undefined, other);
      ids.push(transaction_id);
      const back = await act_on_simplepay(redirect_url, 'cancel');
      assert_ok(await world.call('simplePayBackref', { body: back }));
    }
    const ended = async () => (await look(who)).payments.every(({ fate }) => fate === 'goes');
    await eventually(ended, { within_ms: 30_000, what: 'all attempts to end' });
    const answer = erase({ ...who, why }).catch(() => 'cut off');
    const is_begun = async () => !(await transaction(ids[0])).metas.name;
    await eventually(is_begun, { every_ms: 1, what: 'the first to be erased' });
    process.kill(world.platform.payments.program.pid, 'SIGKILL');
    await answer;
    await world.restart();
    assert_verified();
    const { payments } = assert_ok(await erase({ ...who, why }));
    assert.ok(payments.every(({ state }) => state === 'erased'));
    assert.deepEqual((await look(who)).payments, []);
    assert_verified();
  });
});

describe('what is due', () => {
  it('is erased by the service itself, which tells of it', async () => {
    const ticket_id = world.tickets.add();
    await start(simple_eur, ticket_id);
    await world.restart({ PAYMENTS_PERSONAL_DATA_DAYS: '1', ...in_the_future(3 * 24 * 60) });
    await eventually(() => {
      const shown = command(['visitor', 'show', '--json', '--ticket', String(ticket_id)]);
      return JSON.parse(shown.stdout).payments[0].state !== 'held';
    }, { within_ms: 30_000, what: 'what is old to be noted' });
    const metrics = await (await fetch(`${world.url}/metrics`)).text();
    assert.match(metrics, /payments_personal_data_waiting \d/);
    assert.match(metrics, /payments_personal_data_round_age_seconds/);
  });
});
