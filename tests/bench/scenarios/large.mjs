// Whether the cost of a call depends on how much there is: the same calls on databases of very
// different sizes, by one client, so that its median is the cost of one.
import { service_token } from '../callers.mjs';
import { start_service } from '../peers.mjs';
import { prepare_large } from '../postgres/large.mjs';
import { pgbench } from '../postgres/pgbench.mjs';
import { send, warm_up_s, while_running } from '../work.mjs';

const requests = 20_000;
const calls_of_ids = 5;

const label = (rows) => `${rows.toLocaleString('en').replaceAll(',', ' ')} transactions`;

async function read_ids(port, token, tickets) {
  const began = performance.now();
  const reply = await fetch(`http://127.0.0.1:${port}/payments/ticket-ids`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const first_ms = performance.now() - began;
  const text = await reply.text();
  const whole_ms = performance.now() - began;
  if (reply.status !== 200) throw new Error(`listTicketIds answered ${reply.status}: ${text}`);
  const { length } = JSON.parse(text).ticket_ids;
  if (length < tickets) throw new Error(`listTicketIds told ${length} of ${tickets} tickets`);
  return { first_ms, whole_ms, bytes: text.length, length };
}

async function time_ids(port, token, tickets) {
  const seen = [];
  for (let i = 0; i < calls_of_ids; ++i) seen.push(await read_ids(port, token, tickets));
  const best = seen.toSorted((a, b) => a.whole_ms - b.whole_ms)[Math.floor(seen.length / 2)];
  return {
    ok: seen.length,
    p50_ms: best.whole_ms,
    first_byte_ms: best.first_ms,
    answer_kb: best.bytes / 1000,
    us_per_id: (1000 * best.whole_ms) / best.length,
  };
}

export function large(context) {
  const { seconds, postgres, callers, keys, migrate, log } = context;
  const made = new Map();
  const database_of = async (rows) => {
    const name = `large_${rows}`;
    if (!made.has(rows))
      made.set(rows, await prepare_large(postgres, { name, rows, migrate, log }));
    return { name, uri: postgres.uri(name), prepared: made.get(rows) };
  };
  const by_size = (measure) =>
    Object.fromEntries(context.large_rows.map((rows) => [label(rows), () => measure(rows)]));
  const on = async (rows, work) => {
    const { uri, prepared } = await database_of(rows);
    const peer = await start_service({ ...context, database: uri });
    const figures = await while_running(peer, work, { others: { database: postgres.pid } });
    return { ...figures, ...prepared };
  };

  const tokens = callers.tokens.ES256;
  const one = { count: requests, seconds, clients: 1, tokens };
  let starts = 0;
  const operations = {
    '`searchTransactions`': (rows) => (port) => send('search', port, { ...one, span: rows }),
    '`listTicketTransactions`': (rows) => (port) => send('list', port, { ...one, span: rows / 2 }),
    '`startPayment`': () => (port) =>
      send('start', port, { ...one, first_id: 100_000_000 + requests * starts++ }),
    '`listTicketIds`': (rows) => async (port) =>
      time_ids(port, await service_token(keys), rows / 2),
  };
  // The statements alone, and without waiting for the disk: what tables and indexes of this size
  // cost the server, and so what partitions could spare it.
  const statements = async (rows, script) => {
    const { name, prepared } = await database_of(rows);
    const figures = await pgbench(postgres, name, script, {
      variables: { n: 0, clients: 1, tickets: rows / 2, base: 1_000_000_000 + 1e7 * starts++ },
      ...{ clients: 1, seconds, warm_up_s, options: '-c synchronous_commit=off' },
    });
    return { ...figures, p50_ms: figures.mean_ms, ...prepared };
  };
  const cases = {
    'lookup, statements alone': by_size((rows) => statements(rows, 'lookup')),
    'new attempt, statements alone': by_size((rows) => statements(rows, 'open')),
  };
  for (const [operation, work] of Object.entries(operations))
    cases[operation] = by_size((rows) => on(rows, work(rows)));
  // How many times the smallest database's cost; of a list of all, the cost of one item of it.
  const ratio = (smallest, other) =>
    other.us_per_id ? other.us_per_id / smallest.us_per_id : other.p50_ms / smallest.p50_ms;
  return {
    large: { title: 'Cost by size, PostgreSQL', ratio, ratio_is: 'cost', cases },
  };
}
