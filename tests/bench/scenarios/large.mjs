// Whether the cost of a call depends on how much there is: the same calls on databases of very
// different sizes, by one client, so that its median is the cost of one.
import { service_token } from '../callers.mjs';
import { start_service } from '../peers.mjs';
import { prepare_large } from '../postgres/large.mjs';
import { pgbench } from '../postgres/pgbench.mjs';
import { send, warm_up_s, while_running } from '../work.mjs';

const requests = 20_000;
const calls_of_ids = 5;

// What people look at is mostly what has just happened, and in memory then; anything else is a read
// from the disk or from the system's cache the more often the more there is.
const recent = 10_000; // transactions
const newest = (count, span) => ({ first_id: count - span + 1, span });

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
    const figures = await while_running(peer, work, {
      others: { database: postgres.pid },
      warm: work,
    });
    return { ...figures, ...prepared };
  };

  const one = { count: requests, seconds, clients: 1, tokens: callers.tokens.ES256 };
  let starts = 0; // so that no ticket is taken twice
  const calls = (kind, load) => (port) => send(kind, port, { ...one, ...load });
  const operations = {
    '`searchTransactions`, newest': (rows) => calls('search', newest(rows, recent)),
    '`searchTransactions`, any': (rows) => calls('search', { span: rows }),
    '`listTicketTransactions`, newest': (rows) => calls('list', newest(rows / 2, recent / 2)),
    '`listTicketTransactions`, any': (rows) => calls('list', { span: rows / 2 }),
    '`startPayment`': () => (port) =>
      calls('start', { first_id: 100_000_000 + requests * starts++ })(port),
    '`listTicketIds`': (rows) => async (port) =>
      time_ids(port, await service_token(keys), rows / 2),
  };
  // The statements alone, and without waiting for the disk: what tables and indexes of this size
  // cost the server, and so what partitions could spare it.
  const statements = async (rows, script, variables) => {
    const { name, prepared } = await database_of(rows);
    const load = { clients: 1, seconds, warm_up_s, options: '-c synchronous_commit=off' };
    const figures = await pgbench(postgres, name, script, { variables, ...load });
    return { ...figures, p50_ms: figures.mean_ms, ...prepared };
  };
  const lookup = (rows, first) => statements(rows, 'lookup', { first, last: rows / 2 });
  const open = (rows) =>
    statements(rows, 'open', { n: 0, clients: 1, base: Date.now() * 1000 + starts++ });
  const cases = {
    'lookup of the newest, statements alone': by_size((rows) =>
      lookup(rows, 1 + (rows - recent) / 2),
    ),
    'lookup of any, statements alone': by_size((rows) => lookup(rows, 1)),
    'new attempt, statements alone': by_size(open),
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
