// How long sums of a year take, on however many payments: with days that are added up, and without.
// scripts/node tests/bench/sums.mjs --payments 1000000
// scripts/node tests/fixtures/on_postgres.mjs scripts/node tests/bench/sums.mjs
import { parseArgs } from 'node:util';
import { assert_ok } from '../api/client.mjs';
import { open_world, search } from '../api/world.mjs';
import { eventually, payments_program, Program } from '../fixtures/harness.mjs';

const { values } = parseArgs({ options: { payments: { type: 'string', default: '1000000' } } });
const payments = Number(values.payments);
const day_ms = 86_400_000;
const year_ms = 365 * day_ms;
const begin = Math.floor((Date.now() - year_ms) / day_ms) * day_ms;
const rounds = 7;

// Evenly over the year: of three fees, two currencies, two processors and four scopes; seven of ten
// are paid, one in twenty of those is given back a month later.
const every = Math.floor(year_ms / payments);
const numbers = `WITH RECURSIVE n(i) AS
  (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${payments})`;
const at = `${begin} + i * CAST(${every} AS bigint)`;
const fact = (seq, when, kind, subject) => `
  INSERT INTO facts (transaction_id, seq, at, source, kind, subject, amount_minor, currency,
    provider_id, account, detail, identity, hash, refund)
  SELECT id, ${seq}, ${when}, 'query', '${kind}', ${subject}, 22000, currency, '', 'M', '',
    '${kind}' || id, '', '' FROM transactions`;
const statements = [
  `INSERT INTO scopes (id, flag, year, event) VALUES (1, 'HU', '27', 'O'), (2, 'INT', '27', 'O'),
    (3, 'HU', '26', 'O'), (4, 'INT', '26', 'O')`,
  `${numbers} INSERT INTO transactions (ticket_id, fee_type, currency, processor, amount_minor,
    account, email, metas, created_at, expires_at, status, live, holds_fee, updated_at, paid_at,
    scope_id, counted)
  SELECT i, CASE i % 3 WHEN 0 THEN 'FULL-FEE' WHEN 1 THEN 'CAMPING-FEE' ELSE 'CAR-FEE' END,
    CASE i % 2 WHEN 0 THEN 'EUR' ELSE 'HUF' END,
    CASE i % 5 WHEN 0 THEN 'SIMPLE' ELSE 'STRIPE-INTENTS' END, 22000, 'M', '', '{}', ${at}, ${at},
    CASE WHEN i % 10 < 7 THEN 'paid' ELSE 'expired' END, false, false, ${at} + 60000,
    CASE WHEN i % 10 < 7 THEN ${at} + 60000 END, 1 + i % 4, true FROM n`,
  `${fact(1, 'created_at + 60000', 'captured', "''")} WHERE paid_at IS NOT NULL`,
  `${fact(1, 'created_at + 60000', 'expired', "''")} WHERE paid_at IS NULL`,
  `${fact(2, 'created_at + 2592000000', 'refunded', "'re' || id")}
    WHERE paid_at IS NOT NULL AND id % 20 = 1`,
  'ANALYZE',
];

const timed = async (work) => {
  const since = performance.now();
  await work();
  return performance.now() - since;
};
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

const world = await open_world();
try {
  console.log(`${payments} payments are made`);
  for (const sql of statements) await world.database.execute(sql);
  const env = { ...process.env, ...world.platform.settings };
  const rebuild = await timed(async () => {
    const program = new Program(payments_program, ['totals', 'rebuild'], { env });
    const { code } = await program.ended;
    if (code !== 0) throw new Error(program.output);
    console.log(program.output.trim().split('\n').at(-1));
  });
  console.log(`totals rebuild: ${(rebuild / 1000).toFixed(1)} s`);

  const everywhere = { tickets_get_flags: '*', tickets_get_years: '*', tickets_get_events: '*' };
  const ask = (more, whose) =>
    world.call('sumMoney', {
      body: {
        from: new Date(begin + day_ms).toISOString().slice(0, 10),
        to: new Date(begin + year_ms - 2 * day_ms).toISOString().slice(0, 10),
        bucket: 'day',
        ...more,
      },
      token: world.user_token({ ...search, ...whose }),
    });
  const questions = {
    'what was paid in EUR, by days': [{ measures: ['paid'], currency: 'EUR' }, everywhere],
    'everything by days': [{}, everywhere],
    'everything by processor and fee': [{ by: ['processor', 'fee_type'] }, everywhere],
    'within one scope': [{}, { ...everywhere, tickets_get_flags: 'HU', tickets_get_years: '27' }],
    'everything by months': [{ bucket: 'month' }, everywhere],
  };
  const measure = async (name, prepare = async () => {}) => {
    for (const [what, [more, whose]] of Object.entries(questions)) {
      const times = [];
      try {
        for (let i = 0; i < rounds; ++i) {
          await prepare();
          times.push(await timed(async () => assert_ok(await ask(more, whose))));
        }
        console.log(`${name}, ${what}: ${median(times).toFixed(0)} ms`);
      } catch (error) {
        console.log(`${name}, ${what}: ${error.message}`); // none within 15 s
      }
    }
  };
  const all_days = async () => {
    const [{ n }] = await world.database.rows('SELECT count(*) AS n FROM totals_days');
    return Number(n) >= 360;
  };
  const adding = await timed(() =>
    eventually(all_days, { within_ms: 600_000, what: 'all days to be added up' }));
  console.log(`all days are added up after ${(adding / 1000).toFixed(1)} s more`);
  await measure('days');
  await measure('quarters of an hour', () => world.database.execute('DELETE FROM totals_days'));
} finally {
  await world.close();
}
