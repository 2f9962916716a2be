// Two events, each with replicas and a primary of its own, behind one nginx; and who must know of
// both reads them as one.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { list_ticket_ids, search_transactions } from '../../clients/js/examples/several.mjs';
import { assert_ok, client, send } from '../api/client.mjs';
import { simple_eur, stripe_huf, World } from '../faults/world.mjs';
import { PostgresDatabase } from '../fixtures/database.mjs';
import { free_port } from '../fixtures/harness.mjs';
import { Postgres } from '../fixtures/postgres.mjs';
import { start_split_proxy } from '../fixtures/proxy.mjs';
import { open_cluster } from './cluster.mjs';

const apart = 1_000_000;  // numbers that the second event leaves to the first
const hosts = ['127.0.0.2', '127.0.0.3'];
const name = 'payments';

const servers = [];
const worlds = [];
const paid = [[], []];  // {id, ticket} by event
let proxy, port, clients;

async function open_event(host, first_ticket) {
  const server = await Postgres.start({ settings: { fsync: 'off' } });
  servers.push(server);
  const url = await server.create_database(name);
  const database = new PostgresDatabase(url, { direct: server.url(name) });
  const world = await World.open({
    open: open_cluster,
    count: 2,
    url: `http://${host}:${port}`,
    database,
    settings: { PAYMENTS_DATABASE_TIMEOUT_MS: '2000' },
    first_ticket,
    start: false,
  });
  worlds.push(world);
  return world;
}

// As much of payments_client as the example needs.
function client_of({ platform }) {
  const call = client(platform.url);
  const token = platform.service_token({ payments_search: 'true' });
  return {
    listTicketIds: async () => assert_ok(await call('listTicketIds', { token })),
    searchTransactions: async (body) =>
      assert_ok(await call('searchTransactions', { body, token })),
  };
}

const done = async (world, ...command) => {
  const { code, output } = await world.command(...command);
  assert.equal(code, 0, output);
};

before(async () => {
  port = await free_port();
  await open_event(hosts[0], 1000);
  const second = await open_event(hosts[1], 2000);
  await done(second, 'migrate');
  await done(second, 'reserve-numbers', '--count', String(apart));
  await Promise.all(worlds.map(({ platform }) => platform.start()));
  const replicas = worlds.map(({ platform }) => platform.addresses);
  proxy = await start_split_proxy(port, Object.fromEntries(hosts.map((host, i) =>
    [host, replicas[i]])));
  for (const [i, world] of worlds.entries()) {
    for (const code of [simple_eur, stripe_huf]) {
      const ticket = await world.ticket();
      const id = await world.started(code, ticket);
      await world.pay(id);
      paid[i].push({ id, ticket });
    }
  }
  clients = worlds.map(client_of);
});
after(async () => {
  await proxy?.stop();
  for (const world of worlds) await world.close();
  for (const server of servers) await server.close();
});

const ids_of = (event) => paid[event].map(({ id }) => id);

describe('two events on primaries of their own', () => {
  it('keep what is paid for each in its own, under numbers that are its own', async () => {
    for (const [i, { platform }] of worlds.entries()) {
      const rows = await platform.database.rows('SELECT id FROM transactions ORDER BY id');
      assert.deepEqual(rows.map(({ id }) => id), ids_of(i));
    }
    assert.ok(Math.max(...ids_of(0)) < apart && Math.min(...ids_of(1)) > apart);
  });

  it('hear each their own providers', async () => {
    for (const { platform } of worlds) {
      const [{ many }] = await platform.database.rows(
        'SELECT count(*) AS many FROM notifications WHERE transaction_id IS NULL');
      assert.equal(many, 0);
    }
  });

  it('are read as one: ticket ids', async () => {
    const tickets = paid.flat().map(({ ticket }) => ticket);
    assert.deepEqual(await list_ticket_ids(clients), tickets.sort((a, b) => a - b));
    assert.deepEqual(await list_ticket_ids([...clients, clients[0]]), tickets);
  });

  it('are read as one: a transaction is found by its number, whose ever it is', async () => {
    for (const { id, ticket } of paid.flat()) {
      const found = await search_transactions(clients, id);
      assert.deepEqual(found.map((one) => [one.id, one.ticket_id]), [[id, ticket]]);
    }
    assert.deepEqual(await search_transactions(clients, apart / 2), []);
  });

  it('are called by their names alone', async () => {
    const headers = { Host: 'autumn.payments.example.com' };
    const reply = await send(`http://${hosts[0]}:${port}/healthz`, { headers });
    assert.equal(reply.status, 421);
  });

  it('have books that read again without a difference', async () => {
    for (const world of worlds) {
      const { code, output } = await world.verify_ledger();
      assert.equal(code, 0, output);
    }
  });

  it('do not fall together: without one primary the other event sells', async () => {
    await servers[1].stop('immediate');
    const [lives] = worlds;
    const id = await lives.started(simple_eur);
    await lives.pay(id);
    await assert.rejects(list_ticket_ids(clients), /503/);
    await servers[1].run();
    await worlds[1].platform.ready();
    assert.equal((await list_ticket_ids(clients)).length, 5);
  });
});
