// Resident memory: with a thousand connections that all send, and over minutes of mixed calls.
import { median, resident_mib, watched } from '../measure.mjs';
import { start_fastify_postgres, start_service } from '../peers.mjs';
import { count_in, fresh_copy } from '../postgres/databases.mjs';
import * as sqlite from '../sqlite.mjs';
import { check_kept, send, while_running } from '../work.mjs';

const connections = 1000;

// Both kinds of database, each with a fresh one and a count of what it holds.
const places = ({ attempts, postgres_attempts, postgres }) => ({
  SQLite: {
    attempts,
    fresh: () => sqlite.fresh_database(attempts),
    count: (database, what) => sqlite.count_in(database, what),
  },
  PostgreSQL: {
    attempts: postgres_attempts,
    fresh: () => fresh_copy(postgres),
    count: (_, what) => count_in(postgres, 'round', what),
  },
});

function memory(context) {
  const { seconds } = context;
  const on = async ({ attempts, fresh, count }, start) => {
    const load = { count: attempts, seconds, clients: connections };
    const database = await fresh();
    const peer = await start(database);
    const figures = await while_running(peer, async (port) => {
      const { result, seen } = await watched(
        () => send('ipn', port, load),
        () => resident_mib(peer.pid),
      );
      return { ...result, peak_mib: Math.max(...seen) };
    });
    check_kept(figures.ok, await count(database, 'notifications'));
    return figures;
  };
  const { SQLite, PostgreSQL } = places(context);
  const service = (database) => start_service({ ...context, database });
  const fastify = (uri) => start_fastify_postgres({ ...context, uri });
  return {
    title: `Memory, ${connections} connections under full load`,
    ratio: (own, other) => own.peak_mib / other.peak_mib,
    ratio_is: 'cost',
    cases: {
      SQLite: { 'ozora-payments': () => on(SQLite, service) },
      PostgreSQL: {
        'ozora-payments': () => on(PostgreSQL, service),
        'Fastify + pg': () => on(PostgreSQL, fastify),
      },
    },
  };
}

// ------------------------------------------------------------------------------------- the soak

const chunk_s = 20; // a webhook's signature is good for five minutes
const shares = { start: 0.25, ipn: 0.15, webhook: 0.15, list: 0.2, search: 0.2, health: 0.05 };
const warm_up_share = 0.2;
const window_share = 0.1;

// What each kind of call is about, in the chunk of this number.
function ids_of(kind, chunk, per_chunk, attempts) {
  if (kind === 'start') return { first_id: 10 * attempts + chunk * per_chunk };
  if (kind === 'ipn' || kind === 'webhook') {
    const places_left = Math.max(1, attempts - per_chunk);
    const offset = (chunk * per_chunk) % places_left;
    return { first_id: (kind === 'webhook' ? attempts : 0) + 1 + offset };
  }
  return { span: 2 * attempts };
}

// Gives how many were answered of each kind.
async function send_mixed(port, chunk, { attempts, callers, soak_rate }) {
  const sent = Object.entries(shares).map(async ([kind, share]) => {
    const rate = share * soak_rate;
    const count = Math.ceil(rate * chunk_s);
    const figures = await send(kind, port, {
      ...ids_of(kind, chunk, count, attempts),
      ...{ count, rate, seconds: chunk_s, clients: 16, tokens: callers.tokens.ES256 },
    });
    return [kind, figures.ok];
  });
  return Object.fromEntries(await Promise.all(sent));
}

async function send_chunks(port, chunks, context) {
  let ok = 0;
  let starts = 0;
  for (let chunk = 0; chunk < chunks; ++chunk) {
    const answered = await send_mixed(port, chunk, context);
    ok += Object.values(answered).reduce((sum, one) => sum + one, 0);
    starts += answered.start;
  }
  return { ok, starts };
}

// The median of a part of what was seen, from one share of the time to another.
const median_between = (seen, from, to) =>
  median(seen.slice(Math.floor(from * seen.length), Math.ceil(to * seen.length)));

export function growth_of(seen) {
  const early_mib = median_between(seen, warm_up_share, warm_up_share + window_share);
  const late_mib = median_between(seen, 1 - window_share, 1);
  return { early_mib, late_mib, growth_percent: 100 * (late_mib / early_mib - 1) };
}

function soak(context) {
  const chunks = Math.max(1, Math.round((context.soak_minutes * 60) / chunk_s));
  const on = async ({ attempts, fresh, count }) => {
    const database = await fresh();
    const peer = await start_service({ ...context, database });
    const figures = await while_running(peer, async (port) => {
      const { result, seen } = await watched(
        () => send_chunks(port, chunks, { ...context, attempts }),
        () => resident_mib(peer.pid),
        1000,
      );
      const per_second = result.ok / (chunks * chunk_s);
      return { ...result, per_second, ...growth_of(seen), seen_mib: seen };
    });
    const opened = await count(database, `transactions WHERE id > ${2 * attempts}`);
    check_kept(figures.starts, opened);
    return figures;
  };
  const { SQLite, PostgreSQL } = places(context);
  return {
    title: `Memory over ${context.soak_minutes} minutes of mixed calls`,
    once: true,
    cases: {
      SQLite: { 'ozora-payments': () => on(SQLite) },
      PostgreSQL: { 'ozora-payments': () => on(PostgreSQL) },
    },
  };
}

export const memory_scenarios = (context) => ({ memory: memory(context), soak: soak(context) });
