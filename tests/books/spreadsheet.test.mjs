// The real LibreOffice reads the table that is for Excel in Hungarian: days are days, amounts are
// numbers, and texts run nothing.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Books, minor_of, run } from './tools.mjs';
import { write_month } from './world.mjs';

// ';' and '"', UTF-8, from the first line on, in Hungarian; what is in quotes is no text for that,
// and days are looked for. Formulas are, too: they are what a spreadsheet runs.
const filter = 'CSV:59,34,76,1,,1038,false,true';
const formula = '=1+1';

const folder = mkdtempSync(join(tmpdir(), 'spreadsheet-'));
after(() => rmSync(folder, { recursive: true }));
const { manifest } = write_month(folder);
// The name of a file is what a report of SimplePay's is called from then on.
const report = manifest.find(({ file }) => file.startsWith('HUF_report'));
renameSync(join(folder, report.file), join(folder, `${formula}.csv`));
report.file = `${formula}.csv`;
const month = new Books(folder, manifest);

function converted(file) {
  const args = ['--headless', `-env:UserInstallation=file://${folder}/profile`];
  const { status, stderr } = run(
    'soffice',
    [...args, `--infilter=${filter}`, '--convert-to', 'fods', '--outdir', folder, file],
    { timeout: 120_000 },
  );
  assert.equal(status, 0, stderr);
  return readFileSync(file.replace(/csv$/, 'fods'), 'utf8');
}

const attribute = (text, name) => new RegExp(` ${name}="([^"]*)"`).exec(text)?.[1];
const plain = (text) =>
  text.replaceAll('&apos;', "'").replaceAll('&quot;', '"').replaceAll('&amp;', '&');

// Of each line its cells: type, value, and the text that is seen.
function cells_of(fods) {
  return [...fods.matchAll(/<table:table-row[\s\S]*?<\/table:table-row>/g)].map(([row]) =>
    [...row.matchAll(/<table:table-cell([^>]*?)(?:\/>|>([\s\S]*?)<\/table:table-cell>)/g)].flatMap(
      ([, attributes, content = '']) => {
        const type = attribute(attributes, 'office:value-type') ?? 'empty';
        const value =
          attribute(attributes, 'office:value') ?? attribute(attributes, 'office:date-value');
        const seen = plain(/<text:p>([\s\S]*?)<\/text:p>/.exec(content)?.[1] ?? '');
        const formula = attribute(attributes, 'table:formula');
        const count = Number(attribute(attributes, 'table:number-columns-repeated') ?? 1);
        return Array(Math.min(count, 30)).fill({ type, value, seen, formula });
      },
    ),
  );
}

describe('the table in LibreOffice', () => {
  let rows, plain_rows;
  before(() => {
    const file = month.export('csv', 'month.csv', '--profile', 'hu');
    const [head, ...lines] = cells_of(converted(file));
    rows = lines
      .filter(([first]) => first.type !== 'empty')
      .map((cells) => Object.fromEntries(head.map(({ seen }, index) => [seen, cells[index]])));
    plain_rows = month.table('plain.csv');
  });

  it('has the columns and lines of the plain one, and the same in each', () => {
    assert.equal(rows.length, plain_rows.length);
    assert.ok(rows.length > 100);
    for (const [index, expected] of plain_rows.entries())
      for (const [column, text] of Object.entries(expected)) {
        const { type, value, seen } = rows[index][column];
        const shown = type === 'float' || type === 'date' ? value : seen;
        if (/^-?\d+\.\d\d$/.test(text)) assert.equal(minor_of(shown), minor_of(text), column);
        else assert.equal(shown, text, column);
      }
  });

  it('has days that are days', () => {
    for (const { date, row_id } of rows) assert.equal(date.type, 'date', row_id.seen);
  });

  it('has amounts that are numbers, those less than 0 too', () => {
    for (const row of rows) {
      assert.equal(row.net.type, 'float', row.row_id.seen);
      const is_balance = ['opening', 'carry'].includes(row.kind.seen);
      for (const column of ['gross', 'fee'])
        assert.equal(row[column].type, is_balance ? 'empty' : 'float', row.row_id.seen);
      if (row.facing_currency.seen) assert.equal(row.facing_amount.type, 'float');
    }
    assert.ok(rows.some(({ net }) => net.value.startsWith('-')));
  });

  it('runs nothing, and shows what would have run', () => {
    for (const row of rows)
      for (const [column, { formula }] of Object.entries(row))
        assert.equal(formula, undefined, column);
    const named = rows.filter(({ payout_id }) => payout_id.seen === `'${formula}`);
    assert.ok(named.length > 3);
    for (const { payout_id } of named) assert.equal(payout_id.type, 'string');
  });

  it('adds up to what each account has at the end', () => {
    const sums = {};
    const minor = ({ value }) => Math.round(Number(value) * 100);
    for (const { kind, net, currency, debit_account, credit_account } of rows) {
      if (kind.seen === 'carry') {
        const key = `${debit_account.seen} ${currency.seen}`;
        if (key.startsWith('assets:clearing:')) assert.equal(sums[key], minor(net), key);
        continue;
      }
      for (const account of [debit_account.seen, credit_account.seen]) {
        const key = `${account} ${currency.seen}`;
        sums[key] = (sums[key] ?? 0) + minor(net);
      }
    }
  });
});
