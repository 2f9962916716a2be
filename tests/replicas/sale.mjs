// Visitors buy at two replicas while something befalls the database, and nobody helps the service;
// and what must have held when they have left.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Books } from '../crash/books.mjs';
import { Chance } from '../crash/chance.mjs';
import { Line } from '../crash/line.mjs';
import { Visitors } from '../crash/visitors.mjs';
import { eventually } from '../fixtures/harness.mjs';
import { World } from '../faults/world.mjs';
import { open_cluster } from './cluster.mjs';

const visitors_at_once = 8;
const retries_after_s = 301;
const quiet_within_ms = 60_000;

export class Sale {
  found = {};

  // `database` is where the replicas keep their books, `settings` are theirs.
  static async open({ database, settings = {}, seed }) {
    const world = await World.open({
      open: open_cluster,
      count: 2,
      database,
      settings: { PAYMENTS_DATABASE_TIMEOUT_MS: '3000', ...settings },
      sandbox_args: ['--seed', String(seed)],
    });
    return new Sale(world, seed);
  }

  constructor(world, seed) {
    const visitors = new Visitors(world, new Line(world), new Chance(seed), visitors_at_once);
    Object.assign(this, { world, seed, books: new Books(world), visitors });
  }

  get replicas() {
    return this.world.platform.replicas;
  }

  // Until a start is answered that was not yet.
  async sells_again(within_ms) {
    const { answered } = this.visitors.counts;
    await eventually(() => this.visitors.counts.answered > answered, {
      within_ms,
      every_ms: 5,
      what: 'a start to be answered again',
    });
  }

  async come_to_rest() {
    const { world, books, found, visitors } = this;
    await visitors.leave();
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
    await this.visitors.leave();
    await this.world.close();
  }
}

// `sale_of` gives the sale, which has come to rest.
export function promises_of(sale_of) {
  const nothing = (what) =>
    assert.deepEqual(sale_of().found[what], [], `seed ${sale_of().seed}`);

  test('no acknowledged notification is lost', () => {
    nothing('notifications');
    const { simplepay, stripe } = sale_of().books.acknowledged;
    assert.ok(simplepay.length > 0 && stripe.length > 0);
  });
  test('no start that was answered is lost', () => nothing('starts'));
  test('nothing was begun at a provider that is not on record, or twice', () => {
    nothing('unrecorded');
    nothing('twice');
  });
  test('everything comes to rest by itself', () => nothing('unsettled'));
  test('the visitors saw nothing that the contract forbids, and no replica ended', () => {
    assert.deepEqual(sale_of().visitors.failures, []);
    for (const { lives } of sale_of().replicas) assert.ok(lives);
  });
  test('the books read again without a difference', async () => {
    const { code, output } = await sale_of().world.verify_ledger();
    assert.match(output, /: 0 differences/);
    assert.equal(code, 0);
  });
}
