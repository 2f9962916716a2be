// Where a platform keeps its books, how a test reads them behind the service's back, and how it
// meddles with them. SQLite in a file, or a database of its own on the server whose address is in
// TEST_DATABASE, to which the service goes by TEST_POOLER when that is set
// (tests/support/on_postgres.mjs starts them).
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { execute, hold, rows_of } from './postgres.mjs';

export const on_postgres = (process.env.TEST_DATABASE ?? '') !== '';

class SqliteDatabase {
  constructor(directory) {
    this.path = join(directory, 'payments.db');
    this.settings = { PAYMENTS_DATABASE: `sqlite:${this.path}` };
  }

  #open(options = {}) {
    const database = new DatabaseSync(this.path, options);
    database.exec('PRAGMA busy_timeout = 5000');
    return database;
  }

  // The rows of a SELECT as objects; other processes may write meanwhile.
  async rows(sql) {
    const database = this.#open({ readOnly: true });
    try {
      return database.prepare(sql).all();
    } finally {
      database.close();
    }
  }

  async execute(sql) {
    const database = this.#open();
    database.exec(sql);
    database.close();
  }

  // Keeps everyone from writing until the function that it gives is called.
  async hold() {
    const database = this.#open();
    database.exec('BEGIN IMMEDIATE');
    return async () => database.close();
  }

  // An SQL expression that gives bytes as text.
  text_of(column) {
    return `CAST(${column} AS TEXT)`;
  }

  async drop() {}  // goes with its directory
}

export class PostgresDatabase {
  // `url` is what the service is given, with further `settings`; `direct` is what the tests use
  // when that is another.
  constructor(url, { direct = url, settings = {}, drop = async () => {} } = {}) {
    Object.assign(this, { direct, drop, settings: { PAYMENTS_DATABASE: url, ...settings } });
  }

  rows(sql) {
    return rows_of(this.direct, sql);
  }

  execute(sql) {
    return execute(this.direct, sql);
  }

  hold() {
    const tables = 'transactions, facts, notifications, outbox, idempotency_keys';
    return hold(this.direct, `LOCK TABLE ${tables} IN EXCLUSIVE MODE`);
  }

  text_of(column) {
    return `convert_from(${column}, 'UTF8')`;
  }
}

const named = (server_url, name) => {
  const url = new URL(server_url);
  url.pathname = `/${name}`;
  return url.href;
};

// A new database on a server, named by chance.
async function fresh_postgres_database(server_url, pooler_url) {
  const name = `payments_${randomBytes(6).toString('hex')}`;
  await execute(server_url, `CREATE DATABASE ${name}`);
  const drop = () => execute(server_url, `DROP DATABASE ${name} WITH (FORCE)`);
  const direct = named(server_url, name);
  if (!pooler_url) return new PostgresDatabase(direct, { drop });
  const settings = { PAYMENTS_DATABASE_PREPARED: 'off' };
  return new PostgresDatabase(named(pooler_url, name), { direct, settings, drop });
}

export const fresh_database = (directory) =>
  on_postgres
    ? fresh_postgres_database(process.env.TEST_DATABASE, process.env.TEST_POOLER)
    : new SqliteDatabase(directory);
