// The databases that the back office is asked about, with days added up as the service does it.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import pg from 'pg';

import { eventually } from '../../../scripts/platform.mjs';
import { directory, start_service } from '../peers.mjs';
import { prepare_large } from '../postgres/large.mjs';
import { remove } from '../sqlite.mjs';
import { day_ms, dialects, payments, plan, scope_rows } from './data.mjs';

const batch = 250_000;

// So that days are whole ones of the numbers that plain SQL divides by.
export const utc = { PAYMENTS_TIME_ZONE: 'UTC' };

// Forgets a file that was written, so that it is read from the disk again. What of it is mapped or
// dirty stays, so nobody may have it open.
const forget = (path) =>
  promisify(execFile)('dd', [
    ...['if=/dev/null', `of=${path}`, 'oflag=nocache', 'conv=notrunc,fdatasync', 'count=0'],
  ]);

const month_number = (at) => 12 * new Date(at).getUTCFullYear() + new Date(at).getUTCMonth();

// The service adds up days, and then months.
async function add_up_days(context, uri, count, { begin, end }) {
  const days = (end - begin) / day_ms - 2;
  const wanted = days + month_number(end) - month_number(begin) - 1;
  const peer = await start_service({ ...context, database: uri, more: utc });
  const are_added_up = async () => (await count()) >= wanted;
  try {
    const patience = { within_ms: 1_800_000, every_ms: 500 };
    await eventually(are_added_up, { ...patience, what: 'all days and months' });
  } finally {
    await peer.stop();
  }
}

// ---------------------------------------------------------------------------------------- SQLite

// What is dropped while rows are made, and made again from its own words.
const dropped_sql = `SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL
  AND (type = 'index' OR (type = 'trigger' AND tbl_name = 'totals'))`;

function fill_sqlite(path, planned, log) {
  const database = new Database(path);
  database.pragma('journal_mode = off');
  database.pragma('synchronous = off');
  const dropped = database.prepare(dropped_sql).all();
  for (const { type, name } of dropped) database.exec(`DROP ${type} ${name}`);
  database.exec(scope_rows(planned));
  for (let first = 1; first <= planned.rows; first += batch) {
    const last = Math.min(planned.rows, first + batch - 1);
    for (const sql of payments(planned, dialects.sqlite, { first, last })) database.exec(sql);
    log(`${path}: ${last} of ${planned.rows}`);
  }
  for (const { sql } of dropped) database.exec(sql);
  database.exec('ANALYZE');
  database.pragma('journal_mode = wal');
  database.close();
}

const count_days = `SELECT count(*) AS n FROM totals_days WHERE at % ${day_ms} = 0`;

async function made_sqlite(context, path, rows) {
  const note = `${path}.json`;
  if (context.keep && existsSync(note)) return JSON.parse(readFileSync(note));
  const began = performance.now();
  remove(path);
  const planned = plan(rows);
  await context.migrate(`sqlite:${path}`);
  fill_sqlite(path, planned, context.log);
  const prepare_s = (performance.now() - began) / 1000;
  const made = { now: planned.end, prepare_s, database_mb: statSync(path).size / 1e6 };
  writeFileSync(note, JSON.stringify(made));
  return made;
}

async function sqlite(context, rows) {
  const path = join(directory, `office_${rows}.db`);
  const { now, ...prepared } = await made_sqlite(context, path, rows);
  const planned = plan(rows, now);
  const count = () => {
    const database = new Database(path, { readonly: true });
    const { n } = database.prepare(count_days).get();
    database.close();
    return n;
  };
  await add_up_days(context, path, count, planned);
  return {
    uri: () => path,
    planned,
    prepared,
    forget: () => forget(path),
    // Connections as a service of Node's would keep them.
    connect: async () => {
      const database = new Database(path, { readonly: true });
      return {
        all: async (sql) => database.prepare(sql).all(),
        close: async () => database.close(),
      };
    },
    month: (at) => `strftime('%Y-%m', ${at} / 1000, 'unixepoch')`,
  };
}

// ------------------------------------------------------------------------------------ PostgreSQL

async function prepare_postgres(context, rows) {
  const { postgres, migrate, log } = context;
  const name = `office_${rows}`;
  const planned = plan(rows);
  const given = {
    ...{ name, rows, migrate, log, noted: { now: planned.end } },
    before: ['ALTER TABLE totals DISABLE TRIGGER USER', scope_rows(planned)],
    fill: (range) => payments(planned, dialects.postgres, range),
    after: ['ALTER TABLE totals ENABLE TRIGGER USER'],
  };
  const { now, ...prepared } = await prepare_large(postgres, given);
  const count = async () => Number((await postgres.run(name, count_days))[0].n);
  const are_added_up = (await count()) > 0;
  await add_up_days(context, postgres.uri(name), count, plan(rows, now));
  if (!are_added_up) await postgres.run(name, ['VACUUM (ANALYZE)', 'CHECKPOINT']);
  return { name, planned: plan(rows, now), prepared };
}

// Every file of a database, once nobody has it open.
async function forget_postgres(postgres, name) {
  const [{ oid }] = await postgres.run(
    'postgres',
    `SELECT oid FROM pg_database WHERE datname = '${name}'`,
  );
  await postgres.restart(async () => {
    const base = join(postgres.directory, 'base', `${oid}`);
    for (const file of readdirSync(base)) await forget(join(base, file));
  });
}

const read_bigint = { getTypeParser: (oid, form) =>
  oid === 20 || oid === 1700 ? Number : pg.types.getTypeParser(oid, form) };

async function on_postgres(context, rows) {
  const { postgres } = context;
  const { name, planned, prepared } = await prepare_postgres(context, rows);
  return {
    uri: () => postgres.uri(name),
    planned,
    prepared,
    forget: () => forget_postgres(postgres, name),
    connect: async () => {
      const client = new pg.Client({ connectionString: postgres.uri(name), types: read_bigint });
      await client.connect();
      return {
        all: async (sql) => (await client.query(sql)).rows,
        close: () => client.end(),
      };
    },
    month: (at) => `to_char(to_timestamp(${at} / 1000) AT TIME ZONE 'UTC', 'YYYY-MM')`,
  };
}

export const office_databases = { SQLite: sqlite, PostgreSQL: on_postgres };
