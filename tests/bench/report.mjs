// The results as a table for people, in Markdown.

const digits = (value) => (Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
const number = (value) => value.toFixed(digits(value));

function ranged(figure, unit = '') {
  if (!figure) return '';
  const { median, min, max } = figure;
  return `${number(median)}${unit} (${number(min)}–${number(max)})`;
}

const titles = {
  health: '`GET /healthz`, 1 thread each, a second',
  ipn: 'SimplePay IPN, durable, a second',
  webhook: 'Stripe webhook, durable, a second',
  start: '`startPayment`, closed loop, a second',
};

function throughput(rows) {
  const lines = rows
    .filter(({ scenario }) => titles[scenario])
    .map(({ scenario, peer, figures, ratio }) => {
      const cells = [
        ...[titles[scenario], peer, ranged(figures.per_second), ranged(ratio, '×')],
        ...[ranged(figures.p50_ms), ranged(figures.p99_ms)],
        ...[ranged(figures.cpu_us), ranged(figures.rss_mib)],
      ];
      return `| ${cells.join(' | ')} |`;
    });
  return [
    '| what | who | rate | ozora-payments is | p50 ms | p99 ms | CPU µs each | memory MiB |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...lines,
  ];
}

function single_figures(rows, { start_rate, clients }) {
  const wanted = [
    ['added_p50_ms', `added to \`startPayment\` at ${start_rate}/s, p50 ms`],
    ['added_p99_ms', `added to \`startPayment\` at ${start_rate}/s, p99 ms`],
    ['others_ms', 'what tickets service and SimplePay took besides, ms'],
    ['full_p50_ms', `\`startPayment\`, ${clients} clients in a closed loop, p50 ms`],
    ['full_p99_ms', `\`startPayment\`, ${clients} clients in a closed loop, p99 ms`],
    ['ready_ms', 'from start to ready, ms'],
    ['ready_cpu_ms', 'CPU time of it, ms'],
  ];
  const lines = rows.flatMap(({ peer, figures }) =>
    wanted
      .filter(([name]) => figures[name])
      .map(([name, what]) => `| ${what} | ${peer} | ${ranged(figures[name])} |`),
  );
  return ['| what | who | |', '| --- | --- | --- |', ...lines];
}

export function as_table({ date, machine, settings, flush, flush_after, rows }) {
  const loads = rows.flatMap((row) => row.rounds.map(({ load }) => load));
  const flushes = [flush, flush_after].map((f) => `${number(f.p50_ms)}/${number(f.p99_ms)}`);
  return [
    '',
    `${date.slice(0, 10)}, ${machine.cores} cores ${machine.model}, Node ${machine.node}, load ` +
      `average ${Math.min(...loads)} to ${Math.max(...loads)}; flush of this disk p50/p99 ms: ` +
      `${flushes.join(' before, ')} after. Medians of ${settings.rounds} rounds of ` +
      `${settings.seconds} s, smallest and largest in brackets.`,
    '',
    ...throughput(rows),
    '',
    ...single_figures(rows, settings),
    '',
  ].join('\n');
}
