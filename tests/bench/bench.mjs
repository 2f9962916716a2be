// Measures ozora-payments and its peers in alternation, so that whatever else the machine does
// meets all of them alike. Usage: bench.mjs [--rounds N] [--seconds N] [--only health,ipn,...]
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import Database from 'better-sqlite3';

import { make_keys } from '../../scripts/platform.mjs';
import { cpu_us, load_average, resident_mib, spread } from './measure.mjs';
import {
  bench,
  directory,
  fresh_database,
  prepare_database,
  start_fastify,
  start_nginx,
  start_service,
  start_stand_in,
  time_start,
} from './peers.mjs';
import { as_table } from './report.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    only: { type: 'string', default: 'health,ipn,webhook,start,ready' },
  },
});
const rounds = Number(options.rounds);
const seconds = Number(options.seconds);
const attempts = 40_000; // of each processor: a year's tickets, and some that were not paid
const clients = 64;

// How much user and system time `work` took the process, per answer.
async function with_cpu(pid, work) {
  const before = cpu_us(pid);
  const figures = await work();
  return { ...figures, cpu_us: (cpu_us(pid) - before) / figures.ok, rss_mib: resident_mib(pid) };
}

async function wrk(port) {
  const { stdout } = await promisify(execFile)('wrk', [
    '-t1',
    `-c${clients}`,
    `-d${seconds}`,
    '--latency',
    `http://127.0.0.1:${port}/healthz`,
  ]);
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(stdout);
  const [, ok] = /(\d+) requests in/.exec(stdout);
  const [, per_second] = /Requests\/sec:\s+([\d.]+)/.exec(stdout);
  return { ok: Number(ok), per_second: Number(per_second) };
}

async function while_running(peer, work) {
  try {
    return await with_cpu(peer.pid, () => work(peer.port));
  } finally {
    await peer.stop();
  }
}

// `rate` a second whether answered or not; 0: each client sends when it has its answer.
async function send(kind, port, { first_id = 1, rate = 0 } = {}) {
  const figures = await bench(
    ...['send', kind, '--port', port, '--first-id', first_id, '--count', attempts],
    ...['--seconds', seconds, '--clients', clients, '--rate', rate],
  );
  if (figures.failed > 0) throw new Error(`${figures.failed} of ${kind} were not answered 200`);
  return figures;
}

// What was answered must be on record: a notification each.
function check_kept(path, figures) {
  const database = new Database(path, { readonly: true });
  const { kept } = database.prepare('SELECT count(*) AS kept FROM notifications').get();
  database.close();
  if (kept !== figures.ok) throw new Error(`${figures.ok} were answered, ${kept} kept`);
}

// ---------------------------------------------------------------------------------- what is run

async function ingest(kind, start) {
  const database = await fresh_database();
  const first_id = kind === 'webhook' ? attempts + 1 : 1;
  const figures = await while_running(await start(database), (port) =>
    send(kind, port, { first_id }),
  );
  check_kept(database, figures);
  return figures;
}

// Start of a payment for a ticket of its own, below saturation and at it; and the calls that the
// service makes for it, made by ourselves at the same rate.
async function start_payment({ keys, stand_in, place }) {
  const peer = await start_service({ database: await fresh_database(place), keys, stand_in });
  return while_running(peer, async (port) => {
    const rate = start_rate;
    const paced = await send('start', port, { first_id: 10 * attempts, rate });
    const ticket = await send('ticket', stand_in.port, { rate });
    const provider = await send('provider', stand_in.port, { rate });
    const full = await send('start', port, { first_id: 20 * attempts });
    const others_ms = ticket.p50_ms + provider.p50_ms;
    return {
      ok: paced.ok + full.ok,
      per_second: full.per_second,
      full_p50_ms: full.p50_ms,
      full_p99_ms: full.p99_ms,
      others_ms,
      added_p50_ms: paced.p50_ms - others_ms,
      added_p99_ms: paced.p99_ms - others_ms,
    };
  });
}
async function start_payment_in_memory(given) {
  const place = mkdtempSync('/dev/shm/ozora-bench-');
  try {
    return await start_payment({ ...given, place });
  } finally {
    rmSync(place, { recursive: true });
  }
}
const start_rate = 40; // a second: a busy sale, and far below what the service can do

function scenarios(given) {
  const service = (database, threads) => start_service({ ...given, database, threads });
  const ingest_peers = (kind) => ({
    'ozora-payments': () => ingest(kind, service),
    'SQLite, one commit each': async () => {
      const database = await fresh_database();
      const limits = ['--count', attempts, '--seconds', seconds];
      const figures = await bench('commit-singly', kind, database, ...limits);
      check_kept(database, figures);
      return figures;
    },
    'Fastify + better-sqlite3': () => ingest(kind, start_fastify),
  });
  return {
    health: {
      'ozora-payments': async () => while_running(await service(await fresh_database(), 1), wrk),
      nginx: async () => while_running(await start_nginx(1), wrk),
    },
    ipn: ingest_peers('ipn'),
    webhook: ingest_peers('webhook'),
    start: {
      'ozora-payments': () => start_payment(given),
      'ozora-payments, database in memory': () => start_payment_in_memory(given),
    },
    ready: {
      'ozora-payments': async () =>
        time_start({ ...given, database: await fresh_database() }),
    },
  };
}

// -------------------------------------------------------------------------------------- the run

async function run_scenario(name, peers) {
  const rows = Object.keys(peers).map((peer) => ({ scenario: name, peer, rounds: [] }));
  for (let round = 1; round <= rounds; ++round)
    for (const row of rows) {
      const load = load_average();
      const figures = await peers[row.peer]();
      row.rounds.push({ ...figures, load });
      const shown = figures.ready_ms ?? figures.per_second;
      console.error(`${name} ${round}/${rounds} ${row.peer}: ${shown.toFixed(1)} (load ${load})`);
    }
  for (const row of rows) {
    row.figures = {};
    for (const figure of Object.keys(row.rounds[0]))
      row.figures[figure] = spread(row.rounds.map((one) => one[figure]));
  }
  // Within a round the peers ran one after the other, so that is where they are compared.
  const [own, ...others] = rows;
  for (const other of others.filter(({ peer }) => !peer.startsWith(own.peer)))
    other.ratio = spread(own.rounds.map((one, i) => one.per_second / other.rounds[i].per_second));
  return rows;
}

const keys = await make_keys(join(directory, 'keys'));
await prepare_database(attempts);
const stand_in = await start_stand_in();
const results = {
  date: new Date().toISOString(),
  machine: { cores: cpus().length, model: cpus()[0].model, node: process.version },
  settings: { rounds, seconds, clients, attempts, start_rate },
  flush: await bench('flush', directory),
  rows: [],
};
try {
  const all = scenarios({ keys, stand_in });
  for (const name of options.only.split(','))
    results.rows.push(...(await run_scenario(name, all[name])));
} finally {
  await stand_in.stop();
}
results.flush_after = await bench('flush', directory);
writeFileSync(join(directory, 'results.json'), JSON.stringify(results, null, 2) + '\n');
console.log(as_table(results));
