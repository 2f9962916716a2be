// The report of a day: Markdown, with a picture and what the console showed.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { between, figures_of, percentile, slices, tally } from './figures.mjs';
import { picture } from './picture.mjs';

const slices_of_a_day = 120;
const told = 12;  // of the ways in which starts were refused

const words = {
  simplepay_silent: 'SimplePay is silent',
  deploy: 'a deploy, replica by replica',
  failover: 'the primary dies, the standby is promoted',
  archive: 'a base backup is made, the archive begins',
  disk_full: 'the disk of the database is full',
  everything_lost: 'the database is lost, and restored from the archive',
};

const seconds = (ms) => (ms === undefined ? '-' : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`);
const clock = (ms) => {
  const s = Math.floor(ms / 1000);
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
};
const share = (part, all) => (all === 0 ? '-' : `${((100 * part) / all).toFixed(1)} %`);
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

// The quiet stretches between what goes wrong count as one.
function felt(day) {
  const { calls } = day.crowd;
  const row = (name, from_ms, until_ms, some) => {
    const { sent, p50, p99, refused } = figures_of(some);
    const when = from_ms === undefined ? '' : `${clock(from_ms)} to ${clock(until_ms)}`;
    return [name, when, sent, seconds(p50), seconds(p99), share(refused, sent)];
  };
  const rows = day.events.map(({ name, from_ms, until_ms }) =>
    row(words[name], from_ms, until_ms, between(calls, from_ms, until_ms)));
  const is_quiet = ({ at_ms }) =>
    !day.events.some(({ from_ms, until_ms }) => at_ms >= from_ms && at_ms < until_ms);
  rows.push(row('all other times', undefined, undefined, calls.filter(is_quiet)));
  rows.push(row('the whole day', undefined, undefined, calls));
  return table(['', 'when', 'starts', 'median', '99 %', 'not answered 200'], rows);
}

function visitors(day) {
  const { counts, waits, calls } = day.crowd;
  const took = waits.map(({ took_ms }) => took_ms);
  const captured = day.held.filter((one) => one.captured).length;
  const refusals = tally(calls.map(({ what }) => what).filter((what) => what !== 'answered'));
  return [
    `${counts.came} visitors came, ${waits.length} got to a page to pay on (` +
      `${share(waits.length, counts.came)}), ${counts.gave_up} gave up after 60 s of trying, ` +
      `${counts.left} left without paying. From the first click to that page: median ` +
      `${seconds(percentile(took, 0.5))}, 99 % ${seconds(percentile(took, 0.99))}, longest ` +
      `${seconds(percentile(took, 1))}. The providers took ${captured} payments.`,
    '',
    table(['a start that was not answered 200', 'times'], refusals.slice(0, told)),
  ].join('\n');
}

const alarms = (day) =>
  table(
    ['alarm', 'about', 'severity', 'fired', 'until'],
    day.alarms.map(({ name, about, severity, from_ms, until_ms }) =>
      [name, about || '-', severity, clock(from_ms), clock(until_ms)]),
  );

function whole(day) {
  const title = `${day.visitors} visitors in ${day.minutes} minutes`;
  const shown = day.pictures.map(({ name, at_ms, file }) =>
    `${name}, ${clock(at_ms)}:\n\n![${name}](${file})\n`);
  const statuses = tally([...day.transactions.values()].map(({ status }) => status));
  return `# The worst day: ${title}

Two replicas behind nginx, PostgreSQL with a synchronous standby, both processors, all on one
machine; seed ${day.seed}. Alarms: the project's rules, every duration times ${day.minutes / 10}.

![the day](day.svg)

## What visitors felt

${felt(day)}

${visitors(day)}

## What was lost

${table(['', 'found'], day.promises.map(({ what, found }) => [what, found]))}

${day.transactions.size} transactions: ${statuses.map(([name, n]) => `${n} ${name}`).join(', ')};
everything had come to rest ${seconds(day.rested_ms)} after the last visitor.
${day.ledger}

## Which alarms fired

${alarms(day)}

## What the console's health page showed

${shown.join('\n')}`;
}

// Gives the path of the report.
export async function write_report(day, to) {
  const slice_ms = Math.ceil(day.total_ms / slices_of_a_day);
  const svg = picture({
    title: `The worst day: ${day.visitors} visitors in ${day.minutes} minutes`,
    slices: slices(day.crowd.calls, slice_ms),
    slice_ms,
    end_ms: Math.max(day.ended_ms, day.total_ms),
    events: day.events,
    alarms: day.alarms,
  });
  await writeFile(join(to, 'day.svg'), svg);
  const path = join(to, 'report.md');
  await writeFile(path, whole(day));
  return path;
}
