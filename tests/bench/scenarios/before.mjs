// What a start and a notification cost in processor time beside another build of ours, of before
// something was added (--before FILE). Each has databases of its own schema, with the same rows.
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { migrate_with, directory, start_service } from '../peers.mjs';
import { count_in, fresh_copy, prepare_attempts } from '../postgres/databases.mjs';
import * as sqlite from '../sqlite.mjs';
import { check_kept, send_warm } from '../work.mjs';

const filled = ['transactions', 'facts'];

// What the template of today holds, in the columns that the other build knows.
export async function older_template(template, program) {
  const path = join(directory, 'template-before.db');
  sqlite.remove(path);
  await migrate_with(program, `sqlite:${path}`);
  const database = new Database(path);
  database.exec(`ATTACH '${template}' AS now`);
  for (const table of filled) {
    const columns = database.pragma(`table_info(${table})`).map(({ name }) => name).join(', ');
    database.exec(`INSERT INTO ${table} (${columns}) SELECT ${columns} FROM now.${table}`);
  }
  database.close();
  return path;
}

const in_sqlite = ({ attempts }) => ({
  attempts,
  pids: () => ({}),
  bytes: () => undefined,
  fresh: async (program) => {
    const template = await sqlite.prepared_template(attempts);
    return sqlite.fresh_copy(program ? await older_template(template, program) : template);
  },
  count: (uri, what) => sqlite.count_in(uri, what),
});

const in_postgres = ({ postgres, postgres_attempts: attempts, migrate }) => {
  const prepared = new Set(['prepared']);
  return {
    attempts,
    pids: () => ({ database: postgres.pid }),
    // Of all tables and indexes, with what PostgreSQL has not cleared away yet.
    bytes: async () => {
      const sizes = `SELECT sum(pg_total_relation_size(oid))::float8 AS bytes FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`;
      const [{ bytes }] = await postgres.run('round', sizes);
      return bytes;
    },
    fresh: async (program) => {
      const template = program ? 'prepared_before' : 'prepared';
      const lay_out = program ? (uri) => migrate_with(program, uri) : migrate;
      if (!prepared.has(template))
        await prepare_attempts(postgres, { attempts, migrate: lay_out, name: template });
      prepared.add(template);
      return fresh_copy(postgres, 'round', template);
    },
    count: (_, what) => count_in(postgres, 'round', what),
  };
};

// Where the messages of each kind begin, and for whose payments: SimplePay's stand before Stripe's.
const first_ids = {
  ipn: () => 1, webhook: (attempts) => attempts + 1, charge: (attempts) => attempts + 1,
  start: (attempts) => 10 * attempts,
};

// Each IPN is confirmed by asking SimplePay, after it was acknowledged.
async function confirmed(place, uri, count) {
  while ((await place.count(uri, `facts WHERE source = 'query'`)) < count) await sleep(100);
}

// A rate of 0: each client sends when it has its answer.
const measured = [
  ['SimplePay IPN', 'ipn', 0],
  ['Stripe webhook', 'webhook', 0],
  ['Stripe webhook of 5 KB', 'charge', 0],
  ['`startPayment`', 'start', 0],
  ['`startPayment`, 1,350 a second', 'start', 1_350],
];

export function before(context) {
  const { seconds, clients, before: program } = context;
  const scenario = (place, title) => {
    const measure = (kind, rate, path) => async () => {
      const uri = await place.fresh(path);
      const first_id = first_ids[kind](place.attempts);
      const load = { first_id, count: place.attempts, seconds, clients, rate };
      const peer = await start_service({ ...context, database: uri, path });
      const bytes = await place.bytes();
      const settled = kind === 'ipn' ? (count) => confirmed(place, uri, count) : undefined;
      const figures = await send_warm(kind, peer, load, place.pids(), settled);
      const answered = figures.ok + figures.warm_ok;
      const started = `transactions WHERE id > ${2 * place.attempts}`;
      check_kept(answered, await place.count(uri, kind === 'start' ? started : 'notifications'));
      if (bytes !== undefined)
        figures.disk_bytes_each = ((await place.bytes()) - bytes) / answered;
      return figures;
    };
    const cases = {};
    for (const [name, kind, rate] of measured)
      cases[name] = {
        'ozora-payments': measure(kind, rate),
        ...(program && { before: measure(kind, rate, program) }),
      };
    const cost = ({ cpu_us, database_cpu_us = 0 }) => cpu_us + database_cpu_us;
    const ratio = (own, other) => cost(own) / cost(other);
    return { title, ratio, ratio_is: 'cost', cases };
  };
  return {
    before: scenario(in_sqlite(context), 'Processor time, SQLite'),
    'pg-before': scenario(in_postgres(context), 'Processor time, PostgreSQL'),
  };
}
