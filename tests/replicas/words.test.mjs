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
async function with_pooler(settings, act) {
  const server = await Postgres.start();
  let pooler;
  try {
    await server.create_database('payments');
    const user = { user: 'postgres', password: server.password };
    pooler = await start_pgbouncer(server, { ...user, settings });
    await act({ url: pooler.url('payments'), direct: server.url('payments', user) });
  } finally {
    await pooler?.stop();
    await server.close();
  }
}

const unprepared = { PAYMENTS_DATABASE_PREPARED: 'off' };

describe('a pooler that refuses', () => {
  it('is heard: /readyz and the log have its words', () =>
    with_pooler({ default_pool_size: 2, query_wait_timeout: 1 }, ({ url }) =>
      in_world({ settings: { PAYMENTS_DATABASE: url, ...unprepared } }, async (world) => {
        const held = [];
        for (let i = 0; i < 2; i++) held.push(await hold(url, 'SELECT 1'));
        try {
          assert.match(await not_ready(world), /query_wait_timeout/);
          const { program } = world.payments;
          await program.line((line) => /"not ready".*query_wait_timeout/.test(line), 'the reason');
        } finally {
          for (const release of held) await release();
        }
      })));

  it('transactions is heard: whoever needs one has its words', () =>
    with_pooler({ pool_mode: 'statement' }, async ({ url }) => {
      const env = { PAYMENTS_DATABASE: url, ...unprepared };
      const program = new Program(payments_program, ['migrate'], { env });
      const { code } = await program.ended;
      assert.equal(code, 1, program.output);
      assert.match(program.output, /not allowed in statement pooling mode; the connection broke/);
    }));

  // The second command meets what the first has prepared on the one connection to the server.
  it('prepared statements is told by the name of the setting', () =>
    with_pooler({ default_pool_size: 1 }, async ({ url, direct }) => {
      const end_of = async (command, database = url) => {
        const env = { PAYMENTS_DATABASE: database };
        const program = new Program(payments_program, [command], { env });
        const { code } = await program.ended;
        return { code, output: program.output };
      };
      // Whoever builds indexes needs a second connection, to hold its turn.
      assert.equal((await end_of('migrate', direct)).code, 0);
      assert.equal((await end_of('review')).code, 0);
      const { code, output } = await end_of('review');
      assert.equal(code, 1, output);
      assert.match(output, /PAYMENTS_DATABASE_PREPARED/);
    }));
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
    settings.push(`DO $$ BEGIN
      IF current_setting('server_version_num')::int >= 170000 THEN
        ALTER ROLE payments SET transaction_timeout = '500ms';
      END IF;
    END $$`);
    const { code, output } = await run_while_held('verify-ledger', settings, () => pause(1500));
    assert.equal(code, 0, output);
  });
});
