// The commands about backups as an operator runs them, and databases to run them on.
import { createHash } from 'node:crypto';
import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { payments_program, Program, root } from '../fixtures/harness.mjs';

const environment = { PATH: process.env.PATH };
const migrations = join(root, 'src/storage/migrations/sqlite');

// Of a command that runs: `on` is the database's path, `more` options of spawn.
export function launch(on, args, { path = payments_program, ...more } = {}) {
  const database = on.includes(':') ? on : `sqlite:${on}`;
  return new Program(path, [...args, '--database', database], { env: environment, ...more });
}

// Gives {code, output}.
export async function run(on, args, more) {
  const program = launch(on, args, more);
  const { code } = await program.ended;
  return { code, output: program.output };
}

export const backup = (on, to, more) => run(on, ['backup', '--to', to], more);
export const restore = (on, from, ...options) => run(on, ['restore', '--from', from, ...options]);
export const verify = (on) => run(on, ['verify-ledger', '--no-record']);

// A service may be writing, too.
function opened(path) {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA busy_timeout = 5000');
  return database;
}

export function query(path, sql) {
  const database = opened(path);
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

export function execute(path, sql) {
  const database = opened(path);
  database.exec(sql);
  database.close();
}

// As if there had been many payments: bytes that a copy must carry.
export const swell = (path, mib) =>
  execute(path, `UPDATE commit_probe SET filler = randomblob(${mib * 1024 * 1024})`);

export const transactions = (path) => query(path, 'SELECT count(*) AS n FROM transactions')[0].n;
export const next_number = (path) =>
  query(path, "SELECT seq FROM sqlite_sequence WHERE name = 'transactions'")[0].seq + 1;

// When the newest backup was made that it knows of, in ms.
export const noted_at = (path) =>
  query(path, "SELECT max(at) AS at FROM upkeep WHERE kind = 'backup'")[0].at;

// A database of the versions before, made by all migrations but the newest.
export async function make_older(path) {
  const names = (await readdir(migrations)).sort();
  const database = new DatabaseSync(path);
  database.exec(
    'CREATE TABLE schema_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL,' +
      ' checksum TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT',
  );
  const note = database.prepare('INSERT INTO schema_migrations VALUES (?, ?, ?, 0)');
  for (const [i, name] of names.slice(0, -1).entries()) {
    const sql = await readFile(join(migrations, name), 'utf8');
    database.exec(sql);
    note.run(i + 1, name.replace('.sql', ''), createHash('sha256').update(sql).digest('hex'));
  }
  database.close();
  return names.at(-1).replace('.sql', '');
}

export const make_newer = (path) =>
  execute(path, "INSERT INTO schema_migrations VALUES (9999, '9999_to_come', 'x', 0)");

// A copy of a database that nobody uses.
export const copy_of = (path, to) => cp(path, to);
