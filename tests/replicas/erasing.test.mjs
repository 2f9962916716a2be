// Several replicas and commands erase at once, on request and by age, and one of them dies: each
// payment is erased once, and the books read (docs/personal_data.md, 3 and 5).
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { assert_ok, client } from '../api/client.mjs';
import { eventually, in_the_future } from '../fixtures/harness.mjs';
import { hold } from '../fixtures/postgres.mjs';
import { simple_eur, World } from '../faults/world.mjs';
import { open_cluster } from './cluster.mjs';

const payments = 16;
const why = 'asked for by letter 77';
const everywhere = { tickets_get_flags: '*', tickets_get_years: '*', tickets_get_events: '*' };
const email = 'zsuzsi@example.org';

let world, cluster;
before(async () => {
  world = await World.open({ open: open_cluster, count: 3 });
  cluster = world.platform;
});
after(() => world?.close());

// Payments that are over, of one visitor.
async function cancelled(count, of = email) {
  const ids = [];
  while (ids.length < count) {
    const metas = { email: of, name: 'Kacifánt Zsuzsanna', country: 'HU' };
    const body = { ticket_id: await world.ticket(), code: simple_eur, metas };
    const { transaction_id: id } = assert_ok(await world.call('startPayment', { body }));
    assert_ok(await world.back(await world.act(id, 'cancel')));
    ids.push(id);
  }
  await Promise.all(ids.map((id) => world.in_status(id, 'cancelled')));
  return ids;
}

const rows = (sql) => cluster.database.rows(sql);
// Of each payment, how often it was erased, and by whom.
const erased = async (ids) => (await rows(
  `SELECT transaction_id AS id, count(*) AS times, min(by_name) AS by FROM actions
   WHERE kind = 'erase' AND transaction_id IN (${ids}) GROUP BY transaction_id ORDER BY 1`,
)).map(({ id, times, by }) => ({ id: Number(id), times: Number(times), by }));
const held = async (ids) => Number((await rows(
  `SELECT count(*) AS n FROM transactions WHERE id IN (${ids}) AND (email <> '' OR metas <> '{}')`,
))[0].n);
const tickets_of = async (ids) => (await rows(
  `SELECT ticket_id AS id FROM transactions WHERE id IN (${ids}) ORDER BY id`,
)).map(({ id }) => String(id));

const ask = (replica) => client(replica.url)('erasePerson', {
  body: { email, why },
  token: cluster.user_token({ payments_erase: 'true', ...everywhere }),
});

async function assert_once(ids) {
  assert.equal(await held(ids), 0);
  const found = await erased(ids);
  assert.deepEqual(found.map(({ id, times }) => [id, times]), ids.map((id) => [id, 1]));
  const { code, output } = await world.verify_ledger();
  assert.equal(code, 0, output);
  return found;
}

it('asked of two replicas and of commands at once, each payment is erased once', async () => {
  const ids = await cancelled(payments);
  const tickets = await tickets_of(ids);
  const [one, two] = cluster.replicas;
  const commands = tickets.slice(0, 4).reverse().map((ticket) =>
    world.command('visitor', 'erase', '--ticket', ticket, '--why', why));
  const [asked, ended, others] = await Promise.all([
    Promise.all([ask(one), ask(two), ask(one), ask(two)]),
    Promise.all([...commands, world.command('erase-due'), world.command('erase-due')]),
    cancelled(4, 'other@example.org'), // who buys meanwhile is not kept from it
  ]);
  for (const reply of asked)
    for (const { state } of assert_ok(reply).payments) assert.equal(state, 'erased');
  for (const { code, output } of ended) assert.equal(code, 0, output);
  await assert_once(ids);
  assert.equal(await held(others), 4);
});

it('what a replica has left undone that died is done by another', async () => {
  const ids = await cancelled(payments);
  const [one, two] = cluster.replicas;
  // It comes as far as the payment that somebody else has.
  const half = payments / 2;
  const release = await hold(cluster.database.direct,
    `SELECT 1 FROM transactions WHERE id = ${ids[half]} FOR UPDATE`);
  const answer = ask(one).catch(() => 'cut off');
  await eventually(async () => (await held(ids)) === half, { what: 'half of it to be erased' });
  await one.kill();
  assert.equal(await answer, 'cut off');
  await release();
  await eventually(async () => (await held(ids)) === 0, {
    within_ms: 60_000, what: 'the others to erase what was left',
  });
  await assert_once(ids);
  assert_ok(await ask(two));
  await assert_once(ids);
  await one.start();
});

it('what is due by age is erased once, whoever looks', async () => {
  const ids = await cancelled(payments, 'old@example.org');
  const then = { PAYMENTS_PERSONAL_DATA_DAYS: '1', ...in_the_future(3 * 24 * 60) };
  await cluster.restart(then);
  Object.assign(cluster.settings, then); // of commands
  for (const { code, output } of await Promise.all([1, 2].map(() => world.command('erase-due'))))
    assert.equal(code, 0, output);
  await eventually(async () => (await held(ids)) === 0, {
    within_ms: 60_000, what: 'what is old to be erased',
  });
  const found = await assert_once(ids);
  assert.deepEqual([...new Set(found.map(({ by }) => by))], ['retention']);
});

it('nobody has waited for anybody in vain', () => {
  const said = cluster.replicas.map(({ said, program }) => said + program.output).join('');
  assert.doesNotMatch(said, /deadlock|"level":"error"/);
});
