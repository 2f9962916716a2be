// What a server or a pooler says before it ends a connection reaches whoever runs the service; and
// what works for as long as it must is not ended by a time-out of the server.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { send } from '../api/client.mjs';
import { open_world } from '../api/world.mjs';
import { PostgresDatabase } from '../fixtures/database.mjs';
import { eventually, pause, payments_program, Program } from '../fixtures/harness.mjs';
import { start_pgbouncer } from '../fixtures/pgbouncer.mjs';
import { hold, Postgres } from '../fixtures/postgres.mjs';

async function in_world(options, act) {
  const world = await open_world(options);
  try {
    await act(world);
  } finally {
    await world.close();
  }
}

// What /readyz says once it says no.
const not_ready = ({ payments }) =>
  eventually(async () => {
    const { status, text } = await send(`${payments.url}/readyz`);
    return status === 503 && text;
  }, { what: 'the service not to be ready' });

// PostgreSQL, and PgBouncer before it with other settings than deploy/pgbouncer.ini.
async function behind_pgbouncer({ pooler_settings, settings }, act) {
  const server = await Postgres.start();
  let pooler;
  try {
    await server.create_database('payments');
    const { password } = server;
    const user = { user: 'postgres', password };
    pooler = await start_pgbouncer(server, { ...user, settings: pooler_settings });
    const PAYMENTS_DATABASE = pooler.url('payments');
    await in_world({ settings: { PAYMENTS_DATABASE, ...settings } }, (world) =>
      act({ world, server, pooler }));
  } finally {
    await pooler?.stop();
    await server.close();
  }
}

const unprepared = { PAYMENTS_DATABASE_PREPARED: 'off' };

describe('a pooler that refuses', () => {
  it('is heard: /readyz and the log have its words', () => {
    const pooler_settings = { default_pool_size: 2, query_wait_timeout: 1 };
    const options = { pooler_settings, settings: unprepared };
    return behind_pgbouncer(options, async ({ world, pooler }) => {
      const held = [];
      for (let i = 0; i < 2; i++) held.push(await hold(pooler.url('payments'), 'SELECT 1'));
      try {
        const text = await not_ready(world);
        assert.match(text, /query_wait_timeout/);
        const { program } = world.payments;
        await program.line((line) => /"not ready".*query_wait_timeout/.test(line), 'the reason');
      } finally {
        for (const release of held) await release();
      }
    });
  });

  it('transactions is heard: whoever needs one has its words', async () => {
    const server = await Postgres.start();
    let pooler;
    try {
      const user = { user: 'postgres', password: server.password };
      pooler = await start_pgbouncer(server, { ...user, settings: { pool_mode: 'statement' } });
      const env = { PAYMENTS_DATABASE: pooler.url('postgres'), ...unprepared };
      const program = new Program(payments_program, ['migrate'], { env });
      const { code } = await program.ended;
      assert.equal(code, 1, program.output);
      assert.match(program.output, /not allowed in statement pooling mode; the connection broke/);
    } finally {
      await pooler?.stop();
      await server.close();
    }
  });

  it('prepared statements is told by the name of the setting', () => {
    const pooler_settings = { default_pool_size: 2 };
    return behind_pgbouncer({ pooler_settings, settings: {} }, async ({ world }) => {
      assert.match(await not_ready(world), /PAYMENTS_DATABASE_PREPARED/);
    });
  });
});

// What `command` came to on a server with `settings`, while a table that it needs was held until
// `act` had been done.
async function run_while_held(command, settings, act) {
  const server = await Postgres.start();
  try {
    await server.create_database('payments');
    const url = server.url('payments', { user: 'payments' });
    const database = new PostgresDatabase(url);
    await in_world({ settings: database.settings }, async () => {});
    for (const sql of settings) await server.execute(sql);
    const release = await hold(url, 'LOCK TABLE facts IN ACCESS EXCLUSIVE MODE');
    const env = { PAYMENTS_DATABASE: url };
    const program = new Program(payments_program, [command], { env });
    const waits = "FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = 'payments'";
    const waiting = () => server.rows(`SELECT pid ${waits}`);
    await eventually(async () => program.end || (await waiting()).length > 0);
    await act({ server, waits });
    await release();
    const { code } = await program.ended;
    return { code, output: program.output };
  } finally {
    await server.close();
  }
}

describe('verify-ledger', () => {
  it('that lost its connection has not found a difference, and says what happened', async () => {
    const { code, output } = await run_while_held('verify-ledger', [], ({ server, waits }) =>
      server.execute(`SELECT pg_terminate_backend(pid) ${waits}`));
    assert.equal(code, 3, output);
    assert.match(output, /not read to their end/);
    assert.match(output, /terminating connection due to administrator command/);
    assert.doesNotMatch(output, /differences/);
  });

  it('takes its time, whatever time-outs the role has', async () => {
    const time_outs = ['statement_timeout', 'lock_timeout', 'idle_session_timeout',
      'idle_in_transaction_session_timeout'];
    const settings = time_outs.map((name) => `ALTER ROLE payments SET ${name} = '500ms'`);
    const { code, output } = await run_while_held('verify-ledger', settings, () => pause(1500));
    assert.equal(code, 0, output);
  });
});
