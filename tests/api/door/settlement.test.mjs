// What providers paid out against our books, as an auditor asks: without a database.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { payments_program } from '../../../scripts/platform.mjs';

const data = join(import.meta.dirname, '../../settlement/data');
const folder = mkdtempSync(join(tmpdir(), 'settlement-'));
after(() => rmSync(folder, { recursive: true }));

const simplepay = 'simplepay-report-huf_20260708.csv';
const files = [
  { file: simplepay, mapping: 'mapping-simplepay.json' },
  { file: 'simplepay-report-eur_20260708.csv', mapping: 'mapping-simplepay.json' },
  { file: 'stripe-payout_reconciliation.itemized.5.csv', account: 'live' },
  { file: 'stripe-balance_transactions-po_S1.json', account: 'live', payout: 'po_S1' },
  { file: 'stripe-payouts.json', account: 'live' },
  { file: 'bank-camt053_20260709.xml' },
];
for (const { file, mapping } of [...files, { file: 'bank-otp-huf_20260708.csv' }])
  for (const name of [file, mapping]) if (name) copyFileSync(join(data, name), join(folder, name));
const our_books = JSON.parse(readFileSync(join(data, 'ours.json'), 'utf8'));

function check(manifest, books = our_books, ...options) {
  const [manifest_file, books_file] = ['manifest.json', 'books.json'].map((name) =>
    join(folder, name),
  );
  writeFileSync(manifest_file, JSON.stringify(manifest));
  writeFileSync(books_file, JSON.stringify(books));
  const args = ['settlement', 'check', '--books', books_file, '--files', manifest_file, ...options];
  const { status, stdout, stderr } = spawnSync(payments_program, args, {
    encoding: 'utf8',
    env: {},
  });
  return { status, stdout, stderr };
}

describe('settlement check', () => {
  it('finds nothing where all agrees', () => {
    const { status, stdout, stderr } = check(files, our_books, '--json');
    assert.equal(stderr, '');
    assert.equal(status, 0);
    const report = JSON.parse(stdout);
    assert.deepEqual(Object.keys(report), ['as_of', 'files', 'findings', 'unexplained']);
    assert.equal(Date.parse(report.as_of), Date.parse(our_books.as_of));
    assert.deepEqual(report.findings, []);
    assert.deepEqual(report.unexplained, { EUR: 0, HUF: 0, USD: 0 });
    assert.deepEqual(report.files[0], {
      file: simplepay,
      format: 'simplepay',
      account: 'S123401',
      lines: { new: 4, known: 0, conflicting: 0, skipped: 0 },
    });
    assert.deepEqual(report.files[3].lines, { new: 0, known: 7, conflicting: 0, skipped: 1 });
  });

  it('tells people each sum, and that the control equations come out', () => {
    const { status, stdout } = check(files);
    assert.equal(status, 0, stdout);
    assert.match(stdout, /^Stripe live HUF$/m);
    assert.match(stdout, /^ {2}payout po_S1 +125009 on the bank, due 2026-07-08$/m);
    assert.match(stdout, /^Findings: none$/m);
    const left_over = [...stdout.matchAll(/left over: (.*)$/gm)].map(([, minor]) => minor);
    assert.equal(left_over.length, 10);
    assert.deepEqual(new Set(left_over), new Set(['0']));
  });

  it('names what differs, and what it costs', () => {
    const books = structuredClone(our_books);
    books.transactions[0].amount_minor += 100;
    const { status, stdout } = check(files, books, '--json');
    assert.equal(status, 1);
    const { findings, unexplained } = JSON.parse(stdout);
    assert.equal(findings.length, 1);
    const { key, detail, ...finding } = findings[0];
    assert.match(key, /^[0-9a-f]{16}$/);
    assert.match(detail, /104000 HUF instead of 104001 HUF/);
    assert.deepEqual(finding, {
      kind: 'line_differs',
      subject: 'TR1001',
      amount_minor: 100,
      currency: 'HUF',
      processor: 'SIMPLE',
      account: 'S123401',
      state: 'open',
    });
    assert.deepEqual(unexplained, { EUR: 0, HUF: 100, USD: 0 });
  });

  it('asks as of another time, at which more is overdue', () => {
    const without_simplepay = files.slice(2);
    assert.equal(check(without_simplepay, our_books, '--as-of', '2026-07-09T00:00:00Z').status, 1);
    const later = ['--json', '--as-of', '2026-08-01T00:00:00Z'];
    const { stdout } = check(without_simplepay, our_books, ...later);
    const missing = JSON.parse(stdout).findings.filter(
      ({ kind }) => kind === 'missing_in_settlement',
    );
    assert.deepEqual(
      missing.map(({ subject }) => subject),
      ['TR1001', 'TR1002', 'TR1003', 'TR1003-R1', 'TR1004'],
    );
  });

  it('takes all files or none, and names each that it cannot take', () => {
    const report = readFileSync(join(data, simplepay), 'utf8');
    writeFileSync(join(folder, 'broken.csv'), report.replace('104000,00', 'n/a'));
    const { status, stdout, stderr } = check([
      ...files,
      { file: 'broken.csv', mapping: 'mapping-simplepay.json' },
      { file: 'nowhere.csv' },
      { file: 'bank-otp-huf_20260708.csv' },
    ]);
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /broken\.csv: line 2, column 12/);
    assert.match(stderr, /nowhere\.csv: cannot be read/);
    assert.match(stderr, /bank-otp-huf_20260708\.csv: days .* covered already by .* camt053/);
    assert.doesNotMatch(stderr, /Kitalált|example\.com/);
  });

  it('names what is wrong with the books and the list of files', () => {
    const books = structuredClone(our_books);
    books.transactions[1].currency = 'XXL';
    delete books.transactions[2].paid_at;
    const manifest = [{ file: 'a.csv', format: 'xls' }, 7, { account: 5, format: 'xls' }];
    const { status, stderr } = check(manifest, books);
    assert.equal(status, 2);
    assert.match(stderr, /books\.json: \/transactions\/1\/currency must be a currency/);
    assert.match(stderr, /books\.json: \/transactions\/2\/paid_at is missing/);
    assert.match(stderr, /manifest\.json: \/0\/format must be simplepay, /);
    assert.match(stderr, /manifest\.json: \/1 must be an object/);
    assert.match(stderr, /manifest\.json: \/2\/file is missing/);
    assert.match(stderr, /manifest\.json: \/2\/account must be a text/);
    assert.match(stderr, /manifest\.json: \/2\/format must be simplepay, /);
  });
});
