// What can befall the database: each time the service says so, answers 503 within bounded time, and
// goes on by itself.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { assert_ok, assert_problem, client } from '../api/client.mjs';
import { eventually, pause } from '../fixtures/harness.mjs';
import { PostgresDatabase } from '../fixtures/database.mjs';
import { hold, Postgres } from '../fixtures/postgres.mjs';
import { simple_eur, stripe_eur, World } from '../faults/world.mjs';
import { open_cluster } from './cluster.mjs';
import { open_small_disk } from './small_disk.mjs';

const timeout_ms = 2000;
// Until it is given up, and once more until a new connection is.
const answers_within_ms = 15_000;
const recovers_within_ms = 30_000;
const name = 'payments';
const connections = 40;  // of the server; two replicas take 12 of them on two cores
const for_admin = 3;

let server, world;
before(async () => {
  const settings = { max_connections: connections, superuser_reserved_connections: for_admin };
  server = await Postgres.start({ settings });
  world = await open_world(server);
});
after(async () => {
  await world?.close();
  await server?.close();
});
afterEach(async () => {
  await world.platform.ready(recovers_within_ms);
  await pays();
});

async function open_world(on) {
  const database = new PostgresDatabase(await on.create_database(name), { direct: on.url(name) });
  const settings = { PAYMENTS_DATABASE_TIMEOUT_MS: String(timeout_ms) };
  return World.open({ open: open_cluster, count: 2, database, settings });
}

// A whole payment through each processor.
async function pays(at = world) {
  for (const code of [simple_eur, stripe_eur]) await at.pay(await at.started(code));
}

async function assert_not_ready(at, reason) {
  for (const replica of at.platform.replicas) {
    const { body } = await eventually(async () => {
      const said = await replica.readiness();
      return said?.status === 503 && said;
    }, { within_ms: answers_within_ms, what: `${replica.url} to say that it is not ready` });
    if (reason) assert.match(body, reason);
    assert.match(await replica.metrics(), /^payments_ready 0$/m);
    assert.equal((await fetch(`${replica.url}/healthz`)).status, 200);
  }
}

const cut_connections = () =>
  server.execute(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE usename = '${name}'`);

const metas = { email: 'visitor@example.com', name: 'Éva Kovács', country: 'HU' };

// Until each replica has met it, every start answered in time. One refused start does not mean that
// the next is: on a full disk a change may still fit into a page that the server has.
const until_refused = (at) =>
  at.platform.each((replica) => {
    const call = client(replica.url);
    const start = async () => {
      const body = { ticket_id: await at.ticket(), code: stripe_eur, metas };
      const began = performance.now();
      const reply = await call('startPayment', { body });
      const took_ms = performance.now() - began;
      assert.ok(took_ms < answers_within_ms, `it took ${took_ms} ms`);
      if (reply.status === 200) return false;
      assert_problem(reply, 503, 'storage-unavailable');
      return true;
    };
    return eventually(start, { every_ms: 0, what: 'a change to be refused' });
  });

// A start is answered 503, in time.
async function assert_refuses(at = world) {
  const began = performance.now();
  const reply = await at.start(await at.ticket(), stripe_eur);
  const took_ms = performance.now() - began;
  assert_problem(reply, 503, 'storage-unavailable');
  assert.ok(took_ms < answers_within_ms, `it took ${took_ms} ms`);
}

test('a server that is away is said in /readyz, and a start is 503 until it is back', async (t) => {
  await server.stop('fast');
  await assert_not_ready(world);
  await assert_refuses();
  await server.run();
  const back = performance.now();
  await world.platform.ready(recovers_within_ms);
  t.diagnostic(`ready ${Math.round(performance.now() - back)} ms after the server was`);
});

test('a server that was killed and recovers is found again', async () => {
  await server.kill();
  await assert_not_ready(world);
  await server.run();
});

test('a server that is silent is given up in time, and found again when it speaks', async () => {
  await server.freeze();
  try {
    await assert_refuses();
    await assert_not_ready(world);
  } finally {
    await server.thaw();
  }
});

test('connections that are cut under load cost nothing that was acknowledged', async () => {
  const ids = [];
  let goes_on = true;
  const cut = async () => {
    while (goes_on) {
      await cut_connections();
      await pause(150);
    }
  };
  const cutting = cut();
  for (let i = 0; i < 20; ++i) {
    const code = i % 2 === 0 ? simple_eur : stripe_eur;
    const reply = await world.start(await world.ticket(), code);
    assert.ok([200, 503].includes(reply.status), reply.text);
    if (reply.status === 200) ids.push(reply.json.transaction_id);
  }
  goes_on = false;
  await cutting;
  assert.ok(ids.length > 0);
  const sql = `SELECT id FROM transactions WHERE id IN (${ids.join()})`;
  assert.equal((await world.platform.database.rows(sql)).length, ids.length);
});

// Takes every connection that the server has to give.
async function crowd_out() {
  await server.execute('CREATE ROLE guest LOGIN');
  const guests = [];
  while (guests.length < connections - for_admin) {
    await cut_connections();
    const wanted = Array.from({ length: connections - for_admin - guests.length }, () =>
      hold(server.url('postgres', { user: 'guest' }), 'SELECT').catch(() => undefined));
    guests.push(...(await Promise.all(wanted)).filter(Boolean));
  }
  return () => Promise.all(guests.map((release) => release()));
}

test('a server without a connection to give is said in /readyz, and asked again', async () => {
  const leave = await crowd_out();
  try {
    await assert_not_ready(world);
    await assert_refuses();
  } finally {
    await leave();
  }
});

test('a server that takes no changes is said in /readyz, and changes wait for 503', async () => {
  await server.set({ default_transaction_read_only: 'on' });
  try {
    await until_refused(world);
    await assert_not_ready(world);
    await assert_refuses();
  } finally {
    await server.set({ default_transaction_read_only: 'off' });
  }
});

test('what someone else has locked is answered 503 in time', async () => {
  const ticket = await world.ticket();
  const release = await world.platform.database.hold();
  const began = performance.now();
  const reply = await world.start(ticket, stripe_eur);
  const took_ms = performance.now() - began;
  await release();
  assert_problem(reply, 503, 'storage-unavailable');
  assert.ok(took_ms < answers_within_ms, `it took ${took_ms} ms`);
  assert_ok(await world.start(ticket, stripe_eur));
});

test('a full disk is said in /readyz and the metrics, and survived', async (t) => {
  const disk = await open_small_disk();
  if (!disk) return t.skip('this machine allows no mounts');
  let small, at;
  try {
    small = await Postgres.start({ data: disk.data, settings: disk.settings });
    at = await open_world(small);
    await pays(at);
    const free = await disk.fill();
    await until_refused(at);
    await assert_not_ready(at);
    for (const replica of at.platform.replicas) {
      assert.match(await replica.metrics(), /^payments_store_commit_failures_total [1-9]/m);
    }
    await free();
    if (small.program.end) await small.run();  // as systemd does
    const freed = performance.now();
    await at.platform.ready(recovers_within_ms);
    t.diagnostic(`ready ${Math.round(performance.now() - freed)} ms after there was room`);
    await pays(at);
  } finally {
    await at?.close();
    await small?.close();
    await disk.close();
  }
});
