// A primary and a synchronous standby with deploy/postgresql-synchronous.conf; promoted by hand.
// FAILOVER_LOAD_MS says for how long visitors buy before and after, FAILOVER_SEED what chance does.
import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../support/harness.mjs';
import { Postgres } from '../support/postgres.mjs';
import { failover_tests } from './failover.mjs';

const name = 'payments';

async function open_pair() {
  const path = join(root, 'deploy/postgresql-synchronous.conf');
  const primary = await Postgres.start({ configuration: await readFile(path, 'utf8') });
  let standby;
  const close = async () => {
    await standby?.close();
    await primary.close();
  };
  try {
    await primary.create_database(name);
    standby = await primary.make_synchronous_standby();
  } catch (error) {
    await close();
    throw error;
  }
  const hosts = [primary, standby].map(({ port }) => `127.0.0.1:${port}`).join();
  const url = `postgresql://${name}@${hosts}/${name}`;
  const take_over = () => standby.promote();
  return { url, kill_primary: () => primary.kill(), take_over, close };
}

failover_tests(open_pair, {
  seed: Number(process.env.FAILOVER_SEED ?? randomInt(2 ** 31)),
  load_ms: Number(process.env.FAILOVER_LOAD_MS ?? 3000),
  recovers_within_ms: 15_000,
});
