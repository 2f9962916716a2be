// The tickets service in trouble: a problem document, nothing opened, and no pile-up of waiting.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { assert_ok, assert_problem } from '../api/client.mjs';
import { eventually } from '../fixtures/harness.mjs';
import { Rows } from './rows.mjs';
import { simple_eur, World } from './world.mjs';

const tickets_timeout_ms = 500;

// One event loop, since each counts failures for itself.
const settings = {
  PAYMENTS_TICKETS_TIMEOUT_MS: String(tickets_timeout_ms),
  PAYMENTS_THREADS: '1',
};

let world;
before(async () => { world = await World.open({ settings }); });
after(() => world?.close());

const get = 'tickets service: get';
const rows = new Rows(() => world, [get]);

const list = (ticket_id) => {
  const scope = { tickets_get_flags: '*', tickets_get_years: '*', tickets_get_events: '*' };
  const token = world.platform.user_token({ payments_search: 'true', ...scope });
  return world.call('listTicketTransactions', { body: { ticket_id }, token });
};

const start = (ticket_id) =>
  world.call('startPayment', { body: { ticket_id, code: simple_eur, metas: {} } });

const calls = async () => (await world.log('tickets', 'get')).length;

const troubles = [
  ['no-answer', 'is silent', '504 tickets-timeout'],
  ['late', 'is late', '504 tickets-timeout', { delay_ms: 800 }],
  ['no-answer-after', 'is silent, having looked', '504 tickets-timeout'],
  ['late-before', 'looks after our deadline', '504 tickets-timeout', { delay_ms: 800 }],
  ['reset', 'cuts the connection', '504 tickets-timeout'],
  ['reset-after', 'cuts the connection, having looked', '504 tickets-timeout'],
  ['truncated', 'sends half an answer', '504 tickets-timeout'],
  ['500', 'answers 500', '503 tickets-unavailable'],
  ['500-after', 'answers 500, having looked', '503 tickets-unavailable'],
  ['503', 'answers 503', '503 tickets-unavailable'],
  ['garbage', 'answers with a web page', '503 tickets-unavailable'],
  ['empty', 'answers with nothing', '503 tickets-unavailable'],
  ['redirect', 'answers with a redirect', '503 tickets-unavailable'],
  ['other-ticket', 'answers with another ticket', '503 tickets-unavailable'],
];

for (const [fault, does, problem, more] of troubles) {
  rows.row(get, `\`${fault}\`: it ${does}`,
    `while the tickets service ${does}, starts and lists are ${problem} and nothing is opened`,
    async (world, tell) => {
      const ticket = await world.ticket();
      const [status, slug] = problem.split(' ');
      const faults = { times: -1, ...more };
      const reply = await world.with_fault('tickets', 'get', fault, faults, async () => {
        assert_problem(await list(ticket), Number(status), slug);
        return start(ticket);
      });
      assert_problem(reply, Number(status), slug);
      assert.ok(Number(reply.headers['retry-after'] ?? 1) > 0);
      tell.heard(reply);
      assert.deepEqual(assert_ok(await list(ticket)).transactions, []);
      tell.status('-', (await world.pay(await world.started(simple_eur, ticket))).status);
      tell.resolves('nothing was opened; the next start works');
    });
}

rows.row(get, '`reset`, once', 'a connection to the tickets service that breaks is tried again',
  async (world, tell) => {
    const ticket = await world.ticket();
    const before_it = await calls();
    const reply = await world.with_fault('tickets', 'get', 'reset', {}, () => start(ticket));
    tell.heard(reply);
    assert_ok(reply);
    assert.equal(await calls(), before_it + 2);
    tell.status(await world.status(reply.json.transaction_id));
    tell.resolves('the call is made once more');
  });

rows.row(get, '`no-template`', 'a ticket without a template has nothing on offer',
  async (world, tell) => {
    const ticket = await world.ticket();
    const reply = await world.with_fault('tickets', 'get', 'no-template', {}, () => start(ticket));
    assert_problem(reply, 422, 'code-not-offered');
    tell.heard(reply);
    tell.status('-');
    tell.resolves('nothing was opened');
  });

rows.row(get, '`lenient`: it gives a ticket outside the user’s scope',
  'a lenient tickets service opens nothing to a user outside the scope',
  async (world, tell) => {
    const ticket_id = await world.ticket();
    const scope = { tickets_get_flags: 'INT', tickets_get_years: '*', tickets_get_events: '*' };
    const token = world.platform.user_token({ payments_search: 'true', ...scope });
    const ask = () => world.call('listTicketTransactions', { body: { ticket_id }, token });
    const reply = await world.with_fault('tickets', 'get', 'lenient', {}, ask);
    assert_problem(reply, 403, 'ticket-out-of-scope');
    tell.heard(reply);
    tell.status('-');
    tell.resolves('the scope is checked here too');
  });

rows.row(get, '`500`, five times in a row',
  'after five failures in a row calls fail at once for five seconds, then one is tried',
  async (world, tell) => {
    const ticket = await world.ticket();
    await world.with_fault('tickets', 'get', '500', { times: 5 }, async () => {
      for (let i = 0; i < 5; ++i) assert_problem(await start(ticket), 503, 'tickets-unavailable');
    });
    const before_it = await calls();
    const opened_at = Date.now();
    const reply = await start(ticket);
    assert_problem(reply, 503, 'tickets-unavailable');
    assert.equal(reply.headers['retry-after'], '5');
    assert.equal(await calls(), before_it, 'nobody was asked');
    tell.heard(reply);
    const again = await eventually(async () => {
      const tried = await start(ticket);
      return tried.status === 200 && tried;
    }, { every_ms: 200 });
    assert.ok(Date.now() - opened_at > 4000, 'it rested');
    assert.equal(await calls(), before_it + 1, 'one call found out');
    tell.status('-', (await world.pay(again.json.transaction_id)).status);
    tell.resolves('by itself: one call finds out that it is back');
  });

rows.close();
