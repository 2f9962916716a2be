// Visitors buy at two replicas, the primary is lost, and a standby takes over; nobody touches the
// service. The tests that this makes are what must have held.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pause } from '../fixtures/harness.mjs';
import { PostgresDatabase } from '../fixtures/database.mjs';
import { promises_of, Sale } from './sale.mjs';

const dead_for_ms = 500;  // before anyone looks, and before the standby takes over

// Gives what each replica said meanwhile of being ready, and how long everything took.
async function fail_over(sale, servers, recovers_within_ms) {
  const lost = performance.now();
  const since_ms = () => Math.round(performance.now() - lost);
  await servers.lose_primary();
  await pause(dead_for_ms);
  const without = await Promise.all(sale.replicas.map((one) => one.readiness()));
  await servers.take_over();
  const times = { promoted: since_ms() };
  await sale.sells_again(recovers_within_ms);
  times.first_start_answered = since_ms();
  await sale.world.platform.ready(recovers_within_ms);
  times.every_replica_ready = since_ms();
  return { without, times };
}

// `open_servers` gives the servers: url (of all of them), lose_primary, take_over, close.
export function failover_tests(open_servers, { seed, load_ms, recovers_within_ms }) {
  let servers, sale, said;
  before(async () => {
    servers = await open_servers();
    const address = `${servers.url}?target_session_attrs=read-write&connect_timeout=2`;
    sale = await Sale.open({ database: new PostgresDatabase(address), seed });
    await pause(load_ms);
    said = await fail_over(sale, servers, recovers_within_ms);
    await pause(load_ms);
    await sale.come_to_rest();
  });
  after(async () => {
    await sale?.close();
    await servers?.close();
  });

  test('while no primary is there, every replica says that it is not ready', () => {
    for (const { status, body } of said.without) assert.equal(status, 503, body);
  });
  promises_of(() => sale);
  test('the time to recover is known', (t) => {
    const { counts, replies } = sale.visitors;
    t.diagnostic(`ms after the primary was lost: ${JSON.stringify(said.times)}`);
    t.diagnostic(`${JSON.stringify(counts)} ${JSON.stringify(replies)}`);
    console.log(`failover, ms after the primary was lost: ${JSON.stringify(said.times)}`);
  });
}
