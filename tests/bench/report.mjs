// The results as tables for people, in Markdown.
import { judged } from './goals.mjs';

const digits = (value) => (Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
export const number = (value) => value.toFixed(digits(value));

export function ranged(figure, unit = '') {
  if (!figure) return '';
  const { median, min, max } = figure;
  return `${number(median)}${unit} (${number(min)}–${number(max)})`;
}

const table = (head, lines) => [
  `| ${head.join(' | ')} |`,
  `| ${head.map(() => '---').join(' | ')} |`,
  ...lines.map((cells) => `| ${cells.join(' | ')} |`),
];

export const what_of = ({ title, case: name }) => (name ? `${title}, ${name}` : title);

function throughput(rows) {
  const lines = rows
    .filter(({ scenario, figures }) => scenario !== 'large' && figures.per_second)
    .map((row) => {
      const { peer, figures, ratio } = row;
      return [
        ...[what_of(row), peer, ranged(figures.per_second), ranged(ratio, '×')],
        ...[ranged(figures.p50_ms ?? figures.mean_ms), ranged(figures.p99_ms)],
        ...[ranged(figures.cpu_us), ranged(figures.database_cpu_us), ranged(figures.rss_mib)],
      ];
    });
  if (lines.length === 0) return [];
  const head = ['what', 'who', 'a second', 'ozora-payments is', 'p50 ms', 'p99 ms'];
  return table([...head, 'CPU µs each', 'database CPU µs', 'memory MiB'], lines);
}

const single = [
  ['added_p50_ms', 'added to a paced `startPayment`, p50 ms'],
  ['added_p99_ms', 'added to a paced `startPayment`, p99 ms'],
  ['busy_rate', 'starts a second on a busy machine'],
  ['busy_added_p50_ms', 'added to each of those, p50 ms'],
  ['busy_added_p99_ms', 'added to each of those, p99 ms'],
  ['others_ms', 'what tickets service and SimplePay took besides, ms'],
  ['full_p50_ms', '`startPayment` in a closed loop, p50 ms'],
  ['full_p99_ms', '`startPayment` in a closed loop, p99 ms'],
  ['peak_per_second', 'starts a second in a closed loop'],
  ['kept_percent', 'of them answered well at three times that rate, %'],
  ['refused_per_second', 'refused a second'],
  ['kept_per_core_percent', 'good answers for as much CPU time of service and database, %'],
  ...['service', 'database', 'sender', 'stand_in'].flatMap((who) => [
    [`peak_${who}_cores`, `cores that the ${who.replace('_', '-')} kept busy in the closed loop`],
    [`${who}_cores`, 'and at three times that rate'],
  ]),
  ['notice_p99_ms', 'an IPN meanwhile, p99 ms'],
  ['ready_ms', 'from start to ready, ms'],
  ['ready_cpu_ms', 'CPU time of it, ms'],
  ['peak_mib', 'most resident memory, MiB'],
  ['early_mib', 'resident after warming up, MiB'],
  ['late_mib', 'resident at the end, MiB'],
  ['disk_bytes_each', 'bytes of tables and indexes for each'],
  ['settled_per_second', 'a second, until nothing is left to do for any'],
  ['lag_s', 's until nothing was left to do for those that were answered'],
  ['growth_percent', 'growth, %'],
  ['whole_s', 'importing and matching settlements, s'],
  ['import_s', 'importing alone, s'],
  ['match_s', 'matching alone, s'],
  ['import_mib', 'most memory above idle while importing, MiB'],
  ['match_mib', 'the same while matching, MiB'],
  ['week_s', 'one more week, s'],
];

function single_figures(rows) {
  const lines = rows.flatMap((row) =>
    single
      .filter(([name]) => row.figures[name])
      .map(([name, label]) => [what_of(row), row.peer, label, ranged(row.figures[name])]),
  );
  return lines.length === 0 ? [] : table(['where', 'who', 'what', ''], lines);
}

// The databases of `large`, and what one call costs in each.
function sizes(rows) {
  const lines = rows
    .filter(({ scenario }) => scenario === 'large')
    .map(({ case: operation, peer, figures, ratio }) => [
      ...[operation, peer, ranged(figures.p50_ms), ranged(ratio, '×')],
      ...[ranged(figures.us_per_id), ranged(figures.first_byte_ms), ranged(figures.cpu_us)],
      ...[ranged(figures.database_cpu_us), number(figures.prepare_s.median)],
      number(figures.database_mb.median),
    ]);
  if (lines.length === 0) return [];
  const head = ['call', 'database of', 'ms each', 'is', 'µs an id', 'first byte ms', 'CPU µs'];
  return table([...head, 'database CPU µs', 'prepared in s', 'on disk MB'], lines);
}

// What each question of the back office takes, beside the same as plain SQL.
function office(rows) {
  const of_office = rows.filter(({ scenario }) => /^(pg-)?office$/.test(scenario));
  const lines = of_office
    .filter(({ peer }) => peer === 'ozora-payments')
    .map((row) => {
      const plain = of_office.find((other) => other !== row && what_of(other) === what_of(row));
      const { p50_ms, p95_ms, cold_ms } = row.figures;
      return [
        ...[what_of(row), ranged(p50_ms), ranged(p95_ms), ranged(cold_ms)],
        ...[ranged(plain?.figures.p50_ms), ranged(plain?.figures.cold_ms)],
        ranged(plain?.ratio, '×'),
      ];
    });
  if (lines.length === 0) return [];
  const head = ['what', 'p50 ms', 'p95 ms', 'the first time ms', 'plain SQL ms'];
  return table([...head, 'the first time ms', 'ozora-payments is'], lines);
}

const bound = ({ at_least, at_most }, unit) => {
  if (at_least === undefined) return `at most ${at_most}${unit}`;
  if (at_most === undefined) return `at least ${at_least}${unit}`;
  return `${at_least}${unit}–${at_most}${unit}`;
};

function goals(rows) {
  const lines = judged(rows).map(({ goal, row, value, reached }) => {
    const unit = goal.unit ?? '×';
    const against = goal.figure === 'ratio' ? `, against ${row.peer}` : '';
    return [
      ...[`${what_of(row)}${against}`, bound(goal, unit)],
      `${reached ? 'yes' : '**no**'}: ${ranged(value, unit)}`,
    ];
  });
  return lines.length === 0 ? [] : table(['what', 'goal', 'reached'], lines);
}

export function as_table(results) {
  const { date, machine, settings, flush, flush_after, rows } = results;
  const loads = rows.flatMap((row) => row.rounds.map(({ load }) => load));
  const flushes = [flush, flush_after].map((f) => `${number(f.p50_ms)}/${number(f.p99_ms)}`);
  const parts = [throughput, sizes, office, single_figures, goals].map((part) => part(rows));
  return [
    '',
    `${date.slice(0, 10)}, ${machine.cores} cores ${machine.model}, Node ${machine.node}, load ` +
      `average ${Math.min(...loads)} to ${Math.max(...loads)}; flush of this disk p50/p99 ms: ` +
      `${flushes.join(' before, ')} after. Medians of ${settings.rounds} rounds of ` +
      `${settings.seconds} s, smallest and largest in brackets.`,
    '',
    ...parts.filter((part) => part.length > 0).flatMap((part) => [...part, '']),
  ].join('\n');
}
