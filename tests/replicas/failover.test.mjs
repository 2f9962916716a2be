// The primary dies, and its synchronous standby is promoted by hand. FAILOVER_LOAD_MS says for how
// long visitors buy before and after, FAILOVER_SEED what chance does.
import { randomInt } from 'node:crypto';
import { failover_tests } from './failover.mjs';
import { open_pair } from './pair.mjs';

failover_tests(() => open_pair(({ primary }) => primary.kill()), {
  seed: Number(process.env.FAILOVER_SEED ?? randomInt(2 ** 31)),
  load_ms: Number(process.env.FAILOVER_LOAD_MS ?? 3000),
  recovers_within_ms: 30_000,
});
