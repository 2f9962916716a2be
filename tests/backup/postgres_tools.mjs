// How a database on PostgreSQL is saved and put back: by PostgreSQL's own tools, as
// docs/operations.md says.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { execute } from '../fixtures/postgres.mjs';

const run_file = promisify(execFile);
const programs = process.env.POSTGRESQL_PROGRAMS ?? '/usr/lib/postgresql/15/bin';

export function dump_and_restore(world) {
  const { directory, database } = world.platform;
  const dump = join(directory, 'payments.dump');
  const name = new URL(database.direct).pathname.slice(1);
  const tool = (program, ...args) => run_file(join(programs, program), args);
  const command = async (...args) => {
    const { code, output } = await world.command(...args);
    if (code !== 0) throw new Error(`${args[0]} ended with ${code}:\n${output}`);
  };
  const by_server = (sql) => execute(process.env.TEST_DATABASE, sql);
  return {
    name: 'PostgreSQL, by pg_dump and pg_restore',
    async save() {
      const began = new Date().toISOString();
      await tool('pg_dump', '--format=custom', `--file=${dump}`, database.direct);
      await command('note-backup', '--at', began);
    },
    lose: () => by_server(`DROP DATABASE ${name} WITH (FORCE)`),
    async put_back() {
      await by_server(`CREATE DATABASE ${name}`);
      await tool('pg_restore', '--exit-on-error', `--dbname=${database.direct}`, dump);
      await command('reserve-numbers');
      await command('verify-ledger');
    },
    left_behind: async () => [],
  };
}
