// Files of providers and banks over HTTP, and what they say against our books
// (docs/settlements.md, 10).
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import {
  day_in_budapest, eventually, month_in_budapest, report_of_day,
} from '../fixtures/harness.mjs';
import { assert_ok, assert_problem } from './client.mjs';
import { act_on_simplepay, billing, open_world, search, simple_eur } from './world.mjs';

const data = (name) =>
  readFileSync(new URL(`../settlement/data/${name}`, import.meta.url), 'utf8');
const everywhere = {
  tickets_get_flags: '*', tickets_get_years: '*', tickets_get_events: '*',
};

let world, paid;
before(async () => {
  world = await open_world();
  const body = { ticket_id: world.tickets.add(), code: simple_eur, metas: billing };
  const { redirect_url, transaction_id } =
    assert_ok(await world.call('startPayment', { body }));
  await act_on_simplepay(redirect_url, 'pay');
  const token = world.user_token({ ...search, ...everywhere });
  paid = await eventually(async () => {
    const story = assert_ok(
      await world.call('getTransaction', { body: { transaction_id }, token }),
    );
    return story.transaction.status === 'paid' && story.transaction;
  });
});
after(() => world?.close());

const clerk = (sub = 'anna', more = {}) =>
  world.user_token({ payments_settlement: 'true', ...everywhere, ...more }, { sub });
const reader = () => world.user_token({ payments_export: 'true', ...everywhere });
const import_file = (text, query = {}, token = clerk()) =>
  world.call('importSettlement', {
    text, query, token, headers: { 'Content-Type': 'text/csv' },
  });
const findings = async (query = {}, token = reader()) =>
  assert_ok(await world.call('listFindings', { query, token }));
function month_after(month) {
  const [year, number] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 7);
}
const at_finding = (key, what) => `/payments/settlement/findings/${key}/${what}`;

// A report of SimplePay with the payment that was made, and one that nobody here knows.
const [head, row] = data('simplepay-report-eur_20260708.csv').split('\n');
const report = () => {
  const of = (id, reference) => row.replace('914300104', id).replace('TR1004', reference);
  const ours = of(paid.provider_transaction_id, `TR${paid.id}`);
  return [head, ours, of('999999999', 'TR777'), ''].join('\n');
};
// Paid out today, whatever day it is: after some more the payout would be late.
const report_day = day_in_budapest();
const payout = report_of_day(report_day);
const by_name = { account: 'PUBLICTESTEUR', name: `${payout}.csv` };

