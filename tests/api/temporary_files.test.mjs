// What is put aside while settlements are matched goes to a disk (docs/settlements.md, 6), and that
// disk may be full or gone: then nothing is said, instead of something wrong.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { payments_program } from '../fixtures/harness.mjs';
import { assert_ok, assert_problem } from './client.mjs';
import { open_world } from './world.mjs';

const lines = 12_000; // more than are matched in memory alone
const head = 'automatic_payout_id,balance_transaction_id,reporting_category,currency,gross,fee,net';
const table = () => [
  head,
  ...Array.from({ length: lines }, (_, i) =>
    `po_full,txn_3Qb00000000000000000${String(i).padStart(8, '0')},charge,huf,880.00,8.00,872.00`),
  '',
].join('\n');

describe('settlements without room for temporary files', () => {
  let world, place;
  const gone = () => rm(place, { recursive: true });
  const everywhere = {
    tickets_get_flags: '*', tickets_get_years: '*', tickets_get_events: '*',
  };
  const token = () =>
    world.user_token({ payments_settlement: 'true', payments_export: 'true', ...everywhere });
  const take = (operation, what = {}) => world.call(operation, { token: token(), ...what });
  const books = () => take('exportBooks', { path: '/payments/exports/csv' });

  before(async () => {
    place = await mkdtemp(join(tmpdir(), 'ozora-no-room-'));
    world = await open_world({ settings: { TMPDIR: place } });
    const query = { name: 'payouts.csv', account: 'live' };
    const headers = { 'Content-Type': 'text/csv' };
    assert_ok(await take('importSettlement', { text: table(), query, headers }));
  });
  after(async () => {
    await world?.close();
    await rm(place, { recursive: true, force: true });
  });

  const cause = () => `temporary files cannot be made in ${
    'the folder that TMPDIR names'}: No such file or directory; make room on that disk, or name ` +
    'another folder by TMPDIR';

  it('are answered with 503 until there is room', async () => {
    await gone();
    const asked = [
      () => take('listFindings'),
      () => take('getSettlementReport'),
      () => take('getMonthClose', { query: { month: '2026-07' } }),
      books,
    ];
    for (const ask of asked) {
      const refused = await ask();
      assert_problem(refused, 503, 'storage-unavailable');
      assert.equal(refused.json.detail, cause());
      assert.match(refused.headers['retry-after'], /^\d+$/);
    }
    // Everything else goes on.
    assert_ok(await world.call('readiness'));
    assert_ok(await take('listSettlementFiles'));
    await mkdir(place);
    for (const ask of asked) assert.equal((await ask()).status, 200);
  });

  it('are an exact error of a command, and an exit code of its own', async () => {
    await gone();
    const run = (...args) =>
      new Promise((resolve) => {
        const env = { PATH: process.env.PATH, ...world.settings };
        execFile(payments_program, args, { env }, (error, stdout, stderr) =>
          resolve({ status: error ? error.code : 0, stdout, stderr }));
      });
    for (const command of [['settlement', 'match'], ['settlement', 'close', '--month', '2026-07']])
      assert.deepEqual(await run(...command), {
        status: 3, stdout: '', stderr: `ozora-payments: ${cause()}\n`,
      });
    await mkdir(place);
  });
});
