// On the embedded database: ingest, startPayment, and how soon a started service is ready.
import { mkdtempSync, rmSync } from 'node:fs';

import { bench, start_fastify, start_service, time_start } from '../peers.mjs';
import { count_in, fresh_database } from '../sqlite.mjs';
import { check_kept, send, send_warm, while_running } from '../work.mjs';

const start_rate = 40; // a second: a busy sale, and far below what the service can do

function ingest_scenario(kind, title, context) {
  const { attempts, seconds, clients } = context;
  const first_id = kind === 'webhook' ? attempts + 1 : 1;
  const ingest = async (start) => {
    const database = await fresh_database(attempts);
    const load = { first_id, count: attempts, seconds, clients };
    const figures = await send_warm(kind, await start(database), load);
    check_kept(figures.ok + figures.warm_ok, count_in(database, 'notifications'));
    return figures;
  };
  const commit_singly = async () => {
    const database = await fresh_database(attempts);
    const limits = ['--count', attempts, '--seconds', seconds];
    const figures = await bench('commit-singly', kind, database, ...limits);
    check_kept(figures.ok, count_in(database, 'notifications'));
    return figures;
  };
  const peers = {
    'ozora-payments': () => ingest((database) => start_service({ ...context, database })),
    'SQLite, one commit each': commit_singly,
    'Fastify + better-sqlite3': () => ingest(start_fastify),
  };
  return { title, cases: { '': peers } };
}

// Start of a payment for a ticket of its own, below saturation and at it; and the calls that the
// service makes for it, made by ourselves at the same rate.
async function start_payment(context, place) {
  const { attempts, seconds, clients, stand_in } = context;
  const load = { count: attempts, seconds, clients };
  const database = await fresh_database(attempts, place);
  const peer = await start_service({ ...context, database });
  return while_running(peer, async (port) => {
    const rate = start_rate;
    const paced = await send('start', port, { ...load, first_id: 10 * attempts, rate });
    const ticket = await send('ticket', stand_in.port, { ...load, rate });
    const provider = await send('provider', stand_in.port, { ...load, rate });
    const full = await send('start', port, { ...load, first_id: 20 * attempts });
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

async function start_payment_in_memory(context) {
  const place = mkdtempSync('/dev/shm/ozora-bench-');
  try {
    return await start_payment(context, place);
  } finally {
    rmSync(place, { recursive: true });
  }
}

export const embedded = (context) => ({
  ipn: ingest_scenario('ipn', 'SimplePay IPN, durable, SQLite', context),
  webhook: ingest_scenario('webhook', 'Stripe webhook, durable, SQLite', context),
  start: {
    title: '`startPayment`, SQLite',
    cases: {
      '': {
        'ozora-payments': () => start_payment(context),
        'ozora-payments, database in memory': () => start_payment_in_memory(context),
      },
    },
  },
  ready: {
    title: 'from start to ready, SQLite',
    cases: {
      '': {
        'ozora-payments': async () =>
          time_start({ ...context, database: await fresh_database(context.attempts) }),
      },
    },
  },
});
