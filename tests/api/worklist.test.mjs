// People tend the worklist, and read what was done and what others are told, over HTTP.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { assert_ok, assert_problem } from './client.mjs';
import { billing, open_world, scope, search, simple_eur } from './world.mjs';

let world;
before(async () => (world = await open_world()));
after(() => world?.close());

const everything = { tickets_get_flags: '*', tickets_get_years: '*', tickets_get_events: '*' };
const reviewer = { ...search, ...scope, payments_review: 'true' };
const operator = { ...search, ...everything, payments_operate: 'true' };
const auditor = { ...search, ...everything, payments_audit: 'true' };
const call = (operation, body, privileges, request = 'fits') =>
  world.call(operation, { body, token: world.user_token(privileges), request });

async function note(text) {
  const ticket_id = world.tickets.add();
  const { transaction_id } = assert_ok(
    await world.call('startPayment', { body: { ticket_id, code: simple_eur, metas: billing } }),
  );
  assert_ok(await call('addNote', { transaction_id, text }, { ...search, ...scope }));
  return transaction_id;
}

describe('closeReview', () => {
  it('needs the privilege, and knows what is on the list alone', async () => {
    const order = { kind: 'mismatch', number: 1, as: 'mine' };
    assert_problem(await call('closeReview', order, { ...search, ...scope }), 403, 'forbidden');
    assert_problem(await call('closeReview', order, reviewer), 404, 'unknown-review');
  });

  it('closes no kind that only a word of the provider ends', async () => {
    const order = { kind: 'unknown', number: 1, as: 'closed', note: 'no more' };
    assert_problem(await call('closeReview', order, reviewer), 422, 'review-not-closable');
  });

  it('names every wrong member', async () => {
    const order = { kind: 'nothing', as: 'eaten' };
    const wrong = await call('closeReview', order, reviewer, 'breaks');
    assert_problem(wrong, 400, 'invalid-request');
    assert.deepEqual(wrong.json.errors.map(({ pointer }) => pointer), ['/kind', '/number', '/as']);
  });
});

describe('listActions', () => {
  it('tells who did what, newest first and page by page', async () => {
    const id = await note('The visitor called.');
    const text = 'Kovacs@example.hu';
    assert_ok(await call('findTransactions', { text }, { ...search, ...scope }));
    const first = assert_ok(await call('listActions', { limit: 1 }, auditor));
    assert.equal(first.actions[0].kind, 'search_email');
    assert.deepEqual(first.actions[0].details, { email: 'k***s@e***.hu' });
    const rest = assert_ok(await call('listActions', { limit: 1, after: first.next }, auditor));
    const [{ kind, reference, details }] = rest.actions;
    assert.deepEqual([kind, reference, details],
      ['note', `TR${id}`, { text: 'The visitor called.' }]);
    const about = `TR${id}`;
    const found = assert_ok(await call('listActions', { about, kind: ['note'] }, auditor));
    assert.equal(found.actions.length, 1);
  });

  it('is for auditors, and ends at their scope', async () => {
    const id = await note('Inside.');
    assert_problem(await call('listActions', {}, reviewer), 403, 'forbidden');
    const abroad = { ...auditor, tickets_get_flags: 'XX' };
    const { actions } = assert_ok(await call('listActions', { about: `TR${id}` }, abroad));
    assert.deepEqual(actions, []);
  });
});

describe('listEvents', () => {
  it('is for operators', async () => {
    const none = assert_ok(await call('listEvents', { state: 'dead' }, operator));
    assert.deepEqual(none, { events: [], waiting: 0, dead: 0, next: null });
    assert_problem(await call('listEvents', {}, reviewer), 403, 'forbidden');
    const lost = await call('listEvents', { state: 'lost' }, operator, 'breaks');
    assert_problem(lost, 400, 'invalid-request');
  });

  it('replays and skips nothing where nothing is', async () => {
    assert.deepEqual(assert_ok(await call('replayEvents', { all_dead: true }, operator)),
      { changed: 0 });
    const event_ids = ['evt_019b76ddbb0000000000001f'];
    assert.deepEqual(assert_ok(await call('skipEvents', { event_ids, note: 'told' }, operator)),
      { changed: 0 });
    assert_problem(await call('replayEvents', {}, operator), 400, 'invalid-request');
    assert_problem(await call('skipEvents', { event_ids: ['evt_1'], note: 'x' }, operator), 400,
      'invalid-request');
  });
});

describe('listMessages', () => {
  it('lists what fits no transaction', async () => {
    assert.deepEqual(assert_ok(await call('listMessages', {}, operator)),
      { messages: [], next: null });
    assert_problem(await call('listMessages', {}, reviewer), 403, 'forbidden');
  });
});

describe('retryMessage', () => {
  it('knows only what there is', async () => {
    assert_problem(await call('retryMessage', { message_id: 1 }, operator), 404, 'unknown-message');
    assert_problem(await call('retryMessage', { message_id: 1 }, reviewer), 403, 'forbidden');
    assert_problem(await call('retryMessage', {}, operator, 'breaks'), 400, 'invalid-request');
  });
});

describe('sendTestEvent', () => {
  it('says when nobody is told', async () => {
    assert_problem(await call('sendTestEvent', {}, operator), 409, 'no-receiver');
    assert_problem(await call('sendTestEvent', {}, reviewer), 403, 'forbidden');
  });
});
