// The real hledger, ledger and beancount read our journals in their strictest modes, and come to
// what `settlement check` reports, to the last digit.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { reported_balances, with_one_revenue } from './report.mjs';
import { Balances, Books, balances_in, checks, minor_of } from './tools.mjs';
import { write_month } from './world.mjs';

const folder = mkdtempSync(join(tmpdir(), 'journals-'));
after(() => rmSync(folder, { recursive: true }));
const { manifest, books } = write_month(folder);
const month = new Books(folder, manifest);
const tools = Object.keys(checks);

function accepted(tool, file) {
  const { status, stdout, stderr } = checks[tool](file);
  assert.equal(status, 0, `${tool}: ${stdout}${stderr}`);
  assert.equal(stderr, '', tool);
}
function refused(tool, file) {
  assert.notEqual(checks[tool](file).status, 0, `${tool} took ${readFileSync(file, 'utf8')}`);
}

// Sums of the table: what each line puts on its two accounts.
function tabled_balances(rows) {
  const balances = new Balances();
  for (const row of rows.filter(({ kind }) => kind !== 'opening' && kind !== 'carry')) {
    const net = minor_of(row.net);
    assert.equal(minor_of(row.gross) - minor_of(row.fee), net, row.row_id);
    const own = [row.currency, Math.abs(net)];
    const facing = row.facing_currency
      ? [row.facing_currency, Math.abs(minor_of(row.facing_amount))]
      : own;
    const [debit, credit] = net > 0 ? [own, facing] : [facing, own];
    balances.add(row.debit_account, debit[0], debit[1]);
    balances.add(row.credit_account, credit[0], -credit[1]);
  }
  return balances;
}

// What a close says of accounts of the ledger: balances, and what moved in the month on others.
function closed_balances(close) {
  const balances = new Balances();
  for (const account of close.accounts) {
    const { currency } = account;
    balances.add(account.ledger_account, currency, account.closing_minor);
    for (const minor of Object.values(account.fees_minor))
      balances.add('expenses:fees', currency, minor);
  }
  for (const one of close.in_transit) {
    balances.add('assets:in-transit', one.currency, one.closing_minor);
    balances.add('assets:bank', one.currency, one.on_bank_minor);
    balances.add('expenses:bank', one.currency, one.bank_charges_minor);
  }
  for (const one of close.claims) {
    balances.add('assets:disputes', one.currency, one.closing_minor);
    balances.add('expenses:disputes', one.currency, one.lost_minor);
  }
  for (const one of close.reserves)
    balances.add('assets:reserve', one.currency, one.closing_minor);
  for (const one of close.unexplained)
    balances.add('assets:suspense', one.currency, one.suspense_closing_minor);
  return balances;
}

// The same of a journal of that month.
function known_to_a_close(of_journal) {
  const balances = new Balances();
  for (const [key, minor] of of_journal) {
    const [account, currency] = key.split(' ');
    if (/^(revenues|equity):/.test(account)) continue;
    const group = /^(assets:reserve|assets:bank|expenses:fees)(?=:)/.exec(account)?.[0];
    balances.add(group ?? account, currency, minor);
  }
  return balances;
}

// Each with its amount.
const posting_of_fee = /fees:stripe:processing +(\d+\.\d\d) HUF/i;
const entry_of_payout = /assets:bank:huf +(\d+\.\d\d) HUF\n +assets:clearing:\S+ +-\1 HUF\n/i;

