// Files for accountants of a million payments: how soon they begin, how fast they come, and how
// much memory they take, beside PostgreSQL's own COPY of as many rows with the same columns.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { payments_program } from '../../../scripts/platform.mjs';
import { fill_statements, fresh_copy } from '../postgres/databases.mjs';
import { prepare_large } from '../postgres/large.mjs';
import { binaries } from '../postgres/server.mjs';
import { start_service } from '../peers.mjs';
import { command, make_files, peak_kib, weeks } from './settlement.mjs';

const days = { from: '2026-01-01', to: '2026-12-31' };

const decimal = "to_char(minor / 100.0, 'FM999999999990.00')";
const day_of = (at) => `to_char(to_timestamp(${at} / 1000), 'YYYY-MM-DD')`;
// The columns of docs/settlements.md, 9, and of docs/money.md, 5; of captures alone.
const copies = {
  books: `SELECT made.reference AS row_id, ${day_of('f.at')} AS date, 'capture' AS kind,
      made.reference,
      t.ticket_id, t.fee_type, 'stripe' AS provider, t.account, t.provider_id, l.payout_id,
      l.currency, ${decimal} AS gross, '0.00' AS fee, ${decimal} AS net,
      'assets:clearing:stripe:live-huf' AS debit_account, 'revenues:full-fee' AS credit_account,
      'Ticket ' || t.ticket_id AS note, '' AS facing_amount, '' AS facing_currency
    FROM transactions t JOIN facts f ON f.transaction_id = t.id AND f.kind = 'captured'
      JOIN settlement_lines l ON l.payment_id = t.provider_id,
      LATERAL (SELECT 'TR' || t.id AS reference, l.gross_minor AS minor) AS made
    ORDER BY date, t.id`,
  movements: `SELECT 'TR' || t.id AS row_id, to_char(to_timestamp(f.at / 1000),
        'YYYY-MM-DD"T"HH24:MI:SS') AS at, 'taken' AS kind, 'TR' || t.id AS reference, t.ticket_id,
      t.fee_type, t.processor, t.account, t.provider_id, f.currency, ${decimal} AS amount,
      '' AS note
    FROM transactions t JOIN facts f ON f.transaction_id = t.id AND f.kind = 'captured',
      LATERAL (SELECT f.amount_minor AS minor) AS made
    ORDER BY t.id`,
};

// Counts what comes out of a process: lines, bytes, and when the first of each was there.
async function read_all(stream, began) {
  let bytes = 0;
  let lines = 0;
  let first_byte_ms;
  let first_row_ms;
  for await (const piece of stream) {
    const now = performance.now() - began;
    first_byte_ms ??= now;
    bytes += piece.length;
    for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) ++lines;
    if (lines > 1) first_row_ms ??= now;
  }
  return { bytes, lines, first_byte_ms, first_row_ms };
}

async function through(program, args, env = {}) {
  const began = performance.now();
  const child = spawn(program, args, {
    env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (text) => (errors += text));
  let peak = 0;
  const timer = setInterval(() => (peak = Math.max(peak, peak_kib(child.pid))), 10);
  const ended = new Promise((resolve) => child.once('close', resolve));
  const read = await read_all(child.stdout, began);
  const code = await ended;
  clearInterval(timer);
  if (code !== 0) throw new Error(`${args[0]} ended with ${code}:\n${errors}`);
  return { ...read, whole_s: (performance.now() - began) / 1000, mib: peak / 1024 };
}

const figures = ({ lines, whole_s, first_byte_ms, first_row_ms, mib }) =>
  ({ per_second: lines / whole_s, whole_s, first_byte_ms, first_row_ms, mib });

// A million payments and their settlement on record; nothing that is measured changes it.
async function prepare({ settlement_rows: rows, postgres, migrate, log }) {
  const name = `settlement_${rows}`;
  const fill = (range) => fill_statements('settlement.sql', { ...range, older: 0 });
  await prepare_large(postgres, { name, rows, migrate, log, fill });
  const uri = await fresh_copy(postgres, 'exports_round', name);
  await command(uri, ['settlement', 'import', ...make_files(rows).slice(0, weeks)]);
  await postgres.run('exports_round', 'ANALYZE');
  return uri;
}

async function by_command(database, rows, args) {
  const idle = await command(database, ['settlement', 'files']);
  const made = await through(payments_program, ['export', '--output', '-', ...args], {
    PAYMENTS_DATABASE: database,
  });
  if (made.lines < rows) throw new Error(`${made.lines} lines of ${rows}`);
  return { ...figures(made), above_idle_mib: made.mib - idle.mib };
}

async function by_http(database, { keys, callers, stand_in }, method, path, body) {
  const service = await start_service({ database, keys, callers, stand_in });
  try {
    const token = await callers.accountant();
    const before = peak_kib(service.pid);
    const began = performance.now();
    const reply = await fetch(`http://127.0.0.1:${service.port}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    if (reply.status !== 200) throw new Error(`${path}: ${await reply.text()}`);
    const read = await read_all(reply.body, began);
    const whole_s = (performance.now() - began) / 1000;
    const mib = peak_kib(service.pid) / 1024;
    return { ...figures({ ...read, whole_s, mib }), above_idle_mib: mib - before / 1024 };
  } finally {
    await service.stop();
  }
}

async function by_copy(database, sql) {
  const args = ['-X', '-q', '-d', database, '-c', `COPY (${sql}) TO STDOUT (FORMAT csv, HEADER)`];
  return figures(await through(join(binaries, 'psql'), args));
}

export function exports(context) {
  const rows = context.settlement_rows;
  let prepared;
  const on = (work) => async () => {
    prepared ??= prepare(context);
    return work(await prepared);
  };
  const taken = (...args) => on((database) => by_command(database, rows, args));
  const asked = (...call) => on((database) => by_http(database, context, ...call));
  const copied = (sql) => on((database) => by_copy(database, sql));
  const range = ['--from', days.from, '--to', days.to];
  const movements = { what: 'movements', ...days };
  return {
    exports: {
      title: 'Exports',
      cases: {
        [`books of ${rows}`]: {
          'ozora-payments': taken('--format', 'csv'),
          'ozora-payments, HTTP': asked('GET', '/payments/exports/csv'),
          'COPY (...) TO STDOUT': copied(copies.books),
        },
        [`hledger of ${rows}`]: { 'ozora-payments': taken('--format', 'hledger') },
        [`movements of ${rows}`]: {
          'ozora-payments': taken('--what', 'movements', ...range),
          'ozora-payments, HTTP': asked('POST', '/payments/export', movements),
          'COPY (...) TO STDOUT': copied(copies.movements),
        },
      },
    },
  };
}
