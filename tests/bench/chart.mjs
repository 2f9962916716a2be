// The ratios as a picture: a dot at the median, a line from the smallest to the largest round, and
// a mark where the goal is. Colours follow the reader's choice of light or dark.
import { judged } from './goals.mjs';
import { number, what_of } from './report.mjs';

const size = { width: 900, label: 470, right: 70, row: 26, top: 64, bottom: 44 };
const ticks = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];

const style = `
  .paper { fill: #ffffff }
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .title { font-size: 16px; font-weight: 600 }
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

// Logarithmic, because half and double are equally far from the same.
function scale_of(entries) {
  const all = entries.flatMap(({ goal, value }) => [
    ...[value.min, value.max, goal.at_least ?? goal.at_most, 1],
  ]);
  const low = Math.log(Math.min(...all) / 1.15);
  const high = Math.log(Math.max(...all) * 1.15);
  const room = size.width - size.label - size.right;
  const x = (ratio) => size.label + (room * (Math.log(ratio) - low)) / (high - low);
  return { x, ticks: ticks.filter((tick) => Math.log(tick) >= low && Math.log(tick) <= high) };
}

const line = (kind, x1, y1, x2, y2) =>
  `<line class="${kind}" x1="${x1.toFixed(1)}" y1="${y1}" x2="${x2.toFixed(1)}" y2="${y2}"/>`;

function grid({ x, ticks: shown }, bottom) {
  return shown.flatMap((tick) => [
    line(tick === 1 ? 'equal' : 'grid', x(tick), size.top - 8, x(tick), bottom),
    `<text class="faint" x="${x(tick).toFixed(1)}" y="${bottom + 18}" text-anchor="middle">` +
      `${tick}×</text>`,
  ]);
}

function entry_lines({ goal, row, value, reached }, { x }, y) {
  const label = `${what_of(row)} : ${row.peer}`;
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

export function as_chart({ date, rows }) {
  const entries = judged(rows).filter(({ goal }) => goal.figure === 'ratio');
  if (entries.length === 0) return '';
  const scale = scale_of(entries);
  const bottom = size.top + entries.length * size.row;
  const height = bottom + size.bottom;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${height}" role="img" ` +
      `aria-label="ozora-payments against its peers, as ratios">`,
    `<style>${style}\n</style>`,
    `<rect class="paper" width="${size.width}" height="${height}"/>`,
    '<text class="title" x="16" y="24">ozora-payments as a multiple of its peers</text>',
    `<text class="faint" x="16" y="42">${date.slice(0, 10)}; dot: median, line: all rounds, ` +
      'green mark: goal, hollow: goal missed; "of N transactions": cost, not rate</text>',
    ...grid(scale, bottom),
    ...entries.flatMap((entry, i) => entry_lines(entry, scale, size.top + (i + 0.5) * size.row)),
    '</svg>',
    '',
  ].join('\n');
}
