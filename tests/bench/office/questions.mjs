// What pages of the back office ask, and the same as plain SQL over the payments themselves: a page
// of a list with the number of its pages, sums by GROUP BY. Where both give the same they must.
import { day_ms } from './data.mjs';

const everywhere = { flags: '*', years: '*', events: '*' };
export const page = 50;
const hour_ms = 3_600_000;
const day_of = (at) => new Date(at).toISOString().slice(0, 10);

const columns = `id, ticket_id, fee_type, currency, processor, amount_minor, status, provider_id,
  refunded_minor, created_at, updated_at, paid_at, expires_at, scope_id`;
const pages = (where, skip = 0) => [
  `SELECT ${columns} FROM transactions ${where}
    ORDER BY id DESC LIMIT ${page} OFFSET ${skip}`,
  `SELECT count(*) AS n FROM transactions ${where}`,
];
const of_scope = (flag, year) =>
  `scope_id IN (SELECT id FROM scopes WHERE flag = '${flag}' AND year = '${year}')`;

const ids_of = (rows) => rows.map(({ id }) => Number(id)).join(' ');
const same_page = (own, [rows]) => ids_of(own.transactions) === ids_of(rows);

// `pick(n)` gives a number from 1 to n.
function lists({ rows, years, begin, end, every, scopes }) {
  const year = scopes.at(-1)[0].year;
  const last = { years: year, events: '*' };
  const a_day = begin + Math.floor((end - begin) / day_ms / 2) * day_ms;
  const middle = Math.floor(rows / 2 / page) * page;
  const between = (column, from, to) => `${column} >= ${from} AND ${column} < ${to}`;
  const day = (name) => ({
    [`${name}_from`]: day_of(a_day),
    [`${name}_to`]: day_of(a_day + day_ms),
  });
  return {
    'the newest': { ask: () => ({}), plain: () => pages('') },
    'the middle of all': {
      ask: () => ({ after: rows - middle + 1 }),
      plain: () => pages('', middle),
    },
    'of one scope, paid': {
      whose: { flags: 'INT', ...last },
      ask: () => ({ status: ['paid'] }),
      plain: () => pages(`WHERE status = 'paid' AND ${of_scope('INT', year)}`),
    },
    'of a rare scope': {
      whose: { flags: 'CREW', ...last },
      ask: () => ({}),
      plain: () => pages(`WHERE ${of_scope('CREW', year)}`),
    },
    'in review, of one scope': {
      whose: { flags: 'HU', ...last },
      ask: () => ({ status: ['review'] }),
      plain: () => pages(`WHERE status = 'review' AND ${of_scope('HU', year)}`),
    },
    'begun on one day': {
      ask: () => day('created'),
      plain: () => pages(`WHERE ${between('created_at', a_day, a_day + day_ms)}`),
    },
    'paid on one day, of one scope': {
      whose: { flags: 'HU', years: '*', events: '*' },
      ask: () => day('paid'),
      plain: () =>
        pages(`WHERE ${between('paid_at', a_day, a_day + day_ms)}
          AND scope_id IN (SELECT id FROM scopes WHERE flag = 'HU')`),
      same: () => true, // a page ends after 20 000 rows of its scope, with what comes next
    },
    'by e-mail address': {
      ask: (pick) => ({ text: `VISITOR${pick(rows / 10) * 10 + 1}@example.com` }),
      plain: (pick) =>
        pages(`WHERE lower(email) = 'visitor${pick(rows / 10) * 10 + 1}@example.com'`),
      same: (own, [plain]) => own.transactions.length === 1 && plain.length === 1,
    },
    'by a provider’s id': {
      ask: (pick) => ({ text: `pi_bench${pick(rows)}` }),
      plain: (pick) => pages(`WHERE provider_id = 'pi_bench${pick(rows)}'`),
      same: () => true, // two thirds are of the other provider
    },
    'an amount that nobody paid': {
      ask: () => ({ currency: 'EUR', amount_from: 12.34, amount_to: 12.34 }),
      plain: () => pages("WHERE currency = 'EUR' AND amount_minor = 1234"),
      same: (own, [plain]) => own.transactions.length === 0 && plain.length === 0,
    },
  };
}

// Sums of number and money by measure and currency, whatever the buckets.
function sums_of(rows, minor) {
  const sums = new Map();
  for (const row of rows) {
    const key = `${row.measure} ${row.currency}`;
    const [n, money] = sums.get(key) ?? [0, 0];
    sums.set(key, [n + Number(row.n), money + minor(row)]);
  }
  return JSON.stringify([...sums].sort());
}
const same_sums = (own, [rows]) =>
  sums_of(own.rows, ({ amount }) => Math.round(amount * 100)) ===
  sums_of(rows, ({ minor }) => Number(minor));

