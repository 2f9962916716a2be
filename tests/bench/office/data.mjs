// What the back office is asked about: payments of whole years as SQL that both databases can run,
// with sums that are what the service would have kept. Two million a year, evenly; of ten attempts
// eight are paid, of which one is a second try; one paid payment in sixteen is given back a month
// later, one in ten thousand attempts is on the review list.
import { createHash } from 'node:crypto';

export const day_ms = 86_400_000;
const year_ms = 365 * day_ms;
const a_year = 2_000_000;
const last_year = 2026; // that of the stand-in's tickets
const month_ms = 30 * day_ms;
const minutes_kept_ms = 40 * day_ms;

// The number that the service gives a scope: one that differed would be moved by whoever opens it.
function scope_number({ flag, year, event }) {
  const text = [flag, year, event].map((one) => `${Buffer.byteLength(one)}:${one}`).join('');
  return createHash('sha256').update(text).digest().readBigUInt64BE() >> 1n;
}

export const flags = ['HU', 'INT', 'CREW'];

// `rows` payments that end now.
export function plan(rows, now = Date.now()) {
  const years = Math.max(1, Math.ceil(rows / a_year));
  const end = Math.floor(now / day_ms) * day_ms;
  const scopes = Array.from({ length: years }, (_, y) =>
    flags.map((flag) => {
      const scope = { flag, year: `${last_year - years + 1 + y}`, event: 'OZORA' };
      return { ...scope, id: scope_number(scope) };
    }),
  );
  const begin = end - years * year_ms;
  return { rows, years, begin, end, every: Math.floor((years * year_ms) / rows), scopes };
}

// What differs between the two.
export const dialects = {
  sqlite: {
    numbers: (first, last) =>
      `(WITH RECURSIVE n(i) AS (SELECT ${first} UNION ALL SELECT i + 1 FROM n WHERE i < ${last})
        SELECT i FROM n) AS n`,
    bytes: (text) => `CAST(${text} AS BLOB)`,
    signature: "'signature'",
  },
  postgres: {
    numbers: (first, last) => `generate_series(${first}::bigint, ${last}::bigint) AS n(i)`,
    bytes: (text) => `convert_to(${text}, 'UTF8')`,
    signature: "'signature'::bytea",
  },
};

// Everything that follows from a payment's number.
function made({ begin, every, rows, scopes, years }, dialect, first, last) {
  const of_flag = (f) =>
    `CASE y ${scopes.map((flagged, y) => `WHEN ${y} THEN ${flagged[f].id}`).join(' ')} END`;
  return `made AS (
  SELECT *, (CASE flag ${flags.map((flag, f) => `WHEN '${flag}' THEN ${of_flag(f)}`).join(' ')}
      END) AS scope_id,
    CASE WHEN flag = 'HU' THEN 'HUF' ELSE 'EUR' END AS currency,
    CASE WHEN (flag = 'HU') = (i / 7 % 5 > 0) THEN 'SIMPLE' ELSE 'STRIPE-INTENTS' END AS processor,
    CASE fee_type WHEN 'FULL-FEE' THEN 22000 WHEN 'CAR-FEE' THEN 4000 ELSE 5000 END
      * (CASE WHEN flag = 'HU' THEN 400 ELSE 1 END) AS minor
  FROM (
    SELECT i, i % 10 AS m, CASE WHEN i % 10 = 9 THEN i - 1 ELSE i END AS ticket_id,
      i % 10 NOT IN (7, 8) AS is_paid, i % 20 = 1 AS is_refunded, i % 10000 = 5002 AS is_reviewed,
      ${begin} + i * CAST(${every} AS bigint) AS at, (i - 1) / ${Math.ceil(rows / years)} AS y,
      CASE WHEN i / 10 % 5000 = 7 THEN 'CREW' WHEN i / 10 % 10 < 6 THEN 'HU' ELSE 'INT' END AS flag,
      CASE i / 100 % 20 WHEN 0 THEN 'CAR-FEE' WHEN 1 THEN 'CAMPING-FEE' WHEN 2 THEN 'CAMPING-FEE'
        ELSE 'FULL-FEE' END AS fee_type
    FROM ${dialect.numbers(first, last)}) AS numbered)`;
}

const provider_id = `CASE WHEN processor = 'SIMPLE' THEN CAST(500000000 + i AS text)
  ELSE 'pi_bench' || i END`;
const account = "CASE WHEN processor = 'SIMPLE' THEN 'PUBLICTEST' || currency ELSE 'test' END";

