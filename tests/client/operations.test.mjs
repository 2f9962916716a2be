// Every operation of the client, against the real binary; and the shapes by which it judges
// answers, against the contract.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { faults_of_answer, operations } from '../api/contract.mjs';
import { day_in_budapest, month_in_budapest, report_of_day } from '../fixtures/harness.mjs';
import { installed, payments_client } from './installed.mjs';
import { client_world, eventually, pay, send_stray_notification } from './world.mjs';

let place, payments, paid;
const called = new Set();
const answers = {}; // the good ones in JSON, by operation
before(async () => {
  place = await client_world();
  // Everything that is called below is noted.
  const real = place.client();
  payments = new Proxy(real, {
    get: (target, id) => async (...given) => {
      called.add(id);
      const answer = await target[id](...given);
      const is_json = answer instanceof Object && !(answer instanceof ReadableStream);
      if (is_json) answers[id] = answer;
      return answer;
    },
  });
  paid = await pay(place);
});

const refused = (promise) => promise.then(() => assert.fail('it went well'), (error) => error);
const text_of = async (stream) => new Response(stream).text();

describe('every operation', () => {
  it('of the tickets service', async () => {
    const { tickets } = place.world;
    const ticket_id = tickets.add();
    assert.ok((await payments.listTicketIds()).ticket_ids.includes(paid.ticket_id));
    const { etag } = place.library.details_of(answers.listTicketIds);
    assert.match(etag, /^W\//);
    const moved = { id: paid.ticket_id, flag: 'HU', year: '2027', event: 'OZORA' };
    assert.equal((await payments.noteTicketScopes({ tickets: [moved] })).changed, 0);
    const template = { id: 1, title: 'T', year: 2027, event: 'OZORA',
      payment_options: [{ code: 'FREE-FEE-EUR-SIMPLE', amount: 0 }] };
    const asked = { ticket_id, ticket_status: 'registered', template };
    assert.equal((await payments.listPaymentOptions(asked)).payment_options[0].amount, 0);
  });

  it('of the shop', async () => {
    const ticket_id = place.world.tickets.add();
    const start = { ticket_id, code: 'FREE-FEE-EUR-SIMPLE' };
    const started = await payments.startPayment(start);
    assert.equal(started.required_additional_action, false);
    const { idempotency_key } = place.library.details_of(started);
    const again = await payments.startPayment(start, { idempotency_key });
    assert.deepEqual(again, started);
    assert.equal(place.library.details_of(again).is_replayed, true);
    assert.equal((await payments.simplePayBackref(paid.back)).message, 'SUCCESS');
  });

  it('that reads payments', async () => {
    const { transaction_id, ticket_id } = paid;
    const { transactions } = await payments.listTicketTransactions({ ticket_id });
    assert.deepEqual(transactions.map(({ id }) => id), [transaction_id]);
    assert.equal((await payments.searchTransactions({ search_term: transaction_id }))
      .transactions[0].status, 'paid');
    assert.equal((await payments.findTransactions({ text: `TR${transaction_id}` }))
      .transactions[0].id, transaction_id);
    const whole_day = { from: day_in_budapest(), to: day_in_budapest(1) };
    const sums = await payments.sumMoney({ ...whole_day, bucket: 'day' });
    assert.ok(sums.rows.some(({ measure, amount }) => measure === 'paid' && amount >= 220));
    const { messages } = await payments.getTransaction({ transaction_id });
    const { message_id } = messages[0];
    assert.equal((await payments.readMessage({ message_id })).transaction_id, transaction_id);
    const why = 'the visitor asks';
    assert.equal((await payments.reveal({ transaction_id, why })).email, 'visitor@example.com');
    assert.equal((await payments.askProvider({ transaction_id })).status, 'paid');
    const note = await payments.addNote({ transaction_id, text: 'called' });
    assert.equal(note.text, 'called');
    assert.ok((await payments.listActions({})).actions.length > 0);
    assert.ok(await payments.getHealth());
    const held = await payments.exportPerson({ ticket_id, why });
    assert.equal(held.held[0].email, 'visitor@example.com');
    const report = await payments.erasePerson({ ticket_id, dry_run: true });
    assert.equal(report.payments[0].state, 'held');
  });

  it('of what waits for a person', async () => {
    await send_stray_notification(place);
    const { messages } = await payments.listMessages({});
    const { message_id } = messages[0];
    assert.ok(await payments.retryMessage({ message_id }));
    const { reviews } = await payments.listReviews({ kind: 'unmatched_message' });
    const { kind, number } = reviews[0];
    const closed = await payments.closeReview({ kind, number, as: 'closed', note: 'a test' });
    assert.equal(closed.handled.as, 'closed');
    const early = { transaction_id: paid.transaction_id, reason: 'a test' };
    assert.equal((await refused(payments.closePayment(early))).type, '/problems/not-closable');
  });

  it('of events', async () => {
    const wanted = { transaction_id: paid.transaction_id, state: 'told' };
    const told = await eventually(async () => (await payments.listEvents(wanted)).events[0]);
    const event_ids = [told.event_id];
    assert.equal((await payments.replayEvents({ event_ids })).changed, 1);
    assert.equal((await payments.skipEvents({ event_ids: ['evt_019b76ddbb0000000000001f'],
      note: 'told by hand' })).changed, 0);
    assert.equal((await payments.sendTestEvent({})).outcome, 'delivered');
  });

  it('that gives money back', async () => {
    const [one, other] = [await pay(place), await pay(place)];
    const { transaction_id } = one;
    const refund = await payments.refundPayment({ transaction_id, amount: 20 });
    assert.equal(refund.amount, 20);
    const choice = { transaction_ids: [other.transaction_id], give: { percent: 50 } };
    const { digest, sums } = await payments.planRefunds(choice);
    const typed_sums = sums.map(({ processor, currency, amount }) =>
      ({ processor, currency, amount }));
    const order = { ...choice, digest, typed_sums, name: 'A day', reason: 'cancelled' };
    const { run_id } = await payments.startRefundRun(order);
    assert.equal((await payments.listRefundRuns({})).runs[0].run_id, run_id);
    assert.equal((await payments.getRefundRun({ run_id })).items.length, 1);
    assert.equal((await payments.steerRefundRun({ run_id, do: 'stop' })).state, 'stopped');
  });

  it('of settlements', async () => {
    const report = new URL('../settlement/data/simplepay-report-eur_20260708.csv', import.meta.url);
    const [head, row] = readFileSync(report, 'utf8').split('\n');
    const stranger = row.replace('914300104', '999999999').replace('TR1004', 'TR777');
    const file = { account: 'PUBLICTESTEUR', name: `${report_of_day(day_in_budapest())}.csv` };
    const imported = await payments.importSettlement({
      ...file, file: new TextEncoder().encode([head, stranger, ''].join('\n')),
    });
    assert.equal(imported.lines.new, 1);
    const again = await payments.importSettlement({
      ...file, file: [head, stranger, ''].join('\n'), dry_run: true,
    });
    assert.equal(again.lines.known, 1);
    assert.equal((await payments.listSettlementFiles()).files.length, 1);
    const { findings } = await payments.listFindings({ state: 'open' });
    const finding = findings.find(({ kind }) => kind === 'line_unknown').key;
    assert.equal((await payments.acceptFinding({ finding, reason: 'a test' })).state, 'accepted');
    assert.equal((await payments.reopenFinding({ finding, reason: 'a test' })).state, 'open');
    assert.ok((await payments.getSettlementReport()).accounts.length > 0);
    const month = month_in_budapest();
    assert.equal((await payments.getMonthClose({ month })).state, 'running');
    const long_ago = await payments.closeMonth({ month: '2020-01' });
    assert.equal(long_ago.state, 'closed');
    assert.deepEqual((await payments.listSettlementEvents({ state: 'dead' })).events, []);
    const { payouts } = await payments.listPayouts();
    const { lines } = await payments.listPayoutLines({ payout: payouts[0].id });
    assert.equal(lines[0].reference, 'TR777');
  });

  it('that exports', async () => {
    const lately = { from: day_in_budapest(-1), to: day_in_budapest(1) };
    const csv = await text_of(await payments.exportCsv({ what: 'payments', ...lately }));
    assert.match(csv, new RegExp(`^TR${paid.transaction_id},`, 'm'));
    const journal = await payments.exportBooks({ format: 'hledger', from: day_in_budapest(-1) });
    assert.match(await text_of(journal), new RegExp(`TR${paid.transaction_id}`));
  });

  it('for operators', async () => {
    assert.equal((await payments.health()).status, 'alive');
    assert.equal((await payments.readiness()).status, 'ready');
    assert.match(await payments.metrics(), /^payments_build_info/m);
    assert.equal((await payments.openApi()).info.title, 'O.Z.O.R.A. Payments API');
  });

  it('was called, and is all that the contract has but for pages and providers', async () => {
    const { PaymentsClient } = await payments_client();
    const methods = Object.getOwnPropertyNames(PaymentsClient.prototype)
      .filter((name) => name !== 'constructor').sort();
    const wanted = Object.values(operations)
      .filter(({ tags }) => !tags.includes('Console') && !tags.includes('Notifications'))
      .map(({ operationId }) => operationId).sort();
    assert.deepEqual(methods, wanted);
    assert.deepEqual([...called].sort(), wanted);
  });
});

// ----------------------------------------------------------------------------------- shapes

// Every way in which one part of `value` is missing or something else: [where, the whole].
function* variants(value, at = '') {
  if (value === null || typeof value !== 'object') return;
  const keys = Array.isArray(value) ? Object.keys(value).slice(0, 1) : Object.keys(value);
  for (const key of keys) {
    const copy = (change) => {
      const whole = structuredClone(value);
      change(whole);
      return whole;
    };
    const here = `${at}/${key}`;
    if (!Array.isArray(value)) yield [`no ${here}`, copy((whole) => delete whole[key])];
    for (const other of [null, true, 7.5, 7, 'x', [], {}]) {
      const what = `${here} = ${JSON.stringify(other)}`;
      yield [what, copy((whole) => (whole[key] = other))];
    }
    for (const [what, part] of variants(value[key], here)) {
      yield [what, copy((whole) => (whole[key] = part))];
    }
  }
}

describe('what an answer must be', () => {
  let wrong_in;
  before(async () => {
    const dist = join(await installed(), 'node_modules/payments_client/dist/esm');
    const { operations: rows, shapes } = await import(join(dist, 'generated/operations.js'));
    const { fault_in } = await import(join(dist, 'shape.js'));
    wrong_in = (id, value) => fault_in(value, rows[id].shape, shapes);
  });
  // What a reader relies on; a word or a number of another kind is not refused.
  const relied_on = ['type', 'required', 'const', 'anyOf', '$ref'];

  it('is no more than the contract says, and no less of what is there and of which type', () => {
    let refused_by_both = 0;
    // The contract itself is long, and only its first members are said.
    const { openapi, info } = answers.openApi;
    const all = { ...answers, openApi: { openapi, info, paths: {} } };
    for (const [id, answer] of Object.entries(all)) {
      for (const [what, value] of variants(answer)) {
        const faults = faults_of_answer(id, value);
        const fault = wrong_in(id, value);
        if (faults.length === 0) assert.equal(fault, '', `${id}: ${what}`);
        else if (faults.every(({ keyword }) => relied_on.includes(keyword))) {
          assert.notEqual(fault, '', `${id}: ${what}`);
          ++refused_by_both;
        }
      }
    }
    assert.ok(refused_by_both > 1000, `${refused_by_both}`);
  });
});
