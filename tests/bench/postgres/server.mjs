// A PostgreSQL server of the benchmark's own: free port on 127.0.0.1, flushing what it commits, and
// otherwise set as an operator of a machine of this size would set it.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

import { Program, eventually, free_port } from '../../../scripts/platform.mjs';

export const binaries = '/usr/lib/postgresql/15/bin';

// All that differs from what initdb writes.
const settings = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_buffers: '512MB',
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  max_connections: '400',
  effective_cache_size: '2GB',
  maintenance_work_mem: '256MB',
  random_page_cost: '1.1', // a solid state disk
  jit: 'off', // for short statements it costs more than it gives
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '', // everybody comes the same way
};

// What is set in all. `flush_ms` is what each flush takes more than it does here: PostgreSQL itself
// waits before it, as it would for a disk far away or for a standby.
export const settings_with = ({ flush_ms = 0 }) =>
  flush_ms > 0 ? { ...settings, commit_delay: 1000 * flush_ms, commit_siblings: 0 } : settings;

// PostgreSQL refuses to run as root.
const is_root = process.getuid() === 0;
const as_owner = (path, args) =>
  is_root
    ? ['/usr/bin/setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', path, ...args]
    : [path, ...args];

function run_as_owner(path, args) {
  const [program, ...rest] = as_owner(path, args);
  execFileSync(program, rest, { stdio: ['ignore', 'ignore', 'pipe'], cwd: '/' });
}

function make_cluster(directory) {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  if (is_root) execFileSync('chown', ['postgres:postgres', directory]);
  chmodSync(directory, 0o700);
  const form = ['--encoding=UTF8', '--locale=C.UTF-8', '--auth=trust', '--username=bench'];
  run_as_owner(join(binaries, 'initdb'), ['--pgdata', directory, ...form]);
}

// Statements one after another, each by itself, on a connection of their own.
async function run(uri, statements) {
  const client = new pg.Client({ connectionString: uri });
  await client.connect();
  try {
    let rows;
    for (const statement of [statements].flat()) ({ rows } = await client.query(statement));
    return rows;
  } finally {
    await client.end();
  }
}

// Bytes of every file below `directory`, as the disk holds them.
function disk_bytes(directory) {
  const [kib] = execFileSync('du', ['-sk', directory], { encoding: 'utf8' }).split('\t');
  return Number(kib) * 1024;
}

const is_up = (program, uri) => () => {
  program.fail_if_ended('starting');
  return run(uri, 'SELECT 1').catch(() => false);
};

// A cluster is made anew unless one that is to be kept is there.
export async function start_postgres(directory, { keep = false, set }) {
  if (!keep || !existsSync(join(directory, 'PG_VERSION'))) make_cluster(directory);
  const port = await free_port();
  const given = Object.entries({ ...set, port }).flatMap(([k, v]) => ['-c', `${k}=${v}`]);
  const command = as_owner(join(binaries, 'postgres'), ['-D', directory, ...given]);
  const uri = (database) => `postgresql://bench@127.0.0.1:${port}/${database}`;
  let program;
  const start = async () => {
    program = new Program(command[0], command.slice(1), { env: process.env });
    const up = is_up(program, uri('postgres'));
    await eventually(up, { within_ms: 60_000, what: 'PostgreSQL to answer' });
  };
  // At once and cleanly: open connections end, everything is written. That may take a while.
  const stop = async () => {
    if (program.end) return;
    program.child.kill('SIGINT');
    await program.ended;
  };
  await start();
  return {
    get pid() {
      return program.pid;
    },
    port,
    directory,
    uri,
    run: (database, statements) => run(uri(database), statements),
    disk_bytes: () => disk_bytes(directory),
    version: () => readFileSync(join(directory, 'PG_VERSION'), 'utf8').trim(),
    stop,
    // With nothing in its memory; `meanwhile` is done while nobody has a file open.
    restart: async (meanwhile = () => undefined) => {
      await stop();
      await meanwhile();
      await start();
    },
  };
}
