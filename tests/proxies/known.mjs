// Faults of the service that were seen beside other people's servers and are not mended yet: each
// test says what should be, and is marked, so that it counts as known while it fails.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { eventually, pause, payments_program, Program, root } from '../fixtures/harness.mjs';
import { send } from '../api/client.mjs';
import { open_world } from '../api/world.mjs';
import { PostgresDatabase } from '../fixtures/database.mjs';
import { start_pgbouncer } from '../fixtures/pgbouncer.mjs';
import { hold, Postgres } from '../fixtures/postgres.mjs';
import { open_world_behind } from './behind.mjs';
import { proxies } from './servers.mjs';

const known = (todo) => ({ todo });
const packed = { headers: { 'Accept-Encoding': 'gzip' } };

async function in_world(options, act) {
  const world = await open_world(options);
  try {
    await act(world);
  } finally {
    await world.close();
  }
}

describe('what is sent packed', () => {
  it('has another strong ETag than what is sent plain', known('both have one'), () =>
    in_world({}, async ({ url }) => {
      const assets = await readdir(join(root, 'web/dist', 'reference', 'assets'));
      const replies = await Promise.all(assets.map(async (name) => {
        const at = `${url}/assets/${name}`;
        return { plain: await send(at), small: await send(at, packed) };
      }));
      const both = replies.filter(({ small }) => small.headers['content-encoding'] === 'gzip');
      assert.ok(both.length > 0);
      for (const { plain, small } of both) assert.notEqual(small.headers.etag, plain.headers.etag);
    }));

  it('is the contract, too, as its Vary says', known('it is never packed'), () =>
    in_world({}, async ({ url }) => {
      const reply = await send(`${url}/openapi.json`, packed);
      assert.match(reply.headers.vary, /accept-encoding/i);
      assert.equal(reply.headers['content-encoding'], 'gzip');
    }));
});

describe('/readyz', () => {
  const by_varnish = 'is not answered for a frozen service by Varnish as installed';
  it(by_varnish, known('it lacks no-store'), async () => {
    const stock = { ...proxies.varnish, file: 'tests/proxies/varnish-stock.vcl' };
    const world = await open_world_behind(stock);
    try {
      assert.equal((await send(`${world.url}/readyz`)).status, 200);
      world.payments.program.child.kill('SIGSTOP');
      const late = pause(2000).then(() => 'no answer');
      const answer = await Promise.race([late, send(`${world.url}/readyz`).catch(() => 'broken')]);
      assert.notEqual(answer.status, 200);
    } finally {
      world.payments.program.child.kill('SIGCONT');
      await world.close();
    }
  });
});

describe('/healthz and /metrics', () => {
  it('are answered when connections run out', known('they are 503'), () =>
    in_world({ settings: { PAYMENTS_CONNECTIONS: '16' } }, async ({ url }) => {
      const { hostname, port } = new URL(url);
      const open = () => connect(Number(port), hostname).on('error', () => {});
      const idle = Array.from({ length: 16 }, open);
      try {
        await pause(300);
        const states = [];
        for (const path of ['/healthz', '/metrics']) states.push((await send(url + path)).status);
        assert.deepEqual(states, [200, 200]);
      } finally {
        for (const socket of idle) socket.destroy();
      }
    }));
});

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

describe('a pooler that refuses', () => {
  it('is heard: /readyz has its words', known('it says that the connection broke'), () => {
    const pooler_settings = { default_pool_size: 2, query_wait_timeout: 1 };
    const settings = { PAYMENTS_DATABASE_PREPARED: 'off' };
    return behind_pgbouncer({ pooler_settings, settings }, async ({ world, pooler }) => {
      const held = [];
      for (let i = 0; i < 2; i++) held.push(await hold(pooler.url('payments'), 'SELECT 1'));
      try {
        const text = await not_ready(world);
        assert.match(text, /query_wait_timeout/);
      } finally {
        for (const release of held) await release();
      }
    });
  });

  it('prepared statements is told by the name of the setting', known('nothing names it'), () => {
    const pooler_settings = { default_pool_size: 2 };
    return behind_pgbouncer({ pooler_settings, settings: {} }, async ({ world }) => {
      const text = await not_ready(world);
      assert.match(text + world.payments.program.output, /PAYMENTS_DATABASE_PREPARED/);
    });
  });
});

// verify-ledger on a table that nobody gives free until `act` has been done.
async function verify_while_held(settings, act) {
  const server = await Postgres.start();
  try {
    await server.create_database('payments');
    const url = server.url('payments', { user: 'payments' });
    const database = new PostgresDatabase(url);
    await in_world({ settings: database.settings }, async () => {});
    for (const sql of settings) await server.execute(sql);
    const release = await hold(url, 'LOCK TABLE facts IN ACCESS EXCLUSIVE MODE');
    const env = { PAYMENTS_DATABASE: url };
    const program = new Program(payments_program, ['verify-ledger'], { env });
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
  const lost = 'that lost its connection has not found a difference';
  it(lost, known('it counts it as one'), async () => {
    const { code, output } = await verify_while_held([], ({ server, waits }) =>
      server.execute(`SELECT pg_terminate_backend(pid) ${waits}`));
    assert.notEqual(code, 0, output);
    assert.notEqual(code, 1, `the exit code of a difference: ${output}`);
  });

  it('takes its time, whatever time-out the role has', known('the time-out ends it'), async () => {
    const time_out = ["ALTER ROLE payments SET statement_timeout = '500ms'"];
    const { code, output } = await verify_while_held(time_out, () => pause(1500));
    assert.equal(code, 0, output);
  });
});
