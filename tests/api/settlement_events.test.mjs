// What others are told of settlements: every request is verified with the library that receivers
// use (docs/settlements.md, 12).
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { eventually } from '../fixtures/harness.mjs';
import { assert_ok } from './client.mjs';
import { faults_of_event } from './contract.mjs';
import { open_world } from './world.mjs';

const secret = `whsec_${randomBytes(32).toString('base64')}`;
const everywhere = {
  tickets_get_flags: '*', tickets_get_years: '*', tickets_get_events: '*',
};
const data = (name) =>
  readFileSync(new URL(`../settlement/data/${name}`, import.meta.url), 'utf8');

async function open_receiver() {
  const heard = [];
  const refused = [];
  let status = 204;
  const webhook = new Webhook(secret);
  const server = createServer(async (request, reply) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts).toString('utf8');
    try {
      const event = webhook.verify(body, request.headers);
      assert.equal(faults_of_event(request.headers, event), '');
      heard.push({ id: request.headers['webhook-id'], ...event, body, status });
      reply.writeHead(status).end();
    } catch (error) {
      refused.push(`${error.message}: ${body}`);
      reply.writeHead(400).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/hooks`,
    refused,
    of: (type) => heard.filter((event) => event.type === type),
    taken: (type) => heard.filter((event) => event.type === type && event.status === 204),
    answer_with: (code) => (status = code),
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('events of settlements', () => {
  let receiver, world;
  const clerk = () =>
    world.user_token({ payments_settlement: 'true', ...everywhere }, { sub: 'anna' });
  const import_file = (text, name, account, type = 'text/csv') =>
    world.call('importSettlement', {
      text, query: { name, account }, token: clerk(), headers: { 'Content-Type': type },
    });
  // Matching looks each minute for something new; a start looks at once.
  const match = () => world.restart();

  before(async () => {
    receiver = await open_receiver();
    world = await open_world({
      settings: { PAYMENTS_EVENTS_URL: receiver.url, PAYMENTS_EVENTS_SECRET: secret },
    });
  });
  after(async () => {
    await world?.close();
    await receiver?.close();
  });

  it('tell of a finding and of a payout that the bank should have booked', async () => {
    // Of July 2026, long ago: two lines that nobody knows here, in a payout without a bank.
    assert_ok(await import_file(
      data('simplepay-report-eur_20260708.csv'), 'report_20260708.csv', 'S123402',
    ));
    await match();
    await eventually(() => receiver.of('settlement.finding').length >= 2);
    await eventually(() => receiver.of('settlement.payout').length === 1);
    const [payout] = receiver.of('settlement.payout');
    assert.equal(payout.data.payout_id, 'report_20260708');
    assert.equal(payout.data.state, 'missing');
    assert.equal(payout.data.bank_day, null);
    const kinds = receiver.of('settlement.finding').map(({ data: { kind, state } }) =>
      `${kind} ${state}`).sort();
    assert.ok(kinds.includes('payout_not_on_bank open'), kinds.join());
    assert.ok(kinds.includes('line_unknown open'), kinds.join());
    assert.deepEqual(receiver.refused, []);
  });

  it('are told once, however often settlements are matched', async () => {
    const before = receiver.of('settlement.finding').length;
    await match();
    const { findings } = assert_ok(await world.call('listFindings', { token: clerk() }));
    await world.call('acceptFinding', {
      path: `/payments/settlement/findings/${findings[0].key}/accept`,
      body: { reason: 'a test' }, token: clerk(),
    });
    await match();
    await eventually(() => receiver.of('settlement.finding').length > before);
    const more = receiver.of('settlement.finding').slice(before);
    assert.deepEqual(more.map(({ data: { key, state } }) => [key, state]), [
      [findings[0].key, 'accepted'],
    ]);
  });

  it('come again until they are taken, under the same id, and name nobody', async () => {
    receiver.answer_with(503);
    assert_ok(await import_file(
      data('bank-camt053_20260709.xml'), 'statement.xml', '', 'application/xml',
    ));
    const before = receiver.of('settlement.finding').length;
    await match();
    await eventually(() => receiver.of('settlement.finding').length > before);
    const [first] = receiver.of('settlement.finding').slice(before);
    receiver.answer_with(204);
    // It is due some seconds later, and looked for at each start.
    const again = await eventually(async () => {
      await match();
      return receiver.taken('settlement.finding').find(({ id }) => id === first.id);
    }, { within_ms: 60_000 });
    assert.equal(again.body, first.body);
    const all = ['settlement.finding', 'settlement.payout'].flatMap(receiver.of);
    for (const { body } of all)
      assert.doesNotMatch(body, /Kitalált|@example|T655300/);
    assert.deepEqual(receiver.refused, []);
  });
});
