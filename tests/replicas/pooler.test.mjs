// What operators do to PgBouncer while visitors buy: what is meant to be unseen is, and after the
// rest the service goes on by itself. POOLER_SEED says what chance does.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { PostgresDatabase } from '../fixtures/database.mjs';
import { pause } from '../fixtures/harness.mjs';
import { start_pgbouncer } from '../fixtures/pgbouncer.mjs';
import { Postgres } from '../fixtures/postgres.mjs';
import { promises_of, Sale } from './sale.mjs';

const name = 'payments';
const seed = Number(process.env.POOLER_SEED ?? randomInt(2 ** 31));
const load_ms = 500;     // before and after each
const paused_ms = 1000;
const patience_ms = 10_000;  // the pause, and a busy machine
const recovers_within_ms = 30_000;

const unseen = {
  'RECONNECT, which makes every connection to the server anew': () => pooler.command('RECONNECT'),
  'RELOAD of its configuration': () => pooler.command('RELOAD'),
  'PAUSE, a restart of the server, and RESUME': async () => {
    await pooler.command('PAUSE');
    await Promise.all([server.restart('fast'), pause(paused_ms)]);
    await pooler.command('RESUME');
  },
};
const seen = {
  'a restart that lets what runs come to its end': () => pooler.restart('SIGINT'),
  'a restart that does not': () => pooler.restart('SIGTERM'),
  'its death': () => pooler.restart('SIGKILL'),
  'a restart of the server behind it': () => server.restart('fast'),
};

let server, pooler, sale;
before(async () => {
  server = await Postgres.start({ settings: { fsync: 'off' } });
  await server.create_database(name);
  pooler = await start_pgbouncer(server, { user: 'postgres', password: server.password });
  const direct = server.url(name);
  const database = new PostgresDatabase(pooler.url(name), { direct });
  const settings = {
    PAYMENTS_DATABASE_PREPARED: 'off',
    PAYMENTS_DATABASE_TIMEOUT_MS: String(patience_ms),
  };
  sale = await Sale.open({ database, settings, seed });
  await sale.sells_again(recovers_within_ms);
});
after(async () => {
  await sale?.close();
  await pooler?.stop();
  await server?.close();
});

const refused = () =>
  Object.entries(sale.visitors.replies).filter(([reply]) => reply.startsWith('503'));

describe('visitors see nothing of', () => {
  for (const [what, act] of Object.entries(unseen)) {
    test(what, async () => {
      await act();
      await sale.sells_again(recovers_within_ms);
      await pause(load_ms);
      assert.deepEqual(refused(), [], `seed ${seed}`);
      for (const one of sale.replicas) assert.equal((await one.readiness()).status, 200);
    });
  }
});

describe('the service goes on by itself after', () => {
  for (const [what, act] of Object.entries(seen)) {
    test(what, async (t) => {
      await act();
      const back = performance.now();
      await sale.sells_again(recovers_within_ms);
      await sale.world.platform.ready(recovers_within_ms);
      t.diagnostic(`every replica ready ${Math.round(performance.now() - back)} ms later`);
      await pause(load_ms);
    });
  }
});

describe('when all that is over', () => {
  before(() => sale.come_to_rest());

  promises_of(() => sale);
  test('no statement was prepared, none missed', () => {
    for (const { program } of sale.replicas) {
      assert.doesNotMatch(program.output, /prepared statement|PAYMENTS_DATABASE_PREPARED/);
    }
  });
});
