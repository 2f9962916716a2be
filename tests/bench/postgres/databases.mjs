// The databases that peers write to: one is prepared, every round works on a fresh copy.
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

// What `load` inserts counts as being in the sums of money, which nobody looks at: else the service
// would count it while something else is measured. An older schema has no sums.
export async function as_counted(postgres, name, load) {
  const [has_sums] = await postgres.run(
    name,
    `SELECT 1 FROM pg_attribute WHERE attrelid = 'transactions'::regclass AND attname = 'counted'`,
  );
  const by_default = (value) =>
    postgres.run(name, `ALTER TABLE transactions ALTER COLUMN counted SET DEFAULT ${value}`);
  if (has_sums) await by_default(true);
  await load();
  if (has_sums) await by_default(false);
}

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