describe('settlements over HTTP', () => {
  it('tells what of a file is new, and keeps nothing of a trial', async () => {
    const tried = assert_ok(await import_file(report(), { ...by_name, dry_run: 'true' }));
    assert.deepEqual(tried.lines, { new: 2, known: 0, conflicting: 0, skipped: 0 });
    assert.deepEqual(assert_ok(await world.call('listSettlementFiles', { token: reader() })), {
      files: [],
    });
    const taken = assert_ok(await import_file(report(), by_name));
    assert.deepEqual(taken, { ...tried, known_before: false });
    const again = assert_ok(await import_file(report(), by_name));
    assert.deepEqual(again.lines, { new: 0, known: 2, conflicting: 0, skipped: 0 });
    assert.equal(again.known_before, true);
    const { files } = assert_ok(await world.call('listSettlementFiles', { token: reader() }));
    assert.equal(files.length, 1);
    assert.equal(files[0].file, by_name.name);
    assert.equal(files[0].by, 'anna');
  });

  it('names every place that is wrong, and takes nothing of the file', async () => {
    const broken = `${head}\nCOMPLETED;x;1;TR1;yesterday\n${row.replace('220,00', 'much')}\n`;
    const refused = await import_file(broken, by_name);
    assert_problem(refused, 400, 'invalid-request');
    assert.deepEqual(refused.json.errors.map(({ detail }) => detail), [
      'line 2: the row has 5 fields, the header has 18 and a separator more',
      'line 3, column 12: the gross, a text, is not an amount',
    ]);
    assert_problem(await import_file('hello', by_name), 400, 'invalid-request');
    assert_problem(await import_file('', by_name), 400, 'invalid-request');
    for (const wrong of [{ format: 'pdf' }, { dry_run: 'yes' }, { name: '../x' }])
      assert_problem(await import_file(report(), { ...by_name, ...wrong }), 400, 'invalid-request');
    const { files } = assert_ok(await world.call('listSettlementFiles', { token: reader() }));
    assert.equal(files.length, 1);
  });

  it('lists what does not agree, until somebody accepts it with a reason', async () => {
    const open = await findings({ state: 'open' });
    assert.deepEqual(open.findings.map(({ kind, subject }) => `${kind} ${subject}`), [
      'line_unknown 999999999',
    ]);
    assert.equal(open.unexplained.EUR, 22000);
    const [{ key }] = open.findings;
    const decide = (what, body, more = {}) =>
      world.call(what === 'accept' ? 'acceptFinding' : 'reopenFinding', {
        path: at_finding(key, what), body, token: clerk('kata'), ...more,
      });

    assert_problem(await decide('accept', { reason: '' }, { request: 'breaks' }), 400,
      'invalid-request');
    const headers = { 'Idempotency-Key': 'a-key-of-ours-1' };
    const accepted = assert_ok(await decide('accept', { reason: 'our own test' }, { headers }));
    assert.equal(accepted.state, 'accepted');
    const repeated = await decide('accept', { reason: 'our own test' }, { headers });
    assert.deepEqual(assert_ok(repeated), accepted);
    assert_problem(await decide('accept', { reason: 'another' }, { headers }), 422, 'key-reused');

    assert.deepEqual((await findings({ state: 'open' })).findings, []);
    const { findings: closed, unexplained } = await findings({ state: 'accepted' });
    assert.equal(closed[0].key, key);
    assert.equal(unexplained.EUR, 0);
    assert.equal(assert_ok(await decide('reopen', { reason: 'was none' })).state, 'open');
    assert.equal((await findings()).findings[0].state, 'open');
    const none = await world.call('acceptFinding', {
      path: at_finding('0000000000000000', 'accept'), body: { reason: 'x' }, token: clerk(),
    });
    assert_problem(none, 404, 'unknown-finding');
  });

  it('alarms on what is not explained, without anybody asking', async () => {
    // Two files came since the service looked, so it has matched within a minute; here at once.
    await world.restart();
    const metric = await eventually(async () => {
      const { text } = await world.call('metrics');
      return /^payments_unexplained\{.*processor="SIMPLE".*\} (\d+)$/m.exec(text)?.[1];
    });
    assert.equal(metric, '22000');
    const { text } = await world.call('metrics');
    assert.match(text, /^payments_settlement_age_seconds \d/m);
  });

  it('reports every account, payout and line', async () => {
    const shown = assert_ok(await world.call('getSettlementReport', { token: reader() }));
    const account = shown.accounts.find(({ currency, lines }) => currency === 'EUR' && lines);
    assert.equal(account.net_minor, 43208);
    assert.equal(account.captured.amount_minor, 22000);
    assert.equal(account.facts_left_over_minor, 0);
    assert.equal(account.balance_left_over_minor, 0);
    const { payouts } = assert_ok(await world.call('listPayouts', { token: reader() }));
    assert.deepEqual(payouts.map(({ id, amount_minor, state }) => [id, amount_minor, state]), [
      [payout, 43208, 'on_the_way'],
    ]);
    const { lines } = assert_ok(
      await world.call('listPayoutLines', {
        path: `/payments/settlement/payouts/${payout}/lines`, token: reader(),
      }),
    );
    assert.equal(lines.length, 2);
    assert.ok(lines.some(({ reference }) => reference === `TR${paid.id}`));
    assert.deepEqual(lines[0].fees_minor, { interchange: 44, scheme: 33, merchant: 319 });
    const nothing = assert_ok(
      await world.call('listPayoutLines', {
        path: '/payments/settlement/payouts/no%20such%2Fone/lines', token: reader(),
      }),
    );
    assert.deepEqual(nothing, { payout: 'no such/one', lines: [] });
    const later = await findings({ as_of: `${day_in_budapest(90)}T00:00:00Z`, state: 'open' });
    assert.ok(later.findings.some(({ kind }) => kind === 'payout_not_on_bank'));
    assert_problem(
      await world.call('listFindings', { query: { as_of: 'soon' }, token: reader() }), 400,
      'invalid-request',
    );
  });

  it('gives the books for the program that an accountant has', async () => {
    const get = (format, query = {}) =>
      world.call('exportBooks', { path: `/payments/exports/${format}`, query, token: reader() });
    const table = await get('csv');
    assert.equal(table.status, 200, table.text);
    assert.match(table.headers['content-type'], /^text\/csv/);
    assert.equal(table.headers['content-disposition'], 'attachment; filename="movements.csv"');
    assert.match(table.text, new RegExp(`^TR${paid.id},.*,220\\.00,`, 'm'));
    const hungarian = await get('csv', { profile: 'hu' });
    assert.ok(hungarian.text.startsWith('\ufeffrow_id;'));
    assert.match(hungarian.text, /;220,00;/);
    const to = day_in_budapest(2);
    for (const format of ['hledger', 'ledger', 'beancount']) {
      const { status, text, headers } = await get(format, { from: '2026-01-01', to });
      assert.equal(status, 200, text);
      assert.equal(
        headers['content-disposition'],
        `attachment; filename="movements-2026-01-01-${to}.${format}"`,
      );
      assert.match(text, /220\.00 EUR/);
      // Of a period that is over it is the same again.
      assert.equal((await get(format, { from: '2026-01-01', to })).text, text);
    }
    const empty = await get('csv', { from: '2020-01-01', to: '2020-02-01' });
    assert.equal(empty.text.trimEnd().split('\n').length, 1);
    for (const query of [{ from: 'May' }, { from: '2026-02-01', to: '2026-01-01' }])
      assert_problem(await get('csv', query), 400, 'invalid-request');
    assert_problem(await get('pdf'), 400, 'invalid-request');
    const narrow = world.user_token({
      payments_export: 'true', ...everywhere, tickets_get_flags: 'HU',
    });
    const path = '/payments/exports/csv';
    assert_problem(await world.call('exportBooks', { path, token: narrow }), 403, 'forbidden');
    const auditor = world.user_token({ payments_audit: 'true', ...everywhere });
    const body = { kind: ['export'] };
    const { actions } = assert_ok(await world.call('listActions', { body, token: auditor }));
    assert.ok(actions.some(({ details }) => details.what === 'journal' &&
      details.format === 'beancount' && details.from === '2026-01-01'));
  });

  it('closes a month with the books of that month, and puts that on record', async () => {
    const month = month_in_budapest(Date.parse(paid.paid_at));
    const get = (query, token = reader()) => world.call('getMonthClose', { query, token });
    const close = assert_ok(await get({ month }));
    const account = close.accounts.find(({ currency }) => currency === 'EUR');
    assert.equal(close.month, month);
    assert.equal(account.captured.amount_minor, 22000);
    const to = `${month_after(month)}-01`;
    const table = await world.call('exportBooks', {
      path: '/payments/exports/csv', query: { from: `${month}-01`, to }, token: reader(),
    });
    assert.equal(close.books_sha256, createHash('sha256').update(table.text).digest('hex'));
    const { files } = assert_ok(await world.call('listSettlementFiles', { token: reader() }));
    const lines = files.map(({ sha256 }) => `${sha256}\n`);
    assert.deepEqual(close.files, {
      count: 1, sha256: createHash('sha256').update(lines.join('')).digest('hex'),
    });

    // Long after, the report's payout is a part of its month: all of them end where the next
    // begins.
    const as_of = `${day_in_budapest(1000)}T00:00:00Z`;
    const its_month = report_day.slice(0, 7);
    const ready = assert_ok(await get({ month: its_month, as_of }));
    assert.equal(ready.state, 'ready');
    assert.equal(ready.closing, null);
    const next = assert_ok(await get({ month: month_after(its_month), as_of }));
    assert.deepEqual(
      next.accounts.map(({ opening_minor }) => opening_minor),
      ready.accounts.map(({ closing_minor }) => closing_minor),
    );
    assert.ok(ready.findings.some(({ kind, day }) =>
      kind === 'line_unknown' && day === report_day));
    const early = assert_ok(await get({ month: '2020-01' }));
    assert.deepEqual([early.state, early.accounts, early.findings], ['ready', [], []]);

    for (const query of [{}, { month: 'May' }, { month: '2026-13' }, { month, as_of: 'soon' }])
      assert_problem(await get(query), 400, 'invalid-request');
    const narrow = world.user_token({
      payments_export: 'true', ...everywhere, tickets_get_flags: 'HU',
    });
    assert_problem(await get({ month }, narrow), 403, 'forbidden');
    const auditor = world.user_token({ payments_audit: 'true', ...everywhere });
    const body = { kind: ['export'] };
    const { actions } = assert_ok(await world.call('listActions', { body, token: auditor }));
    assert.ok(actions.some(({ details }) =>
      details.what === 'close' && details.month === its_month));
  });

  it('closes a month for good, by whom may, and never one that has not ended', async () => {
    const close = (body, token = clerk(), more = {}) =>
      world.call('closeMonth', { body, token, ...more });
    const month = month_in_budapest();
    const refused = await close({ month, reason: 'in a hurry' });
    assert_problem(refused, 409, 'month-not-closable');
    assert.equal(refused.json.detail, `${month} has not ended`);
    assert_problem(await close({ month: '2020-01' }, reader()), 403, 'forbidden');
    assert_problem(
      await close({ month: 'May' }, clerk(), { request: 'breaks' }), 400, 'invalid-request',
    );
    const others = await close({ month: '2020-01', books_sha256: '0'.repeat(64) });
    assert_problem(others, 409, 'month-not-closable');
    const { books_sha256 } = assert_ok(await world.call('getMonthClose', {
      query: { month: '2020-01' }, token: reader(),
    }));
    const closed = assert_ok(await close({ month: '2020-01', books_sha256 }));
    assert.deepEqual([closed.state, closed.open_findings, closed.corrections], ['closed', 0, 0]);
    assert.deepEqual([closed.closing.by, closed.closing.reason], ['anna', '']);
    const read = assert_ok(await world.call('getMonthClose', {
      query: { month: '2020-01' }, token: reader(),
    }));
    assert.deepEqual(read, closed);
    assert.deepEqual(assert_ok(await close({ month: '2020-01', reason: 'again' })), closed);
    // Those before it are closed with it.
    assert.deepEqual(assert_ok(await close({ month: '2019-12' })).closing, closed.closing);
  });

  it('is of the whole festival: nobody sees it who does not see every ticket', async () => {
    const narrow = { ...everywhere, tickets_get_flags: 'HU' };
    for (const token of [
      world.user_token({ payments_export: 'true', ...narrow }),
      world.user_token({ payments_export: 'true' }),
      world.user_token({ payments_search: 'true', ...everywhere }),
    ])
      for (const operation of [
        'listSettlementFiles', 'getSettlementReport', 'listFindings', 'listPayouts',
      ])
        assert_problem(await world.call(operation, { token }), 403, 'forbidden');
    assert_problem(await import_file(report(), by_name, clerk('anna', narrow)), 403, 'forbidden');
    // To see is not to change.
    assert_problem(await import_file(report(), by_name, reader()), 403, 'forbidden');
    const [{ key }] = (await findings()).findings;
    const refused = await world.call('acceptFinding', {
      path: at_finding(key, 'accept'), body: { reason: 'x' }, token: reader(),
    });
    assert_problem(refused, 403, 'forbidden');
  });

  it('takes a file of many MiB, and is there for everybody else meanwhile', async () => {
    const many = Array.from({ length: 60_000 }, (_, i) =>
      row.replace('914300104', `${200_000_000 + i}`).replace('TR1004', `TR${50_000 + i}`),
    );
    const text = [head, ...many, ''].join('\n');
    assert.ok(Buffer.byteLength(text) > 10 * 1024 * 1024);
    let answered = 0;
    let is_done = false;
    const visitors = (async () => {
      while (!is_done) {
        assert_ok(await world.call('readiness'));
        ++answered;
      }
    })();
    const name = `${report_of_day(day_in_budapest(7))}.csv`;
    const query = { ...by_name, name, dry_run: 'true' };
    const taken = assert_ok(await import_file(text, query));
    is_done = true;
    await visitors;
    assert.equal(taken.lines.new, 60_000);
    assert.ok(answered > 20, `${answered} answers`);
    const too_large = await import_file('x'.repeat(32 * 1024 * 1024 + 1), query);
    assert_problem(too_large, 413, 'body-too-large');
  });
});
