// The databases that peers write to: one is prepared, every round works on a fresh copy.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../../../scripts/platform.mjs';

const read = (path) => readFileSync(join(root, path), 'utf8');
// :name becomes its value, but for :: of a cast.
function fill(text, values) {
  const fill_one = (made, [name, value]) =>
    made.replaceAll(new RegExp(`(?<!:):${name}\\b`, 'g'), value);
  return Object.entries(values).reduce(fill_one, text);
}

// A file's statements, each of which ends with a line that ends with a semicolon.
export const fill_statements = (name, values) =>
  fill(read(`tests/bench/postgres/${name}`), values)
    .split(/;\n/)
    .filter((one) => one.trim());

export async function recreate(postgres, name, template = 'template0') {
  await postgres.run('postgres', [
    `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`,
    `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`,
  ]);
}

// What `load` inserts counts as being in the sums of money, which nobody looks at, and its tickets
// are where the stand-in says: else the service would note both while something else is measured.
// An older schema knows neither.
export async function as_counted(postgres, name, load) {
  const known = await postgres.run(name, `SELECT attname FROM pg_attribute
    WHERE attrelid = 'transactions'::regclass AND attname IN ('counted', 'scope_id')`);
  const has = (column) => known.some(({ attname }) => attname === column);
  const by_default = (column, value) =>
    postgres.run(name, `ALTER TABLE transactions ALTER COLUMN ${column} SET DEFAULT ${value}`);
  if (has('counted')) await by_default('counted', true);
  if (has('scope_id')) {
    await postgres.run(name, `INSERT INTO scopes VALUES (${scope_id}, 'HU', '2026', 'OZORA')`);
    await by_default('scope_id', scope_id);
  }
  await load();
  if (has('counted')) await by_default('counted', false);
  if (has('scope_id')) await by_default('scope_id', 'NULL');
}

// As src/storage/rules/scopes makes it of the stand-in's tickets (load/stand_in.cpp).
const digest = createHash('sha256').update('2:HU4:20265:OZORA').digest();
const scope_id = digest.readBigUInt64BE() >> 1n;

// `migrate` lays out the tables in the database it is given the URI of.
export async function prepare_attempts(postgres, { attempts, migrate, name = 'prepared' }) {
  await recreate(postgres, name);
  await migrate(postgres.uri(name));
  const fill = fill_statements('attempts.sql', { attempts });
  await as_counted(postgres, name, () => postgres.run(name, fill));
  await postgres.run(name, 'VACUUM (FREEZE, ANALYZE)');
}

// The prepared database again, untouched, and on the disk before anything is timed.
export async function fresh_copy(postgres, name = 'round', template = 'prepared') {
  await recreate(postgres, name, template);
  await postgres.run(name, 'CHECKPOINT');
  return postgres.uri(name);
}

export async function count_in(postgres, database, what) {
  const [{ count }] = await postgres.run(database, `SELECT count(*)::int AS count FROM ${what}`);
  return count;
}
