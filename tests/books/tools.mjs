// Our program and those of others, and what each says of the balances: "account currency" to minor
// units, of what is not 0. All have two decimals here.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { payments_program } from '../../scripts/platform.mjs';

export function run(program, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...options,
  });
  if (error) throw error;
  return { status, stdout, stderr };
}

// What goes into the strictest mode of each; what it says when it refuses.
export const checks = {
  hledger: (file) => run('hledger', ['--file', file, 'check', '--strict', 'ordereddates']),
  ledger: (file) => run('ledger', ['--file', file, '--pedantic', '--explicit', 'balance']),
  beancount: (file) => run('bean-check', [file]),
};

export const minor_of = (text) => {
  const [, sign, whole, decimals = ''] = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(text);
  return Number(`${sign}${whole}${decimals.padEnd(2, '0')}`);
};

export class Balances extends Map {
  add(account, currency, minor) {
    const key = `${account} ${currency}`;
    const sum = (this.get(key) ?? 0) + minor;
    if (sum === 0) this.delete(key);
    else this.set(key, sum);
  }
  sorted() {
    return Object.fromEntries([...this].sort());
  }
}

// A cell of a table without separators in its texts.
const cells_of = (line) => line.split(',').map((cell) => cell.replace(/^"|"$/g, '').trim());

function of_hledger(file) {
  const args = ['--file', file, 'balance', '--flat', '--no-total', '--layout=bare', '-O', 'csv'];
  const { status, stdout, stderr } = run('hledger', args);
  assert.equal(status, 0, stderr);
  const balances = new Balances();
  for (const line of stdout.trim().split('\n').slice(1)) {
    const [account, currency, balance] = cells_of(line);
    balances.add(account, currency, minor_of(balance));
  }
  return balances;
}

function of_ledger(file) {
  const format = '%(account)|%(join(display_total))\n';
  const args = ['--file', file, '--pedantic', 'balance', '--flat', '--no-total'];
  const { status, stdout, stderr } = run('ledger', [...args, '--balance-format', format]);
  assert.equal(status, 0, stderr);
  const balances = new Balances();
  for (const line of stdout.trim().split('\n')) {
    const [account, amounts] = line.split('|');
    for (const amount of amounts.split('\\n')) {
      const [balance, currency] = amount.split(' ');
      balances.add(account, currency, minor_of(balance));
    }
  }
  return balances;
}

function of_beancount(file) {
  const query = 'SELECT account, currency, sum(number) GROUP BY account, currency';
  const { status, stdout, stderr } = run('bean-query', ['-q', '-f', 'csv', file, query]);
  assert.equal(status, 0, stderr);
  const balances = new Balances();
  for (const line of stdout.trim().split('\n').slice(1)) {
    const [account, currency, balance] = cells_of(line);
    const name = account.toLowerCase().replace(/^income:/, 'revenues:');
    balances.add(name, currency, minor_of(balance));
  }
  return balances;
}

export const balances_in = { hledger: of_hledger, ledger: of_ledger, beancount: of_beancount };

// A folder with books.json and files.
export class Books {
  constructor(folder, manifest) {
    this.folder = folder;
    this.list(manifest);
  }
  list(manifest) {
    writeFileSync(join(this.folder, 'manifest.json'), JSON.stringify(manifest));
  }
  #inputs() {
    const path_of = (name) => join(this.folder, name);
    return ['--books', path_of('books.json'), '--files', path_of('manifest.json')];
  }
  check() {
    return run(payments_program, ['settlement', 'check', ...this.#inputs()], { env: {} });
  }
  // What a month's close says in a format.
  close(month, format) {
    const args = ['settlement', 'close', '--month', month, '--format', format];
    return run(payments_program, [...args, ...this.#inputs()], { env: {} });
  }
  // Writes the file and returns its name.
  export(format, name, ...options) {
    const file = join(this.folder, name);
    const args = ['export', '--format', format, '--output', file, ...this.#inputs(), ...options];
    const { status, stderr } = run(payments_program, args, { env: {} });
    assert.equal(status, 0, stderr);
    return file;
  }
  // The lines of a table, by column.
  table(name, ...options) {
    const [head, ...lines] = readFileSync(this.export('csv', name, ...options), 'utf8')
      .trim()
      .split('\n');
    const columns = head.split(',');
    return lines.map((line) => {
      const cells = line.split(',');
      assert.equal(cells.length, columns.length, line);
      return Object.fromEntries(columns.map((column, index) => [column, cells[index]]));
    });
  }
}