const added = (measure, bucket, from) => `
  SELECT ${bucket} AS bucket, '${measure}' AS measure, t.currency, count(*) AS n,
    sum(t.amount_minor) AS minor FROM ${from} GROUP BY 1, 3`;

function charts({ begin, end, scopes }, { month }) {
  const year = scopes.at(-1)[0].year;
  const begun = end - 365 * day_ms;
  const in_year = { from: day_of(begun), to: day_of(end), bucket: 'day' };
  const day = (at) => `${at} / ${day_ms}`;
  const paid = (bucket, from, more = '') =>
    added('paid', bucket('t.paid_at'),
      `transactions AS t WHERE t.paid_at >= ${from} AND t.paid_at < ${end} ${more}`);
  const all = (bucket, from, more = '') => [
    [
      paid(bucket, from, more),
      added('started', bucket('t.created_at'),
        `transactions AS t WHERE t.created_at >= ${from} AND t.created_at < ${end} ${more}`),
      ...['refunded', 'expired'].map((kind) =>
        added(kind === 'expired' ? 'failed' : kind, bucket('f.at'),
          `facts AS f JOIN transactions AS t ON t.id = f.transaction_id
            WHERE f.kind = '${kind}' AND f.at >= ${from} AND f.at < ${end} ${more}`)),
    ].join(' UNION ALL '),
  ];
  const measures = ['started', 'paid', 'refunded', 'failed'];
  const same = same_sums;
  return {
    'a year by days, paid in EUR': {
      ask: () => ({ ...in_year, measures: ['paid'], currency: 'EUR' }),
      plain: () => [paid(day, begun, "AND t.currency = 'EUR'")],
      same,
    },
    'a year by days, four measures': {
      ask: () => ({ ...in_year, measures }),
      plain: () => all(day, begun),
      same,
    },
    'a year by days, four measures of one scope': {
      whose: { flags: 'INT', years: year, events: '*' },
      ask: () => ({ ...in_year, measures }),
      plain: () => all(day, begun, `AND t.${of_scope('INT', year)}`),
      same,
    },
    'all years by months, four measures': {
      ask: () => ({ from: day_of(begin), to: day_of(end), bucket: 'month', measures }),
      plain: () => all(month, begin),
      same,
    },
    '31 days by hours, paid': {
      ask: () => ({
        ...{ from: day_of(end - 31 * day_ms), to: day_of(end) },
        ...{ bucket: 'hour', measures: ['paid'] },
      }),
      plain: () => [paid((at) => `${at} / ${hour_ms}`, end - 31 * day_ms)],
      same,
    },
    'an hour by minutes, paid and begun': {
      ask: () => ({
        from: new Date(end - hour_ms).toISOString(),
        to: new Date(end).toISOString(),
        ...{ bucket: 'minute', measures: ['paid', 'started'] },
      }),
      plain: () => [
        `${paid((at) => `${at} / 60000`, end - hour_ms)} UNION ALL ${added(
          'started', 't.created_at / 60000',
          `transactions AS t WHERE t.created_at >= ${end - hour_ms} AND t.created_at < ${end}`,
        )}`,
      ],
      same,
    },
  };
}

// The 4th of a hundred has messages and an event; a number whose ticket is where the stand-in says.
function opened({ rows, years }, pick) {
  const first = rows - Math.floor(rows / years) + 1;
  for (;;) {
    const i = Math.floor((first + pick(rows / years - 200)) / 100) * 100 + 4;
    const flag = Math.floor(i / 10) % 10;
    if (i > first && flag < 6 && Math.floor(i / 10) % 5000 !== 7) return i;
  }
}

// By kind: what is asked, of which path, and how fast it must be.
export function questions_of(planned, dialect) {
  const of_kind = (kind, path, all) =>
    Object.entries(all).map(([name, one]) => [
      `${kind}: ${name}`,
      { kind, path, method: 'POST', whose: everywhere, same: same_page, ...one },
    ]);
  const reviews = {
    'the newest': { method: 'GET', ask: () => undefined, same: () => true },
  };
  const open = { 'any': { ask: (pick) => ({ transaction_id: opened(planned, pick) }) } };
  return Object.fromEntries([
    ...of_kind('list', '/payments/find', lists(planned)),
    ...of_kind('worklist', '/payments/review?limit=50', reviews),
    ...of_kind('opening', '/payments/transaction', open),
    ...of_kind('chart', '/payments/sums', charts(planned, dialect)),
  ]);
}
