// The ratios as a picture: a dot at the median, a line from the smallest to the largest round, and
// a mark where the goal is. Colours follow the reader's choice of light or dark.
import { judged } from './goals.mjs';
import { number } from './report.mjs';

const size = { width: 900, label: 340, right: 70, row: 24, group: 34, top: 64, bottom: 44 };
const ticks = [
  ...[1, 2, 4, 8, 16, 32, 64, 0.5, 0.25, 3, 6, 12, 24, 48, 1.5, 0.75],
  ...[100, 1000, 10_000, 100_000],
];
const tick_room = 36;

const style = `
  .paper { fill: #ffffff }
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .title { font-size: 16px; font-weight: 600 }
  .group { font-weight: 600 }
  .faint { fill: #656d76; font-size: 12px }
  .grid { stroke: #d8dee4 }
  .equal { stroke: #8c959f }
  .spread { stroke: #0550ae; stroke-width: 2 }
  .reached { fill: #0550ae }
  .missed { fill: #ffffff; stroke: #bc4c00; stroke-width: 2.5 }
  .missed-spread { stroke: #bc4c00; stroke-width: 2 }
  .goal { stroke: #1a7f37; stroke-width: 3 }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0d1117 }
    text { fill: #e6edf3 }
    .faint { fill: #8d96a0 }
    .grid { stroke: #30363d }
    .equal { stroke: #6e7681 }
    .spread { stroke: #58a6ff }
    .reached { fill: #58a6ff }
    .missed { fill: #0d1117; stroke: #f0883e }
    .missed-spread { stroke: #f0883e }
    .goal { stroke: #3fb950 }
  }`;

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('`', '');

// Of ticks that would be written over each other the first in our list stays.
function apart(wanted, x) {
  const shown = [];
  for (const tick of wanted)
    if (shown.every((other) => Math.abs(x(tick) - x(other)) > tick_room)) shown.push(tick);
  return shown;
}

// Logarithmic, because half and double are equally far from the same.
function scale_of(entries) {
  const all = entries.flatMap(({ goal, value }) => [
    ...[value.min, value.max, goal.at_least ?? 1, goal.at_most ?? 1, 1],
  ]);
  const low = Math.log(Math.min(...all) / 1.15);
  const high = Math.log(Math.max(...all) * 1.15);
  const room = size.width - size.label - size.right;
  const x = (ratio) => size.label + (room * (Math.log(ratio) - low)) / (high - low);
  const inside = ticks.filter((tick) => Math.log(tick) >= low && Math.log(tick) <= high);
  return { x, ticks: apart(inside, x) };
}

const line = (kind, x1, y1, x2, y2) =>
  `<line class="${kind}" x1="${x1.toFixed(1)}" y1="${y1}" x2="${x2.toFixed(1)}" y2="${y2}"/>`;

function grid({ x, ticks: shown }, bottom) {
  return shown.flatMap((tick) => [
    line(tick === 1 ? 'equal' : 'grid', x(tick), size.top, x(tick), bottom),
    `<text class="faint" x="${x(tick).toFixed(1)}" y="${bottom + 18}" text-anchor="middle">` +
      `${tick}×</text>`,
  ]);
}

function entry_lines({ goal, row, value, reached }, { x }, y) {
  const label = [row.case, row.peer].filter(Boolean).join(' : ');
  const whisker = reached ? 'spread' : 'missed-spread';
  const [from, to] = [x(value.min), x(value.max)];
  const bounds = [goal.at_least, goal.at_most].filter((bound) => bound !== undefined);
  return [
    `<text x="${size.label - 14}" y="${y + 4}" text-anchor="end">${escape(label)}</text>`,
    ...bounds.map((bound) => line('goal', x(bound), y - 9, x(bound), y + 9)),
    line(whisker, from, y, to, y),
    ...[from, to].map((end) => line(whisker, end, y - 4, end, y + 4)),
    `<circle class="${reached ? 'reached' : 'missed'}" cx="${x(value.median).toFixed(1)}" ` +
      `cy="${y}" r="5"/>`,
    `<text x="${size.width - 10}" y="${y + 4}" text-anchor="end">${number(value.median)}×</text>`,
  ];
}

// One for each row with a ratio; where several goals speak of it, with the first.
function entries_of(rows) {
  const held = judged(rows).filter(({ goal }) => goal.figure === 'ratio');
  const of_row = (row) => held.find((one) => one.row === row);
  return rows
    .filter(({ ratio }) => ratio)
    .map((row) => of_row(row) ?? { goal: {}, row, value: row.ratio, reached: true });
}

// The entries under their titles, each with its place.
function laid_out(entries, scale) {
  const lines = [];
  let y = size.top;
  let title;
  for (const entry of entries) {
    if (entry.row.title !== title) {
      title = entry.row.title;
      const unit = entry.row.ratio_is === 'cost' ? ': less is better' : '';
      y += size.group;
      lines.push(`<text class="group" x="16" y="${y - 8}">${escape(title)}${unit}</text>`);
    }
    lines.push(...entry_lines(entry, scale, y + size.row / 2));
    y += size.row;
  }
  return { lines, bottom: y + 8 };
}

export function as_chart({ date, rows }) {
  const entries = entries_of(rows);
  if (entries.length === 0) return '';
  const scale = scale_of(entries);
  const { lines, bottom } = laid_out(entries, scale);
  const height = bottom + size.bottom;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${height}" role="img" ` +
      'aria-label="ozora-payments against its peers, as ratios">',
    `<style>${style}\n</style>`,
    `<rect class="paper" width="${size.width}" height="${height}"/>`,
    '<text class="title" x="16" y="28">ozora-payments as a multiple of its peers</text>',
    `<text class="faint" x="16" y="48">${date.slice(0, 10)}. Dot: median; line: smallest to ` +
      'largest round; green mark: goal; hollow: goal missed.</text>',
    ...grid(scale, bottom),
    ...lines,
    '</svg>',
    '',
  ].join('\n');
}
