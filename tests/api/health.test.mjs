// Whether the installation is well, as operators see it in the back office.
import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { after, before, describe, it } from 'node:test';
import { payments_program, Program } from '../../scripts/platform.mjs';
import { on_postgres } from '../fixtures/database.mjs';
import { hold } from '../fixtures/postgres.mjs';
import { assert_ok, assert_problem } from './client.mjs';
import { open_world, search } from './world.mjs';

let world;
before(async () => (world = await open_world()));
after(() => world?.close());

const operator = { payments_operate: 'true' };
const look = async () =>
  assert_ok(await world.call('getHealth', { token: world.user_token(operator) }));
const check = (health, name) => health.checks.find((one) => one.name === name);

async function command(...args) {
  const program = new Program(payments_program, args, { env: world.platform.settings });
  const { code } = await program.ended;
  return { code, output: program.output };
}

async function taking(work) {
  const began = Date.now();
  return [await work(), Date.now() - began];
}

describe('getHealth', () => {
  it('is for operators', async () => {
    const token = world.user_token(search);
    assert_problem(await world.call('getHealth', { token }), 403, 'forbidden');
    assert_problem(await world.call('getHealth', {}), 401, 'unauthorized');
  });

  it('says what answers, and which replica runs', async () => {
    const health = await look();
    for (const name of ['database', 'tickets', 'simplepay', 'stripe', 'keys', 'key_sets'])
      assert.equal(check(health, name).state, 'good', name);
    assert.equal(health.database.kind, on_postgres ? 'postgresql' : 'sqlite');
    assert.ok(health.database.is_reachable);
    assert.equal(health.database.disk_size_bytes === null, on_postgres);
    assert.deepEqual(health.outsides.map(({ name }) => name),
      ['SIMPLE', 'STRIPE-INTENTS', 'tickets']);
    assert.deepEqual(health.events, { waiting: 0, dead: 0, oldest_waiting_at: null });
    const [replica] = health.replicas;
    assert.equal(health.replicas.length, 1);
    assert.ok(replica.replica.startsWith(`${hostname()}:`));
    assert.ok(replica.is_alive && health.same_version && health.same_settings);
    assert.equal(replica.version, health.version);
    assert.equal(replica.clock_ahead_ms === null, !on_postgres);
  });

  it('knows of the last backup and of the last reading of the books', async () => {
    const before_all = await look();
    assert.deepEqual([before_all.backup.at, before_all.books.verified_at], [null, null]);
    assert.equal(check(before_all, 'backup').state, 'warn');

    const noted = await command('note-backup', '--at', '2026-01-02T03:04:05Z');
    assert.equal(noted.code, 0, noted.output);
    const to_come = await command('note-backup', '--at', '2126-01-02T03:04:05Z');
    assert.equal(to_come.code, 2, to_come.output);
    assert.equal((await command('verify-ledger', '--no-record')).code, 0);
    assert.equal((await look()).books.verified_at, null);
    assert.equal((await command('verify-ledger')).code, 0);

    const health = await look();
    assert.equal(health.backup.at, '2026-01-02T03:04:05.000Z');
    assert.equal(check(health, 'backup').state, 'bad');
    assert.equal(check(health, 'backup').code, 'backup_noted');
    assert.ok(check(health, 'backup').with.age_s > 86_400);
    assert.equal(health.state, 'bad');
    assert.equal((await command('note-backup')).code, 0);
    const { books, ...rest } = await look();
    assert.equal(check(rest, 'backup').state, 'good');
    assert.deepEqual([books.transactions, books.differences, books.first_difference], [0, 0, null]);
    assert.equal(check(rest, 'ledger').state, 'good');
  });

  it('is answered while somebody outside is silent', async () => {
    world.tickets.behave('silent');
    const [health, took_ms] = await taking(look);
    world.tickets.behave('answers');
    assert.equal(check(health, 'tickets').state, 'bad');
    assert.equal(health.state, 'bad');
    assert.ok(took_ms < 5_000, `${took_ms} ms`);
    assert.ok(health.database.is_reachable);
  });

  // In SQLite who only reads waits for nobody.
  const on_a_slow_database = on_postgres ? it : () => {};
  on_a_slow_database('is answered while the database is slow', async () => {
    const release = await hold(world.database.direct, 'LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE');
    const [health, took_ms] = await taking(look);
    const [again, took_again_ms] = await taking(look);
    await release();
    for (const ms of [took_ms, took_again_ms]) assert.ok(ms < 5_000, `${ms} ms`);
    for (const slow of [health, again]) {
      assert.equal(check(slow, 'database').state, 'bad');
      assert.equal(check(slow, 'tickets').state, 'good');
      assert.equal(slow.replicas.length, 1);
      assert.equal(slow.events.waiting, null);
      assert.equal(check(slow, 'backup'), undefined);
    }
  });

  it('is told of by the other command too', async () => {
    const { code, output } = await command('doctor', '--json');
    assert.equal(code, 0, output);
    const names = JSON.parse(output).map(({ name }) => name);
    for (const name of ['replicas', 'key_sets', 'sums', 'backup', 'ledger'])
      assert.ok(names.includes(name), name);
  });
});