describe('a month of payments', () => {
  let report;
  before(() => {
    report = month.check();
  });

  it('is one in which nothing is wrong, and everything happens', () => {
    assert.match(report.stdout, /^Findings: none$/m);
    assert.equal(report.status, 0, report.stderr);
    const kinds = new Set(month.table('all.csv').map(({ kind }) => kind));
    const expected =
      'bank_charge capture carry dispute dispute_loss dispute_reversal fee opening payout ' +
      'payout_return refund refund_failure reserve';
    assert.deepEqual([...kinds].sort(), expected.split(' '));
  });

  for (const tool of tools)
    it(`comes in ${tool} to what the report says, to the last digit`, () => {
      const file = month.export(tool, `month.${tool}`);
      accepted(tool, file);
      const balances = balances_in[tool](file);
      assert.deepEqual(
        with_one_revenue(balances).sorted(),
        reported_balances(report.stdout, books).sorted(),
      );
      assert.ok([...balances.keys()].filter((key) => key.startsWith('revenues:')).length > 5);
      assert.deepEqual(balances.sorted(), tabled_balances(month.table('all.csv')).sorted());
    });

  for (const tool of tools)
    it(`is refused by ${tool} when a hundredth is missing in it`, () => {
      const text = readFileSync(month.export(tool, 'whole'), 'utf8');
      const file = join(folder, `changed.${tool}`);
      const write_without = (part, amount) => {
        const less = (minor_of(amount) - 1).toString().replace(/(\d\d)$/, '.$1');
        writeFileSync(file, text.replace(part, part.replaceAll(amount, less)));
        assert.notEqual(readFileSync(file, 'utf8'), text);
      };
      // In one posting the entry is out of balance.
      write_without(...posting_of_fee.exec(text));
      refused(tool, file);
      // In the whole entry it is the closing balance that tells.
      write_without(...entry_of_payout.exec(text));
      refused(tool, file);
    });

  it('has the same bytes in any order of imports, and when files come twice', () => {
    const formats = [...tools, 'csv'];
    const text_of = (format) => readFileSync(month.export(format, 'bytes'), 'utf8');
    const texts = () => formats.map(text_of);
    const first = texts();
    month.list([...manifest].reverse());
    assert.deepEqual(texts(), first);
    month.list([...manifest, ...manifest]);
    assert.deepEqual(texts(), first);
    month.list(manifest);
  });

  it('can be cut into months, of which one goes on where the other ended', () => {
    for (const tool of tools) {
      const june = month.export(tool, `june.${tool}`, '--to', '2026-07-01');
      const july = month.export(tool, `july.${tool}`, '--from', '2026-07-01');
      accepted(tool, june);
      accepted(tool, july);
      const of_all = balances_in[tool](month.export(tool, 'all'));
      const of_june = balances_in[tool](june);
      for (const [key, minor] of balances_in[tool](july)) {
        const [account, currency] = key.split(' ');
        if (account === 'equity:opening') continue;
        const goes_on = account.startsWith('assets:') && !account.startsWith('assets:bank:');
        const known = goes_on ? 0 : (of_june.get(key) ?? 0);
        assert.equal(minor + known, of_all.get(key) ?? 0, `${tool}: ${account} ${currency}`);
      }
    }
    const june = month.table('june.csv', '--to', '2026-07-01');
    const july = month.table('july.csv', '--from', '2026-07-01');
    const of_kind = (rows, kind) =>
      rows
        .filter((row) => row.kind === kind && minor_of(row.net) !== 0)
        .map((row) => [row.debit_account, row.currency, row.net]);
    assert.deepEqual(of_kind(july, 'opening'), of_kind(june, 'carry'));
    assert.ok(of_kind(july, 'opening').length > 2);
    // A payment in the last hours of June, UTC, is one of July.
    const days = new Set(july.map(({ date }) => date));
    assert.ok(days.has('2026-07-01') && !days.has('2026-06-30'));
  });

  for (const tool of tools)
    it(`closes month by month with what ${tool} says, to the last digit`, () => {
      for (const [name, ...days] of [
        ['2026-06', '--from', '2026-06-01', '--to', '2026-07-01'],
        ['2026-07', '--from', '2026-07-01', '--to', '2026-08-01'],
      ]) {
        const { status, stdout, stderr } = month.close(name, 'json');
        assert.equal(status, 0, stderr);
        const balances = balances_in[tool](month.export(tool, `close.${tool}`, ...days));
        assert.deepEqual(
          closed_balances(JSON.parse(stdout)).sorted(), known_to_a_close(balances).sorted(),
        );
      }
    });

  it('closes with the digests of its table and of its files, and goes on where it ended', () => {
    const sha256 = (text) => createHash('sha256').update(text).digest('hex');
    const [june, july] = ['2026-06', '2026-07'].map((name) =>
      JSON.parse(month.close(name, 'json').stdout));
    const table = month.export('csv', 'july', '--from', '2026-07-01', '--to', '2026-08-01');
    assert.equal(july.books_sha256, sha256(readFileSync(table)));
    const lines = manifest.map(({ file }) => `${sha256(readFileSync(join(folder, file)))}\n`);
    assert.deepEqual(july.files, {
      count: manifest.length, sha256: sha256([...new Set(lines)].sort().join('')),
    });
    assert.deepEqual(june.files, july.files);
    assert.equal(june.state, 'ready');
    assert.equal(july.state, 'running');
    const ends = (close, end) =>
      [...close.accounts, ...close.in_transit, ...close.claims, ...close.reserves]
        .map((one) => [one.ledger_account ?? '', one.account, one.currency, one[`${end}_minor`]])
        .filter(([, , , minor]) => minor !== 0);
    assert.ok(ends(june, 'closing').length > 2);
    assert.deepEqual(ends(july, 'opening').sort(), ends(june, 'closing').sort());
  });

  it('closes with the same page in any order of imports, and names no person', () => {
    const pages = () => ['text', 'json', 'csv'].map((format) =>
      month.close('2026-07', format).stdout);
    const first = pages();
    month.list([...manifest].reverse());
    assert.deepEqual(pages(), first);
    month.list(manifest);
    for (const page of first) assert.doesNotMatch(page, /anna|example|KFT/);
    // A month that is over is the same page when the files of the next are not there yet.
    const [june] = [month.close('2026-06', 'csv').stdout];
    month.list(manifest.filter(({ file }) => !/_3\.json|0715|unpaid/.test(file)));
    assert.equal(month.close('2026-06', 'csv').stdout, june);
    month.list(manifest);
  });

  it('is not changed for a closed period by what is imported later', () => {
    const to = ['--to', '2026-06-29'];
    const without_july = manifest.filter(({ file }) => !/_3\.json|0715|unpaid/.test(file));
    for (const format of [...tools, 'csv']) {
      const whole = readFileSync(month.export(format, 'closed', ...to), 'utf8');
      month.list(without_july);
      assert.equal(readFileSync(month.export(format, 'closed', ...to), 'utf8'), whole, format);
      month.list(manifest);
    }
  });

  it('names nobody', () => {
    for (const format of [...tools, 'csv'])
      assert.doesNotMatch(readFileSync(month.export(format, 'names'), 'utf8'), /anna|example|KFT/);
  });
});

