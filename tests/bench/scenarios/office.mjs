// What pages of the back office ask, by one client, on databases of years: the first time, when
// neither the database nor the system has any of it in memory, and then again and again. Beside it
// the same as plain SQL, from this process and without HTTP.
import { office_databases, utc } from '../office/databases.mjs';
import { plan } from '../office/data.mjs';
import { questions_of } from '../office/questions.mjs';
import { start_service } from '../peers.mjs';

const most_calls = 200;
const fewest_calls = 3;
const warm_up_calls = 3;
const slow_ms = 3000; // whose first call took so long is asked once more alone

const label = (rows) => `${rows.toLocaleString('en').replaceAll(',', ' ')} transactions`;

// The same numbers in every round and for every peer.
function numbers() {
  let state = 1;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return 1 + Math.floor((state / 2 ** 31) * below);
  };
}

async function timed(work) {
  const began = performance.now();
  const result = await work();
  return { ms: performance.now() - began, result };
}

const at_share = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

// The first call by itself, then as many as the time allows.
async function measure(call, seconds) {
  const cold = await timed(call);
  const fewest = cold.ms < slow_ms ? fewest_calls : 1;
  for (let i = 0; i < warm_up_calls; ++i) if (cold.ms < 1000) await call();
  const times = [];
  const until = performance.now() + 1000 * seconds;
  while (times.length < fewest || (times.length < most_calls && performance.now() < until))
    times.push((await timed(call)).ms);
  times.sort((a, b) => a - b);
  const figures = { ok: times.length, cold_ms: cold.ms, p50_ms: at_share(times, 0.5) };
  return { first: cold.result, figures: { ...figures, p95_ms: at_share(times, 0.95) } };
}

async function call_service(port, { path, method }, body, token) {
  const reply = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  const text = await reply.text();
  if (reply.status !== 200) throw new Error(`${path} answered ${reply.status}: ${text}`);
  return JSON.parse(text);
}

// Nobody asks before a connection and a verified token are there.
async function through_service(context, database, question) {
  await database.forget();
  const token = await context.callers.staff(question.whose);
  const peer = await start_service({ ...context, database: database.uri(), more: utc });
  try {
    await call_service(peer.port, { path: '/payments/find', method: 'POST' }, { text: '?' }, token);
    const pick = numbers();
    const ask = () => call_service(peer.port, question, question.ask(pick), token);
    return await measure(ask, context.seconds);
  } finally {
    await peer.stop();
  }
}

async function as_plain_sql(context, database, question) {
  await database.forget();
  const connection = await database.connect();
  try {
    const pick = numbers();
    return await measure(async () => {
      const answers = [];
      for (const sql of question.plain(pick)) answers.push(await connection.all(sql));
      return answers;
    }, context.seconds);
  } finally {
    await connection.close();
  }
}

function of_database(kind, context) {
  const prepared = new Map();
  const database_of = async (rows) => {
    if (!prepared.has(rows)) prepared.set(rows, office_databases[kind](context, rows));
    return prepared.get(rows);
  };
  const answers = new Map(); // of the service, until plain SQL has told its own
  const peers_of = (rows, name) => {
    const on = (work) => async () => {
      const database = await database_of(rows);
      const question = questions_of(database.planned, database)[name];
      const { first, figures } = await work(context, database, question);
      if (work === through_service) answers.set(name, first);
      else if (!question.same(answers.get(name), first))
        throw new Error(`${name}: plain SQL says otherwise`);
      return { ...figures, ...database.prepared };
    };
    const is_compared = questions_of(plan(rows), {})[name].plain !== undefined;
    return {
      'ozora-payments': on(through_service),
      ...(is_compared && { 'plain SQL': on(as_plain_sql) }),
    };
  };
  const cases = {};
  for (const rows of context.office_rows[kind])
    for (const name of Object.keys(questions_of(plan(rows), {})))
      cases[`${label(rows)}, ${name}`] = peers_of(rows, name);
  const ratio = (own, plain) => plain.p50_ms / own.p50_ms;
  return { title: `Back office, ${kind}`, ratio, cases };
}

export const office = (context) => ({
  office: of_database('SQLite', context),
  'pg-office': of_database('PostgreSQL', context),
});