const transactions = (end) => `
INSERT INTO transactions (id, ticket_id, fee_type, currency, processor, amount_minor, account,
    email, metas, created_at, expires_at, status, live, holds_fee, provider_id, refunded_minor,
    updated_at, paid_at, facts_hash, watched, concerns, scope_id, counted)
SELECT i, ticket_id, fee_type, currency, processor, minor, ${account},
  'visitor' || ticket_id || '@example.com',
  '{"name":"A Visitor","country":"HU","city":"Budapest"}', at, at + 1800000,
  CASE WHEN NOT is_paid THEN 'expired' WHEN is_reviewed THEN 'review'
    WHEN is_refunded AND at + ${month_ms} < ${end} THEN 'refunded' ELSE 'paid' END,
  false, is_paid, ${provider_id},
  CASE WHEN is_refunded AND at + ${month_ms} < ${end} THEN minor ELSE 0 END,
  at + 60000, CASE WHEN is_paid THEN at + 60000 END, 'of the benchmark', is_reviewed,
  CASE WHEN is_reviewed THEN 'mismatch@' || (at + 60000) ELSE '' END, scope_id, true FROM made`;

const fact = (seq, at, source, kind, subject, has_money) => `
INSERT INTO facts (transaction_id, seq, at, source, kind, subject, amount_minor, currency,
    provider_id, account, detail, identity, hash, refund)
SELECT i, ${seq}, ${at}, '${source}', '${kind}', ${subject}, ${has_money ? 'minor' : 'NULL'},
  ${has_money ? 'currency' : 'NULL'}, ${provider_id}, ${account}, '', '${kind}|' || i,
  'of the benchmark', '' FROM made`;

// One payment in a hundred has its message and its event: those are opened.
const has_messages = 'i % 100 = 4';
const messages = ({ bytes, signature }) => `
INSERT INTO notifications (processor, identity, received_at, signature, body, transaction_id,
    unmatched_reason, hash)
SELECT processor, 'bench' || i, at + 60000, ${signature},
  ${bytes("'{\"orderRef\":\"TR' || i || '\",\"status\":\"FINISHED\"}'")}, i, '', 'of the benchmark'
FROM made WHERE ${has_messages}`;
const events = `
INSERT INTO outbox (transaction_id, type, status_before, status_after, refunded_before,
    refunded_after, at, delivered_at)
SELECT i, 'payment.paid', 'pending', 'paid', 0, 0, at + 60000, at + 61000
FROM made WHERE ${has_messages}`;

// What each payment counts for (docs/money.md, 2), by the minute and by the quarter of an hour.
const counted = (end) => {
  const is_back = `is_paid AND is_refunded AND at + ${month_ms} < ${end}`;
  const measures = [
    ['started', 'at', 'true'],
    ['paid', 'at + 60000', 'is_paid'],
    ['failed', 'at + 60000', 'NOT is_paid'],
    ['refunded', `at + ${month_ms}`, is_back],
    ['fee_begun', 'at', 'm <> 9'],
    ['fee_paid', 'at', 'm NOT IN (7, 9)'],
    ['first_try', 'at', 'm < 7'],
  ];
  const each = measures.map(
    ([measure, at, condition]) => `SELECT ${at} AS at, scope_id, currency, processor, fee_type,
      '${measure}' AS measure, '${measure === 'failed' ? 'expired' : ''}' AS reason, minor
    FROM made WHERE ${condition}`,
  );
  return `
INSERT INTO totals (grain, at, scope_id, currency, processor, fee_type, measure, reason, n, minor)
SELECT grain, at - at % (grain * 60000), scope_id, currency, processor, fee_type, measure, reason,
  count(*), sum(minor)
FROM (${each.join('\n  UNION ALL ')}) AS counted
CROSS JOIN (SELECT 1 AS grain UNION ALL SELECT 15) AS grains
WHERE grain = 15 OR at >= ${end - minutes_kept_ms}
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8
ON CONFLICT (grain, at, scope_id, currency, processor, fee_type, measure, reason)
DO UPDATE SET n = totals.n + excluded.n, minor = totals.minor + excluded.minor`;
};

export const scope_rows = ({ scopes }) =>
  `INSERT INTO scopes (id, flag, year, event) VALUES ${scopes
    .flat()
    .map(({ id, flag, year, event }) => `(${id}, '${flag}', '${year}', '${event}')`)
    .join(', ')}`;

// Statements that make the payments of these numbers.
export function payments(planned, dialect, { first, last }) {
  const { end } = planned;
  const source = `WITH ${made(planned, dialect, first, last)}`;
  const after = (insert) => insert.replace('SELECT', `${source} SELECT`);
  const both = [
    transactions(end),
    fact(1, 'at + 1000', 'service', 'accepted', "''", false),
    `${fact(2, 'at + 60000', 'query', 'captured', "''", true)} WHERE is_paid`,
    `${fact(2, 'at + 60000', 'query', 'expired', "''", false)} WHERE NOT is_paid`,
    `${fact(3, `at + ${month_ms}`, 'query', 'refunded', "'re_bench' || i", true)}
      WHERE is_refunded AND at + ${month_ms} < ${end}`,
    messages(dialect),
    events,
    counted(end),
  ];
  return both.map(after);
}
