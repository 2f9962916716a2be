// What others are told of settlements: every request is verified with the library that receivers
// use (docs/settlements.md, 12).
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { eventually, payments_program, Program } from '../fixtures/harness.mjs';
import { assert_ok, assert_problem } from './client.mjs';
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
  const operator = (scope = everywhere) =>
    world.user_token({ payments_operate: 'true', ...scope }, { sub: 'olga', name: 'Olga O.' });
  const events = async (query = {}) =>
    assert_ok(await world.call('listSettlementEvents', { query, token: operator() }));
  const work = async (operation, body, scope = everywhere) =>
    assert_ok(await world.call(operation, { body, token: operator(scope) })).changed;
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
    // It is due some seconds later, and looked for at each start; a start that is cut off while it
    // tells keeps what it has claimed.
    const taken = () => receiver.taken('settlement.finding').find(({ id }) => id === first.id);
    const again = await eventually(async () => {
      await match();
      return eventually(taken, { within_ms: 5_000 }).catch(() => undefined);
    }, { within_ms: 60_000 });
    assert.equal(again.body, first.body);
    const all = ['settlement.finding', 'settlement.payout'].flatMap(receiver.of);
    for (const { body } of all)
      assert.doesNotMatch(body, /Kitalált|@example|T655300/);
    assert.deepEqual(receiver.refused, []);
  });

  it('are listed for who operates and sees every ticket, page by page', async () => {
    const told = await events({ state: 'told' });
    const heard = ['settlement.finding', 'settlement.payout'].flatMap(receiver.taken);
    // What was claimed by a start that was cut off waits for some minutes.
    assert.ok(told.events.length >= 4, `${told.events.length}`);
    assert.equal(told.dead, 0);
    // Some are just being delivered: between two questions one that waited may be told.
    await eventually(async () =>
      (await events({ state: 'told' })).waiting ===
      (await events({ state: 'waiting' })).events.length);
    for (const { event_id, type, subject, body } of told.events) {
      const sent = heard.find(({ id }) => id === event_id);
      assert.equal(body, sent.body);
      assert.equal(type, sent.type);
      assert.equal(subject, sent.data.payout_id ?? sent.data.key);
    }
    const pages = [];
    for (let after; ;) {
      const page = await events({ limit: 1, ...(after && { after }) });
      pages.push(...page.events);
      if (!page.next) break;
      after = page.next;
    }
    assert.deepEqual(pages, (await events()).events);

    for (const query of [{ state: 'lost' }, { limit: 0 }, { limit: 201 }, { after: 'evt_1' }]) {
      const refused = await world.call('listSettlementEvents', { query, token: operator() });
      assert_problem(refused, 400, 'invalid-request');
    }
    for (const token of [clerk(), operator({ ...everywhere, tickets_get_flags: 'HU' })])
      assert_problem(await world.call('listSettlementEvents', { token }), 403, 'forbidden');
  });

  it('are told again, or to nobody, by whom and why it is on record', async () => {
    const [{ event_id, subject }] = (await events({ state: 'told' })).events;
    const event_ids = [event_id];
    // Of who does not see every ticket they are left out, as are ids of none.
    const narrow = { ...everywhere, tickets_get_flags: 'HU' };
    assert.equal(await work('replayEvents', { event_ids }, narrow), 0);
    assert.equal(await work('replayEvents', { event_ids: ['evt_settlement_1_1'] }), 0);
    assert.equal(await work('skipEvents', { event_ids, note: 'too late' }), 0);

    receiver.answer_with(503);
    const times = () => receiver.of('settlement.finding').concat(receiver.of('settlement.payout'))
      .filter(({ id }) => id === event_id).length;
    const before = times();
    assert.equal(await work('replayEvents', { event_ids }), 1);
    await match();
    await eventually(() => times() > before);
    await eventually(async () => (await events({ state: 'waiting' })).events
      .some((event) => event.event_id === event_id && event.tries === 1));
    assert.equal(await work('skipEvents', { event_ids, note: 'nobody needs it' }), 1);
    const [skipped] = (await events({ state: 'skipped' })).events;
    assert.deepEqual([skipped.event_id, skipped.subject], [event_id, subject]);
    const { events: waiting } = await events({ state: 'waiting' });
    assert.ok(!waiting.some((event) => event.event_id === event_id));

    receiver.answer_with(204);
    assert.equal(await work('replayEvents', { event_ids }), 1);
    await match();
    await eventually(async () => (await events({ state: 'told' })).events
      .some((event) => event.event_id === event_id));

    const auditor = world.user_token({ payments_audit: 'true', ...everywhere });
    const { actions } = assert_ok(await world.call('listActions', {
      body: { about: event_id }, token: auditor,
    }));
    assert.deepEqual(
      actions.map(({ kind, by, details }) => [kind, by.name, details.note]),
      [['replay', 'Olga O.', undefined], ['skip', 'Olga O.', 'nobody needs it'],
        ['replay', 'Olga O.', undefined]],
    );
  });

  it('are listed, replayed and skipped by the command', async () => {
    const run = async (...args) => {
      const program = new Program(payments_program, ['events', ...args], {
        env: world.database.settings,
      });
      assert.equal((await program.ended).code, 0, program.output);
      return program.output;
    };
    const [{ event_id }] = (await events({ state: 'told' })).events;
    const one = await run('list', '--id', event_id);
    assert.match(one, new RegExp(`^${event_id}.*delivered.*\n1 event\n$`));
    const all = await run('list', '--delivered');
    for (const event of (await events({ state: 'told' })).events)
      assert.ok(all.includes(event.event_id), event.event_id);
    assert.equal(await run('list', '--transaction', '1'), '0 events\n');
    assert.equal(await run('replay', '--id', event_id), '1 event due again\n');
    assert.equal(await run('skip', '--id', event_id), '1 event skipped\n');
    assert.match(await run('list', '--skipped'), new RegExp(event_id));
  });
});
