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

// `migrate` lays out the tables in the database it is given the URI of.
export async function prepare_attempts(postgres, { attempts, migrate }) {
  await recreate(postgres, 'prepared');
  await migrate(postgres.uri('prepared'));
  await postgres.run('prepared', [
    ...fill_statements('attempts.sql', { attempts }),
    'VACUUM (FREEZE, ANALYZE)',
  ]);
}

// The prepared database again, untouched, and on the disk before anything is timed.
export async function fresh_copy(postgres, name = 'round') {
  await recreate(postgres, name, 'prepared');
  await postgres.run(name, 'CHECKPOINT');
  return postgres.uri(name);
}

export async function count_in(postgres, database, what) {
  const [{ count }] = await postgres.run(database, `SELECT count(*)::int AS count FROM ${what}`);
  return count;
}
