// A primary and a synchronous standby, two replicas that know both by name, and visitors who buy.
// The primary dies as with its machine, the standby is promoted; nobody touches the service.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Books } from '../crash/books.mjs';
import { Chance } from '../crash/chance.mjs';
import { Visitors } from '../crash/visitors.mjs';
import { eventually, pause } from '../support/harness.mjs';
import { PostgresDatabase } from '../support/database.mjs';
import { Postgres } from '../support/postgres.mjs';
import { World } from '../faults/world.mjs';
import { open_cluster } from './cluster.mjs';

const seed = Number(process.env.FAILOVER_SEED ?? randomInt(2 ** 31));
const load_ms = Number(process.env.FAILOVER_LOAD_MS ?? 3000);  // before, and again after
const noticed_after_ms = 500;  // as long as an attentive watcher takes to promote the standby
const recovers_within_ms = 15_000;
const name = 'payments';

// All that the service is told of a failover.
const addresses = (...servers) => {
  const hosts = servers.map(({ port }) => `127.0.0.1:${port}`).join();
  return `postgresql://${name}@${hosts}/${name}?target_session_attrs=read-write&connect_timeout=2`;
};

let primary, standby, world, books, visitors;
const found = {};
const times = {};

before(async () => {
  primary = await Postgres.start();
  await primary.create_database(name);
  standby = await primary.make_synchronous_standby();
  const url = addresses(primary, standby);
  const database = new PostgresDatabase(url);
  const sandbox_args = ['--seed', String(seed)];
  const settings = { PAYMENTS_DATABASE_TIMEOUT_MS: '3000' };
  world = await World.open({ open: open_cluster, count: 2, database, settings, sandbox_args });
  books = new Books(world);
  visitors = new Visitors(world, new Chance(seed), 8);
  await pause(load_ms);
  await fail_over();
  await pause(load_ms);
  await visitors.leave();
  await come_to_rest();
});
after(async () => {
  await visitors?.leave();
  await world?.close();
  await standby?.close();
  await primary?.close();
});

// From now on until something that was not there before has been acknowledged.
async function first_answer() {
  const { answered } = visitors.counts;
  await eventually(() => visitors.counts.answered > answered, {
    within_ms: recovers_within_ms,
    every_ms: 5,
    what: 'a start to be answered after the failover',
  });
}

async function fail_over() {
  const killed = performance.now();
  await primary.kill();
  await pause(noticed_after_ms);
  found.without = await Promise.all(world.platform.replicas.map((one) => one.readiness()));
  await standby.promote();
  const promoted = performance.now();
  await first_answer();
  times.answers_ms = performance.now() - promoted;
  await world.platform.ready(recovers_within_ms);
  times.ready_ms = performance.now() - promoted;
  times.away_ms = performance.now() - killed;
}

async function come_to_rest() {
  await world.control('simplepay', 'clock', { advance_s: 301 });
  const settled = async () => {
    found.unsettled = await books.unsettled(await books.held());
    return found.unsettled.length === 0;
  };
  await eventually(settled, { within_ms: 60_000, every_ms: 250 }).catch(() => {});
  await books.hear();
  found.notifications = await books.lost_notifications();
  found.starts = await books.lost_starts(new Map(visitors.answers));
  const held = await books.held();
  found.unrecorded = await books.unrecorded(held);
  found.twice = (await books.paid_twice(held, visitors.paid_twice, true)).wrong;
}

const nothing = (what) => assert.deepEqual(found[what], [], `seed ${seed}`);

test('while no primary is there, every replica says that it is not ready', () => {
  for (const { status } of found.without) assert.equal(status, 503);
});

test('no acknowledged notification is lost', () => {
  nothing('notifications');
  assert.ok(books.acknowledged.simplepay.length > 0 && books.acknowledged.stripe.length > 0);
});

test('no start that was answered is lost', () => nothing('starts'));

test('nothing was begun at a provider that is not on record, or twice', () => {
  nothing('unrecorded');
  nothing('twice');
});

test('everything comes to rest on the new primary by itself', () => nothing('unsettled'));

test('the visitors saw answers that the contract knows, and nobody restarted a replica', () => {
  assert.deepEqual(visitors.failures, []);
  for (const { program } of world.platform.replicas) assert.equal(program.end, undefined);
});

test('the books on the new primary read again without a difference', async () => {
  const { code, output } = await world.verify_ledger();
  assert.match(output, /: 0 differences/);
  assert.equal(code, 0);
});

test('the time to recover is a matter of seconds', (t) => {
  const { counts, replies } = visitors;
  const whole = Object.entries(times).map(([what, ms]) => `${what} ${Math.round(ms)}`);
  t.diagnostic(`failover, ms after the promotion (away: after the death): ${whole.join(', ')}`);
  t.diagnostic(`${JSON.stringify(counts)} ${JSON.stringify(replies)}`);
  assert.ok(times.ready_ms < recovers_within_ms);
});
