// Visitors buy at two replicas, the primary is lost, and a standby takes over; nobody touches the
// service. The tests that this makes are what must have held.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Books } from '../crash/books.mjs';
import { Chance } from '../crash/chance.mjs';
import { Line } from '../crash/line.mjs';
import { Visitors } from '../crash/visitors.mjs';
import { eventually, pause } from '../fixtures/harness.mjs';
import { PostgresDatabase } from '../fixtures/database.mjs';
import { World } from '../faults/world.mjs';
import { open_cluster } from './cluster.mjs';

const visitors_at_once = 8;
const dead_for_ms = 500;  // before anyone looks, and before the standby takes over
const retries_after_s = 301;
const quiet_within_ms = 60_000;

class Failover {
  found = {};
  times = {};

  constructor(servers, { seed, load_ms, recovers_within_ms }) {
    Object.assign(this, { servers, seed, load_ms, recovers_within_ms });
  }

  async run() {
    const address = `${this.servers.url}?target_session_attrs=read-write&connect_timeout=2`;
    this.world = await World.open({
      open: open_cluster,
      count: 2,
      database: new PostgresDatabase(address),
      settings: { PAYMENTS_DATABASE_TIMEOUT_MS: '3000' },
      sandbox_args: ['--seed', String(this.seed)],
    });
    const { world } = this;
    this.books = new Books(world);
    this.visitors = new Visitors(world, new Line(world), new Chance(this.seed), visitors_at_once);
    await pause(this.load_ms);
    await this.#fail_over();
    await pause(this.load_ms);
    await this.visitors.leave();
    await this.#come_to_rest();
  }

  async #fail_over() {
    const { replicas } = this.world.platform;
    const lost = performance.now();
    const since_ms = () => Math.round(performance.now() - lost);
    await this.servers.lose_primary();
    await pause(dead_for_ms);
    this.found.without = await Promise.all(replicas.map((one) => one.readiness()));
    await this.servers.take_over();
    this.times.promoted = since_ms();
    const { answered } = this.visitors.counts;
    await eventually(() => this.visitors.counts.answered > answered, {
      within_ms: this.recovers_within_ms,
      every_ms: 5,
      what: 'a start to be answered after the failover',
    });
    this.times.first_start_answered = since_ms();
    await this.world.platform.ready(this.recovers_within_ms);
    this.times.every_replica_ready = since_ms();
  }

  async #come_to_rest() {
    const { world, books, found, visitors } = this;
    await world.control('simplepay', 'clock', { advance_s: retries_after_s });
    const settled = async () => {
      found.unsettled = await books.unsettled(await books.held());
      return found.unsettled.length === 0;
    };
    const patience = { within_ms: quiet_within_ms, every_ms: 250 };
    await eventually(settled, patience).catch(() => {});  // a test tells
    await books.hear();
    found.notifications = await books.lost_notifications();
    found.starts = await books.lost_starts(new Map(visitors.answers));
    const held = await books.held();
    found.unrecorded = await books.unrecorded(held);
    found.twice = (await books.paid_twice(held, visitors.paid_twice, true)).wrong;
  }

  async close() {
    await this.visitors?.leave();
    await this.world?.close();
    await this.servers.close();
  }
}

// `open_servers` gives the servers: url (of all of them), lose_primary, take_over, close.
export function failover_tests(open_servers, options) {
  let failover;
  before(async () => {
    failover = new Failover(await open_servers(), options);
    await failover.run();
  });
  after(() => failover?.close());

  const nothing = (what) =>
    assert.deepEqual(failover.found[what], [], `seed ${options.seed}`);

  test('while no primary is there, every replica says that it is not ready', () => {
    for (const said of failover.found.without) assert.equal(said.status, 503, said.body);
  });
  test('no acknowledged notification is lost', () => {
    nothing('notifications');
    const { simplepay, stripe } = failover.books.acknowledged;
    assert.ok(simplepay.length > 0 && stripe.length > 0);
  });
  test('no start that was answered is lost', () => nothing('starts'));
  test('nothing was begun at a provider that is not on record, or twice', () => {
    nothing('unrecorded');
    nothing('twice');
  });
  test('everything comes to rest on the new primary by itself', () => nothing('unsettled'));
  test('the visitors saw nothing that the contract forbids, and no replica ended', () => {
    assert.deepEqual(failover.visitors.failures, []);
    for (const { lives } of failover.world.platform.replicas) assert.ok(lives);
  });
  test('the books on the new primary read again without a difference', async () => {
    const { code, output } = await failover.world.verify_ledger();
    assert.match(output, /: 0 differences/);
    assert.equal(code, 0);
  });
  test('the time to recover is known', (t) => {
    const { times, visitors } = failover;
    t.diagnostic(`ms after the primary was lost: ${JSON.stringify(times)}`);
    t.diagnostic(`${JSON.stringify(visitors.counts)} ${JSON.stringify(visitors.replies)}`);
    console.log(`failover, ms after the primary was lost: ${JSON.stringify(times)}`);
  });
}
