// Everything that is measured, or measures, as processes that can be started and stopped.
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import {
  Program,
  free_port,
  payments_program,
  payments_settings,
  root,
  start_payments,
} from '../../scripts/platform.mjs';

import { cpu_us } from './measure.mjs';

const run_file = promisify(execFile);

export const directory = join(root, 'build/bench');
const bench_program = join(root, 'build/release/tests/ozora-bench');

// Runs one of the bench program's commands and gives what it measured.
export async function bench(...args) {
  const { stdout, stderr } = await run_file(bench_program, args.map(String));
  if (stderr) throw new Error(`ozora-bench ${args.join(' ')}:\n${stderr}`);
  return stdout ? JSON.parse(stdout) : {};
}

async function start_program(path, args, { env = process.env } = {}) {
  const program = new Program(path, args, { env });
  const ready = await program.line((line) => line.startsWith('{'), 'its port');
  return { pid: program.pid, port: JSON.parse(ready).port, stop: () => program.stop() };
}

export const start_stand_in = () => start_program(bench_program, ['stand-in']);
export const start_acknowledging = () => start_program(bench_program, ['acknowledge']);

const fastify = (place) => join(root, 'tests/bench/fastify', place);

export const start_fastify = (database) =>
  start_program(process.execPath, [fastify('server.mjs'), database]);

export const start_fastify_postgres = ({ uri, keys, stand_in }) =>
  start_program(
    process.execPath,
    [...[fastify('postgres/main.mjs'), uri, keys, `http://127.0.0.1:${stand_in.port}`]],
    { env: { ...process.env, NODE_ENV: 'production' } },
  );

// The service as it is shipped, but for the limits on how often one address may call, the log of
// every request, and the addresses of those it calls. `database` is a file or a URI.
async function service_settings(given) {
  const { database, keys, callers, stand_in, threads, more = {} } = given;
  const listen = `127.0.0.1:${await free_port()}`;
  const url = `http://${listen}`;
  const other = `http://127.0.0.1:${stand_in.port}`;
  const sandbox = { shop: url, tickets: other, simplepay: other, stripe: other };
  const uri = database.includes('://') ? database : `sqlite:${database}`;
  const settings = {
    ...payments_settings({ listen, url, database: uri, keys, sandbox }),
    PAYMENTS_RATE_LIMIT_ADDRESS: 'off',
    PAYMENTS_RATE_LIMIT_TICKET: 'off',
    PAYMENTS_LOG_LEVEL: 'warning',
    PAYMENTS_THREADS: threads?.toString(),
    ...more,
  };
  if (callers) settings.PAYMENTS_USER_KEYS = callers.set;
  return { settings, url, port: Number(listen.split(':')[1]) };
}

// `path` is another build of ours.
export async function start_service(given) {
  const { settings, url, port } = await service_settings(given);
  const { program } = await start_payments({ settings, url, path: given.path });
  return { pid: program.pid, port, stop: () => program.stop() };
}

// Lays out the tables of a database of PostgreSQL, as every start of the service does too.
export const migrate = (uri) => migrate_with(payments_program, uri);
export const migrate_with = (program, uri) =>
  run_file(program, ['migrate'], { env: { ...process.env, PAYMENTS_DATABASE: uri } });

// From the start of the process to the first 200 of /readyz, and the CPU time it took.
export async function time_start(given) {
  const { settings, url } = await service_settings(given);
  const began = performance.now();
  const program = new Program(payments_program, ['serve'], { env: { ...settings } });
  let ready = false;
  while (!ready) {
    program.fail_if_ended('starting');
    const reply = await fetch(`${url}/readyz`).catch(() => undefined);
    ready = reply?.status === 200;
    if (!ready) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const ready_ms = performance.now() - began;
  const ready_cpu_ms = cpu_us(program.pid) / 1000;
  await program.stop();
  return { ready_ms, ready_cpu_ms };
}

// nginx with one worker that answers `path` with `body` and does nothing else.
export async function start_nginx({ path, body }) {
  const port = await free_port();
  const place = join(directory, 'nginx');
  mkdirSync(place, { recursive: true });
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${place}/${name};`)
    .join(' ');
  writeFileSync(
    join(place, 'nginx.conf'),
    `worker_processes 1;
daemon off;
pid ${place}/pid;
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_requests 1000000000;
  ${temporary}
  server {
    listen 127.0.0.1:${port} reuseport;
    location ${path} { default_type application/json; return 200 '${body}'; }
  }
}
`,
  );
  const program = new Program('/usr/sbin/nginx', ['-p', place, '-e', 'stderr', '-c', 'nginx.conf']);
  for (let i = 0; ; ++i) {
    program.fail_if_ended('starting');
    if (await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined)) break;
    if (i === 200) throw new Error('nginx does not answer');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { pid: program.pid, port, stop: () => program.stop() };
}
