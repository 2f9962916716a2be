// What was promised, held against what was measured. `ratio` is ozora-payments' rate divided by the
// peer's of the same round, in `large` the cost of a call divided by that in the smallest database;
// other figures are ozora-payments' own.
const many = /^(64|256) clients/;
const one = /^1 client/;
const in_memory = /in memory/;
const office = /^(pg-)?office$/;
const own = /^ozora/;

export const goals = [
  { scenario: 'health', peer: 'nginx', figure: 'ratio', at_least: 1 },
  { scenario: 'ipn-parse', peer: 'nginx', figure: 'ratio', at_least: 0.8 },
  { scenario: 'ipn', peer: /^SQLite/, figure: 'ratio', at_least: 6 },
  { scenario: 'ipn', peer: /^Fastify/, figure: 'ratio', at_least: 3 },
  { scenario: 'webhook', peer: /^SQLite/, figure: 'ratio', at_least: 6 },
  { scenario: 'webhook', peer: /^Fastify/, figure: 'ratio', at_least: 3 },
  { scenario: /^pg-(ipn|webhook)$/, case: many, peer: /^pgbench/, figure: 'ratio', at_least: 2 },
  { scenario: /^pg-(ipn|webhook)$/, case: one, peer: /^pgbench/, figure: 'ratio', at_least: 0.8 },
  { scenario: /^pg-(ipn|webhook)$/, case: many, peer: /^Fastify/, figure: 'ratio', at_least: 4 },
  { scenario: 'pg-start', peer: /^Fastify/, figure: 'ratio', at_least: 3 },
  { scenario: 'pg-start', peer: /^ozora/, figure: 'added_p99_ms', at_most: 5, unit: ' ms' },
  { scenario: 'start', peer: /^ozora-payments$/, figure: 'added_p99_ms', at_most: 5, unit: ' ms' },
  { scenario: 'lookup', peer: /^Fastify/, figure: 'ratio', at_least: 4 },
  { scenario: 'ready', peer: /^ozora/, figure: 'ready_ms', at_most: 100, unit: ' ms' },
  { scenario: 'memory', peer: /^ozora/, figure: 'peak_mib', at_most: 40, unit: ' MiB' },
  { scenario: 'soak', peer: /^ozora/, figure: 'growth_percent', at_most: 5, unit: ' %' },
  { scenario: /^(pg-)?before$/, peer: 'before', figure: 'ratio', at_most: 1.05 },
  { scenario: 'overload', peer: own, figure: 'kept_percent', at_least: 90, unit: ' %' },
  { scenario: 'overload', peer: own, figure: 'p99_ms', at_most: 1000, unit: ' ms' },
  { scenario: 'large', peer: /./, figure: 'ratio', at_most: 1.3 },
  { scenario: 'settlement', peer: /^COPY/, figure: 'ratio', at_most: 1.5 },
  { scenario: 'settlement', peer: own, figure: 'above_idle_mib', at_most: 64, unit: ' MiB' },
  { scenario: 'settlement', peer: own, figure: 'week_s', at_most: 2, unit: ' s' },
  { scenario: office, case: /list:/, peer: own, figure: 'p95_ms', at_most: 30, unit: ' ms' },
  { scenario: office, case: /opening:/, peer: own, figure: 'p95_ms', at_most: 50, unit: ' ms' },
  { scenario: office, case: /chart:/, peer: own, figure: 'p95_ms', at_most: 100, unit: ' ms' },
  { scenario: office, case: /10 000 000/, peer: 'plain SQL', figure: 'ratio', at_least: 20 },
];

const fits = (pattern, text) =>
  pattern === undefined || (pattern instanceof RegExp ? pattern.test(text) : pattern === text);

export const value_of = (row, figure) => (figure === 'ratio' ? row.ratio : row.figures[figure]);

const is_reached = ({ at_least = -Infinity, at_most = Infinity }, { median }) =>
  median >= at_least && median <= at_most;

// Every row that a goal speaks of, with the goal and whether it was reached.
export function judged(rows) {
  return goals.flatMap((goal) =>
    rows
      .filter(
        (row) =>
          fits(goal.scenario, row.scenario) &&
          fits(goal.case, row.case) &&
          fits(goal.peer, row.peer) &&
          !in_memory.test(row.peer) &&
          value_of(row, goal.figure),
      )
      .map((row) => {
        const value = value_of(row, goal.figure);
        return { goal, row, value, reached: is_reached(goal, value) };
      }),
  );
}
