// Several replicas tell one receiver: at least once, in order for each transaction, and no more
// often than that.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, it } from 'node:test';
import { assert_ok } from '../api/client.mjs';
import { eventually, pause } from '../fixtures/harness.mjs';
import { stripe_eur, World } from '../faults/world.mjs';
import { open_cluster } from './cluster.mjs';

const payments = 24;
const claimed_for_ms = 120_000;  // then another replica may tell what one had begun to tell
const quiet_ms = 1500;

const secret = `whsec_${randomBytes(32).toString('base64')}`;

// Keeps every request in the order of its arrival, and answers as it is told to: with a status, or
// not at all when that is undefined.
async function open_receiver() {
  const heard = [];
  const receiver = { heard, answer: () => 204 };
  const server = createServer(async (request, reply) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const { type, data } = JSON.parse(Buffer.concat(parts).toString('utf8'));
    const event = { id: request.headers['webhook-id'], type, transaction: data.transaction_id };
    const status = receiver.answer(event);
    heard.push({ ...event, status });
    if (status !== undefined) reply.writeHead(status).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const about = (id) => heard.filter(({ transaction }) => transaction === id);
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  const url = `http://127.0.0.1:${server.address().port}`;
  return Object.assign(receiver, { url, about, close });
}

let receiver, world;
before(async () => {
  receiver = await open_receiver();
  const settings = { PAYMENTS_EVENTS_URL: receiver.url, PAYMENTS_EVENTS_SECRET: secret };
  world = await World.open({ open: open_cluster, count: 4, settings });
});
after(async () => {
  await world?.close();
  await receiver?.close();
});

const refund_all = (ids) =>
  Promise.all(ids.map(async (id) => assert_ok(await world.refund(id))));

async function pay_many(count) {
  const ids = [];
  while (ids.length < count) ids.push(await world.started(stripe_eur));
  await Promise.all(ids.map((id) => world.pay_by_card(id)));
  await Promise.all(ids.map((id) => world.in_status(id, 'paid')));
  return ids;
}

// Each transaction's events in order: nothing later was told before the earlier had been taken.
function assert_in_order(id) {
  const taken = [];
  for (const { type, status } of receiver.about(id)) {
    if (type === 'payment.refunded') assert.ok(taken.includes('payment.paid'), `TR${id}`);
    if (status === 204) taken.push(type);
  }
}

const told = (id, count) =>
  eventually(() => receiver.about(id).filter(({ status }) => status === 204).length >= count, {
    within_ms: 30_000,
    what: `TR${id} to be told of ${count} times`,
  });

it('four replicas tell each event once, and in order, while nobody dies', async () => {
  const ids = await pay_many(payments);
  await refund_all(ids);
  await Promise.all(ids.map((id) => told(id, 2)));
  await pause(quiet_ms);
  for (const id of ids) {
    const types = receiver.about(id).map(({ type }) => type);
    assert.deepEqual(types, ['payment.paid', 'payment.refunded']);
  }
});

it('what is refused now and then comes again, and in order', async () => {
  const refused = new Set();
  receiver.answer = ({ id }) => {
    if (refused.has(id) || refused.size % 3 === 2) return 204;
    refused.add(id);
    return 503;
  };
  const ids = await pay_many(6);
  await refund_all(ids);
  await Promise.all(ids.map((id) => told(id, 2)));
  ids.forEach(assert_in_order);
  receiver.answer = () => 204;
});

it('what replicas were telling when they died is told by the one that is left', async () => {
  receiver.answer = () => undefined;
  const ids = await pay_many(4);
  await Promise.all(ids.map((id) =>
    eventually(() => receiver.about(id).length > 0, { what: `TR${id} to be told of` })));
  const [left, ...mortal] = world.platform.replicas;
  await Promise.all(mortal.map((replica) => replica.kill()));
  receiver.answer = () => 204;
  await refund_all(ids);
  // Time passes: what a dead replica had claimed is free again.
  await world.platform.database.execute(
    `UPDATE outbox SET next_at = next_at - ${claimed_for_ms} WHERE delivered_at IS NULL`);
  await Promise.all(ids.map((id) => told(id, 2)));
  ids.forEach(assert_in_order);
  assert.ok(left.lives);
  await Promise.all(mortal.map((replica) => replica.start()));
});

it('every event was told of', async () => {
  const events = await world.platform.database.rows(
    'SELECT id, delivered_at, dead_at FROM outbox');
  await eventually(async () => {
    const sql = 'SELECT id FROM outbox WHERE delivered_at IS NULL';
    return (await world.platform.database.rows(sql)).length === 0;
  }, { within_ms: 20_000, what: 'every event to be delivered' });
  assert.equal(new Set(receiver.heard.map(({ id }) => id)).size, events.length);
});
