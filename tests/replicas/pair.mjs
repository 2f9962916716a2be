// A primary and a synchronous standby with deploy/postgresql-synchronous.conf.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../fixtures/harness.mjs';
import { Postgres } from '../fixtures/postgres.mjs';

const name = 'payments';

// `lose_primary` ends the primary in one way or another. Gives what failover_tests asks for.
export async function open_pair(lose_primary) {
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
  const lose = () => lose_primary({ primary, standby });
  const take_over = () => standby.promote();
  return { url: `postgresql://${name}@${hosts}/${name}`, lose_primary: lose, take_over, close };
}
