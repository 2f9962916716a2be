// Three servers under Patroni, which notices by itself that the primary died and promotes a
// standby.
// Takes more than a minute and two more Debian packages: runs when TEST_PATRONI is set.
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { has_patroni, PatroniCluster } from '../fixtures/patroni.mjs';
import { failover_tests } from './failover.mjs';

async function open_servers() {
  const servers = await PatroniCluster.start();
  servers.url = await servers.create_database('payments');
  return servers;
}

if (process.env.TEST_PATRONI && has_patroni) {
  failover_tests(open_servers, {
    seed: Number(process.env.FAILOVER_SEED ?? randomInt(2 ** 31)),
    load_ms: Number(process.env.FAILOVER_LOAD_MS ?? 3000),
    recovers_within_ms: 60_000,
  });
} else {
  test('a failover by Patroni', { skip: 'TEST_PATRONI is not set, or patroni or etcd is missing' });
}