// ------------------------------------------------------------------------------- odd books

const payment = (id, more) => ({
  id,
  reference: `TR${id}`,
  processor: 'STRIPE-INTENTS',
  account: 'live',
  currency: 'HUF',
  amount_minor: 10_400_000,
  status: 'paid',
  paid_at: '2026-06-29T10:00:00Z',
  ...more,
});

function journals_of(name, transactions) {
  const place = mkdtempSync(join(folder, `${name}-`));
  const as_of = '2026-07-01T10:00:00Z';
  writeFileSync(join(place, 'books.json'), JSON.stringify({ as_of, transactions }));
  return new Books(place, []);
}

describe('odd books', () => {
  it('are read by all, whatever texts they hold', () => {
    const words = ['a  b', 'x;y|z', '(TR(1))', '=1+1', '* !', '"\\', 'ékezetes ő', 'a\nb', '1,234'];
    const texts = [...words, '\t', '; note', '-', ' ', 'date:2026-01-01', '[2026-13-45]'];
    const odd = journals_of(
      'texts',
      texts.map((text, index) =>
        payment(index + 1, { reference: text, provider_id: text, fee_type: text, account: text }),
      ),
    );
    for (const tool of tools) {
      const file = odd.export(tool, `odd.${tool}`);
      accepted(tool, file);
      const sum = [...balances_in[tool](file)]
        .filter(([key]) => key.startsWith('revenues:'))
        .reduce((total, [, minor]) => total + minor, 0);
      assert.equal(sum, -10_400_000 * texts.length, tool);
    }
  });

  it('are read by all in currencies without decimals, and with three', () => {
    const odd = journals_of('decimals', [
      payment(1, { currency: 'JPY', amount_minor: 12_345 }),
      payment(2, { currency: 'KWD', amount_minor: 12_345 }),
      payment(3, { currency: 'HUF', amount_minor: 5 }),
    ]);
    const shown = { JPY: /12345 JPY/, KWD: /12\.345 KWD/, HUF: /0\.05 HUF/ };
    for (const tool of tools) {
      const file = odd.export(tool, `odd.${tool}`);
      accepted(tool, file);
      for (const amount of Object.values(shown)) assert.match(readFileSync(file, 'utf8'), amount);
    }
  });

  it('are read by all when they are empty', () => {
    const empty = journals_of('empty', []);
    for (const tool of tools) accepted(tool, empty.export(tool, `empty.${tool}`));
  });
});
