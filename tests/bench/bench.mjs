// Measures ozora-payments and its peers in alternation, so that whatever else the machine does
// meets all of them alike. Usage: see README.md, or tests/bench/run --help.
import { cpSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { make_keys } from '../../scripts/platform.mjs';
import { make_callers } from './callers.mjs';
import { as_chart } from './chart.mjs';
import { load_average, spread } from './measure.mjs';
import { bench, directory, migrate, start_stand_in } from './peers.mjs';
import { prepare_attempts } from './postgres/databases.mjs';
import { settings_with, start_postgres } from './postgres/server.mjs';
import { as_table } from './report.mjs';
import { all_scenarios, has_own_database, names, needs_postgres } from './scenarios/all.mjs';

const by_hand = new Set(['soak', 'before', 'pg-before', 'overload', 'fair', 'verify']);
const { values: given } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    only: { type: 'string', default: names.filter((name) => !by_hand.has(name)).join(',') },
    case: { type: 'string', default: '' }, // only cases whose name holds this
    peer: { type: 'string', default: '' }, // likewise
    clients: { type: 'string', default: '64' },
    'flush-ms': { type: 'string', default: '0' }, // more than a flush takes here, PostgreSQL's
    'soak-minutes': { type: 'string', default: '10' },
    'soak-rate': { type: 'string', default: '300' },
    'overload-seconds': { type: 'string', default: '20' },
    rows: { type: 'string', default: '' }, // one more of `large`, `pg-office`; of others instead
    older: { type: 'string', default: '0' }, // payments before those of `settlement`
    keep: { type: 'boolean', default: false }, // the databases of these, from run to run
    before: { type: 'string' }, // another build of ours, for `before` and `pg-before`
    place: { type: 'string' }, // where PostgreSQL keeps its data
    chart: { type: 'string' },
  },
});

const settings = {
  rounds: Number(given.rounds),
  seconds: Number(given.seconds),
  clients: Number(given.clients),
  attempts: 40_000, // of each processor: a year's tickets, and some that were not paid
  postgres_attempts: 80_000, // likewise; nobody may run out of them within a round
  flush_ms: Number(given['flush-ms']),
  before: given.before,
  keep: given.keep,
  soak_minutes: Number(given['soak-minutes']),
  overload_seconds: Number(given['overload-seconds']),
  soak_rate: Number(given['soak-rate']),
  large_rows: [10_000, 1_000_000, ...(given.rows ? [Number(given.rows)] : [])],
  settlement_rows: given.rows ? Number(given.rows) : 1_000_000,
  settlement_older: Number(given.older),
  office_rows: {
    SQLite: [1_000_000],
    PostgreSQL: [1_000_000, ...(given.rows ? [Number(given.rows)] : [])],
  },
};
const wanted = given.only.split(',');
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) throw new Error(`there is no scenario ${unknown.join(', ')}`);

const log = (text) => console.error(text);

async function one_round(row, peer, round, rounds) {
  const load = load_average();
  const began = performance.now();
  const figures = await peer();
  const what = [row.scenario, row.case, `${round}/${rounds}`, row.peer].filter(Boolean).join(' ');
  // Whoever did nothing would be beaten infinitely.
  if (figures.per_second === 0) throw new Error(`${what} did nothing: give it more --seconds`);
  row.rounds.push({ ...figures, load });
  const rate = figures.per_second
    ? `${figures.per_second.toFixed(1)}/s ` : `${figures.p50_ms?.toFixed(1) ?? ''} ms `;
  log(`${what}: ${rate}(load ${load}, ${((performance.now() - began) / 1000).toFixed(1)} s)`);
}

const number_names = (one) => Object.keys(one).filter((name) => typeof one[name] === 'number');

// Within a round the peers ran one after the other, so that is where they are compared: the first
// with each of the others, but for itself under other conditions.
function compare(rows, ratio) {
  for (const row of rows) {
    row.figures = {};
    for (const figure of number_names(row.rounds[0]))
      row.figures[figure] = spread(row.rounds.map((one) => one[figure]));
  }
  const [own, ...others] = rows;
  for (const other of others.filter(({ peer }) => !peer.startsWith(`${own.peer}, `)))
    other.ratio = spread(own.rounds.map((one, i) => ratio(one, other.rounds[i])));
}

const rate_ratio = (own, other) => own.per_second / other.per_second;

async function run_scenario(name, scenario) {
  const rounds = scenario.once ? 1 : settings.rounds;
  const all = [];
  for (const [case_name, peers] of Object.entries(scenario.cases)) {
    if (!case_name.includes(given.case)) continue;
    const measured = Object.keys(peers).filter((peer) => peer.includes(given.peer));
    const rows = measured.map((peer) => ({
      ...{ scenario: name, title: scenario.title, case: case_name, peer, rounds: [] },
      ratio_is: scenario.ratio_is ?? 'rate',
    }));
    for (let round = 1; round <= rounds; ++round)
      for (const row of rows) await one_round(row, peers[row.peer], round, rounds);
    compare(rows, scenario.ratio ?? rate_ratio);
    all.push(...rows);
  }
  return all;
}

const server_settings = settings_with(settings);

// The server of a root user runs as `postgres`, who may not look into root's own folders.
const postgres_place = given.place ??
  (process.getuid() === 0 ? '/var/tmp/ozora-payments-bench' : join(directory, 'postgres'));

async function prepared_postgres() {
  const postgres = await start_postgres(postgres_place, {
    keep: given.keep,
    set: server_settings,
  });
  if (wanted.every((name) => !needs_postgres(name) || has_own_database(name))) return postgres;
  log('preparing PostgreSQL');
  await prepare_attempts(postgres, { attempts: settings.postgres_attempts, migrate });
  return postgres;
}

function write(results) {
  writeFileSync(join(directory, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(join(directory, 'ratios.svg'), as_chart(results));
  if (given.chart) cpSync(join(directory, 'ratios.svg'), given.chart);
}

const keys = await make_keys(join(directory, 'keys'));
const callers = await make_callers(keys);
const results = {
  date: new Date().toISOString(),
  machine: { cores: cpus().length, model: cpus()[0].model, node: process.version },
  settings,
  flush: await bench('flush', directory),
  rows: [],
};
const stand_in = await start_stand_in();
let postgres;
try {
  if (wanted.some(needs_postgres)) {
    postgres = await prepared_postgres();
    results.postgres = { version: postgres.version(), settings: server_settings };
  }
  const context = { ...settings, keys, callers, stand_in, postgres, migrate, log };
  const scenarios = all_scenarios(context);
  for (const name of wanted) {
    results.rows.push(...(await run_scenario(name, scenarios[name])));
    write(results); // what is there is kept, should a later one fail
  }
} finally {
  await stand_in.stop();
  await postgres?.stop();
}
results.flush_after = await bench('flush', directory);
write(results);
console.log(as_table(results));
