// Settlements in bulk: files of a year's weeks are imported and matched with as many transactions,
// and older ones beside them, next to COPY into a bare table and one hash join. Then one more week
// is added.
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { payments_program } from '../../../scripts/platform.mjs';
import { directory } from '../peers.mjs';
import { fill_statements, fresh_copy } from '../postgres/databases.mjs';
import { prepare_large } from '../postgres/large.mjs';
import { binaries } from '../postgres/server.mjs';

const run_file = promisify(execFile);
export const weeks = 50;
const gross_minor = 8_780_000;
const fee_minor = 131_700;

// As Stripe's payout reconciliation report has them.
const columns = ['automatic_payout_id', 'automatic_payout_effective_at', 'balance_transaction_id',
  'created', 'reporting_category', 'currency', 'gross', 'fee', 'net', 'charge_id',
  'payment_intent_id', 'source_id', 'payment_metadata[transaction_id]'];

const decimal = (minor) => `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`;
const time_of = (i) => new Date(1_767_225_600_000 + i * 10_000).toISOString();
const written = (time) => time.slice(0, 19).replace('T', ' ');

function line_of(i, older, week) {
  const id = older + i;
  const number = String(id).padStart(10, '0');
  const charge = `ch_3Qb0000000000${number}`;
  return [`po_week${week}`, '2026-11-02 00:00:00', `txn_3Qb0000000000${number}`,
    written(time_of(i)), 'charge', 'huf', decimal(gross_minor), decimal(fee_minor),
    decimal(gross_minor - fee_minor), charge, `pi_3Qb0000000000${number}`, charge, id].join(',');
}

// The paths of the files, the oldest first, and behind them that of one more week.
export function make_files(rows, older = 0) {
  const folder = join(directory, 'settlement');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const each = rows / weeks;
  return Array.from({ length: weeks + 1 }, (_, week) => {
    const lines = Array.from({ length: each }, (_, i) => line_of(week * each + i + 1, older, week));
    const path = join(folder, `week_${week}.csv`);
    writeFileSync(path, `${[columns.join(','), ...lines].join('\n')}\n`);
    return path;
  });
}

export const peak_kib = (pid) => {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0; // it has just ended
  }
};

// Runs a command of ours: how long it took, the most memory it had, what it wrote.
export async function command(uri, args, expected = 0) {
  const began = performance.now();
  const env = { ...process.env, PAYMENTS_DATABASE: uri, PAYMENTS_SETTLEMENT_FROM: '2026-01-01' };
  const child = spawn(payments_program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.on('data', (bytes) => (output += bytes));
  child.stderr.on('data', (bytes) => (errors += bytes));
  let peak = 0;
  const timer = setInterval(() => (peak = Math.max(peak, peak_kib(child.pid))), 10);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(timer);
  if (code !== expected) throw new Error(`${args[1]} ended with ${code}:\n${errors}`);
  return { s: (performance.now() - began) / 1000, mib: peak / 1024, output };
}

// Every line is that of a payment; what is left is that no bank was told of the payouts.
function check_report(output) {
  const { findings } = JSON.parse(output);
  const other = findings.filter(({ kind }) => kind !== 'payout_not_on_bank');
  if (other.length > 0 || findings.length !== weeks)
    throw new Error(`${findings.length} findings, ${other[0]?.kind} among them`);
}

const own = 'ozora-payments';
const plain = 'COPY and a hash join in psql';

export function settlement({ settlement_rows: rows, settlement_older: older, ...context }) {
  const { postgres, migrate, log } = context;
  let files;
  const fresh = async () => {
    const name = `settlement_${rows + older}`;
    const fill = (range) => fill_statements('settlement.sql', { ...range, older });
    await prepare_large(postgres, { name, rows: rows + older, migrate, log, fill });
    files ??= make_files(rows, older);
    return fresh_copy(postgres, 'settlement_round', name);
  };
  const ours = async () => {
    const uri = await fresh();
    const idle = await command(uri, ['settlement', 'files']);
    const imported = await command(uri, ['settlement', 'import', ...files.slice(0, weeks)]);
    const matched = await command(uri, ['settlement', 'match', '--json'], 1);
    check_report(matched.output);
    const week = await command(uri, ['settlement', 'import', files[weeks]]);
    const whole_s = imported.s + matched.s;
    return {
      ...{ per_second: rows / whole_s, whole_s, import_s: imported.s, match_s: matched.s },
      ...{ week_s: week.s, import_mib: imported.mib - idle.mib, match_mib: matched.mib - idle.mib },
      above_idle_mib: Math.max(imported.mib, matched.mib) - idle.mib,
    };
  };
  const theirs = async () => {
    const uri = await fresh();
    const script = join(directory, 'settlement.sql');
    const copies = files.slice(0, weeks).map((path) => `\\copy bare FROM '${path}' CSV HEADER`);
    writeFileSync(script, [
      `CREATE TABLE bare (payout text, arrival text, id text, created text, category text,
         currency text, gross numeric, fee numeric, net numeric, charge text, payment text,
         source text, number bigint);`,
      ...copies,
      'SET enable_mergejoin = off; SET enable_nestloop = off;',
      `SELECT count(*), sum(gross), count(*) FILTER (WHERE gross * 100 = amount_minor)
       FROM bare JOIN transactions ON provider_id = payment;`,
    ].join('\n'));
    const began = performance.now();
    const args = ['-X', '-q', '-t', '-A', '-v', 'ON_ERROR_STOP=1', '-d', uri, '-f', script];
    const { stdout } = await run_file(join(binaries, 'psql'), args);
    const whole_s = (performance.now() - began) / 1000;
    const [joined, , equal] = stdout.trim().split('|').map(Number);
    if (joined !== rows || equal !== rows) throw new Error(`psql joined ${stdout}`);
    return { per_second: rows / whole_s, whole_s };
  };
  const beside = older > 0 ? ` beside ${older} older payments` : '';
  return {
    settlement: {
      title: 'Settlements',
      ratio: (mine, other) => mine.whole_s / other.whole_s,
      ratio_is: 'cost',
      cases: { [`${rows} lines${beside}`]: { [own]: ours, [plain]: theirs } },
    },
  };
}
