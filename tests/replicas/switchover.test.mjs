// The primary lives on and takes no changes any more, its connections stay, and the standby is
// promoted: the service must leave connections that work for the server that takes changes.
import { randomInt } from 'node:crypto';
import { failover_tests } from './failover.mjs';
import { open_pair } from './pair.mjs';

failover_tests(
  () => open_pair(({ primary }) => primary.set({ default_transaction_read_only: 'on' })),
  {
    seed: Number(process.env.FAILOVER_SEED ?? randomInt(2 ** 31)),
    load_ms: Number(process.env.FAILOVER_LOAD_MS ?? 2000),
    recovers_within_ms: 30_000,
  },
);
