// A database of many transactions, made by the server itself in batches. Keys and indexes are
// dropped for it and made again from their own definitions.
import { statfsSync } from 'node:fs';

import { as_counted, fill_statements, recreate } from './databases.mjs';

const batch = 500_000;
const bytes_each = 3000; // on the disk with everything; guards a disk that has too little room
const tables = "('transactions'::regclass, 'facts'::regclass)";

const constraints_sql = `SELECT conrelid::regclass AS on_table, quote_ident(conname) AS name,
    contype = 'f' AS is_foreign, pg_get_constraintdef(oid) AS definition
  FROM pg_constraint
  WHERE (conrelid IN ${tables} AND contype IN ('p', 'u', 'f'))
    OR (confrelid IN ${tables} AND contype = 'f')
  ORDER BY contype = 'f', conname`;
const indexes_sql = `SELECT indexrelid::regclass AS name, pg_get_indexdef(indexrelid) AS definition
  FROM pg_index WHERE indrelid IN ${tables}
    AND NOT EXISTS (
      SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u')
    )`;

// Foreign keys last when made, first when dropped.
async function without_keys(postgres, name, load) {
  const constraints = await postgres.run(name, constraints_sql);
  const indexes = await postgres.run(name, indexes_sql);
  const drop = ({ on_table, name: key }) => `ALTER TABLE ${on_table} DROP CONSTRAINT ${key}`;
  await postgres.run(name, [
    ...constraints.toReversed().map(drop),
    ...indexes.map((one) => `DROP INDEX ${one.name}`),
  ]);
  await load();
  await postgres.run(name, [
    ...indexes.map(({ definition }) => definition),
    ...constraints.map(
      (one) => `ALTER TABLE ${one.on_table} ADD CONSTRAINT ${one.name} ${one.definition}`,
    ),
  ]);
}

function check_room(directory, rows) {
  const { bavail, bsize } = statfsSync(directory);
  const needed = rows * bytes_each;
  if (bavail * bsize < needed)
    throw new Error(`${rows} rows need ${(needed / 1e9).toFixed(0)} GB of free disk`);
}

// What was noted about a database that an earlier run made and kept.
async function noted(postgres, name) {
  const [known] = await postgres.run(
    'postgres',
    `SELECT shobj_description(oid, 'pg_database') AS note FROM pg_database
     WHERE datname = '${name}'`,
  );
  return known?.note ? JSON.parse(known.note) : undefined;
}

// The database, made unless it is there; tells how long that took, what it needs on the disk, and
// whatever else is to be `noted` with it. `fill` gives the statements that make the rows of a
// range, `before` and `after` are statements for the whole.
export async function prepare_large(postgres, given) {
  const known = await noted(postgres, given.name);
  if (known) return known;
  const made = { ...(await make(postgres, given)), ...given.noted };
  await postgres.run('postgres', `COMMENT ON DATABASE ${given.name} IS '${JSON.stringify(made)}'`);
  return made;
}

const closed = (range) => fill_statements('large.sql', range);

async function make(postgres, given) {
  const { name, rows, migrate, log, fill = closed, before = [], after = [] } = given;
  check_room(postgres.directory, rows);
  const began = performance.now();
  await recreate(postgres, name);
  await migrate(postgres.uri(name));
  await postgres.run(name, before);
  const load = async () => {
    for (let first = 1; first <= rows; first += batch) {
      const last = Math.min(rows, first + batch - 1);
      await postgres.run(name, ['SET synchronous_commit = off', ...fill({ first, last })]);
      log(`${name}: ${last} of ${rows}`);
    }
  };
  await without_keys(postgres, name, () => as_counted(postgres, name, load));
  await postgres.run(name, [
    ...after,
    `SELECT setval('transactions_number', ${rows})`,
    'VACUUM (FREEZE, ANALYZE)',
    'CHECKPOINT',
  ]);
  const size = 'SELECT pg_database_size(current_database())::float8 AS bytes';
  const [{ bytes }] = await postgres.run(name, size);
  return { prepare_s: (performance.now() - began) / 1000, database_mb: bytes / 1e6 };
}
