// The day as a picture: how long starts took, how many were refused, what was going on, and which
// alarms fired. Colours follow the reader's choice of light or dark.
const size = { width: 960, left: 190, right: 24, top: 56 };
const room = { times: 170, refused: 90, gap: 34, row: 20 };
const least_ms = 5;
const most_ms = 20_000;
const ticks_ms = [10, 100, 1000, 10_000];

const style = `
  .paper { fill: #ffffff }
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .title { font-size: 16px; font-weight: 600 }
  .faint { fill: #656d76; font-size: 12px }
  .grid { stroke: #d8dee4 }
  .event { fill: #bc4c00; fill-opacity: 0.13 }
  .p50 { fill: none; stroke: #0550ae; stroke-width: 2 }
  .p99 { fill: none; stroke: #8250df; stroke-width: 1.5 }
  .answered { fill: #0550ae; fill-opacity: 0.35 }
  .refused { fill: #cf222e }
  .critical { fill: #cf222e }
  .warning { fill: #bf8700 }
  .info { fill: #656d76 }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0d1117 }
    text { fill: #e6edf3 }
    .faint { fill: #8d96a0 }
    .grid { stroke: #30363d }
    .event { fill: #f0883e; fill-opacity: 0.2 }
    .p50 { stroke: #58a6ff }
    .p99 { stroke: #bc8cff }
    .answered { fill: #58a6ff }
    .refused, .critical { fill: #f85149 }
    .warning { fill: #d29922 }
    .info { fill: #8d96a0 }
  }`;

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const text = (x, y, words, { kind = '', anchor = 'start' } = {}) =>
  `<text class="${kind}" x="${x.toFixed(1)}" y="${y}" text-anchor="${anchor}">` +
  `${escape(words)}</text>`;
const box = (kind, x, y, width, height) =>
  `<rect class="${kind}" x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${width.toFixed(1)}"` +
  ` height="${height.toFixed(1)}"/>`;
const rule = (x1, y1, x2, y2) => `<line class="grid" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`;

// A line for each stretch of slices that has a value.
function curve(kind, slices, value, x, y) {
  const stretches = [[]];
  for (const slice of slices) {
    if (slice[value] === undefined) stretches.push([]);
    else stretches.at(-1).push(`${x(slice.from_ms).toFixed(1)},${y(slice[value]).toFixed(1)}`);
  }
  return stretches
    .filter((points) => points.length > 1)
    .map((points) => `<polyline class="${kind}" points="${points.join(' ')}"/>`);
}

const label_of = (name) => name.replaceAll('_', ' ');
const clock = (ms) => {
  const s = Math.round(ms / 1000);
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
};

export function picture({ title, slices, slice_ms, end_ms, events, alarms }) {
  const width = size.width - size.left - size.right;
  const x = (ms) => size.left + (width * Math.min(ms, end_ms)) / end_ms;
  const parts = [];
  // How long.
  const times_bottom = size.top + room.times;
  const scale = Math.log(most_ms / least_ms);
  const y = (ms) =>
    times_bottom - (room.times * Math.log(Math.max(ms, least_ms) / least_ms)) / scale;
  for (const ms of ticks_ms) {
    parts.push(rule(size.left, y(ms), size.width - size.right, y(ms)));
    const words = ms < 1000 ? `${ms} ms` : `${ms / 1000} s`;
    parts.push(text(size.left - 8, y(ms) + 4, words, { kind: 'faint', anchor: 'end' }));
  }
  parts.push(...curve('p99', slices, 'p99', x, y), ...curve('p50', slices, 'p50', x, y));
  parts.push(text(8, size.top + 14, 'a start took'));
  parts.push(text(8, size.top + 32, 'median, 99 %', { kind: 'faint' }));
  // How many.
  const refused_top = times_bottom + room.gap;
  const refused_bottom = refused_top + room.refused;
  const most = Math.max(1, ...slices.map(({ sent }) => sent));
  for (const { from_ms, sent, refused } of slices) {
    const bar = x(from_ms + slice_ms) - x(from_ms) - 0.5;
    const all = (room.refused * sent) / most;
    const bad = (room.refused * refused) / most;
    parts.push(box('answered', x(from_ms), refused_bottom - all, bar, all - bad));
    parts.push(box('refused', x(from_ms), refused_bottom - bad, bar, bad));
  }
  const a_second = Math.round((most * 1000) / slice_ms);
  parts.push(text(8, refused_top + 14, 'starts a second'));
  parts.push(text(8, refused_top + 32, `up to ${a_second}; red: refused`, { kind: 'faint' }));
  parts.push(rule(size.left, refused_bottom, size.width - size.right, refused_bottom));
  for (let part = 0; part <= 10; ++part) {
    const ms = (part * end_ms) / 10;
    parts.push(text(x(ms), refused_bottom + 16, clock(ms), { kind: 'faint', anchor: 'middle' }));
  }
  // What went on, over all of it; then the alarms, a row each.
  let row = refused_bottom + room.gap + 8;
  const names = [...new Set(alarms.map(({ name }) => name))];
  const bottom = row + room.row * names.length + 12;
  const behind = events.map(({ from_ms, until_ms }) =>
    box('event', x(from_ms), size.top, Math.max(2, x(until_ms) - x(from_ms)), bottom - size.top));
  for (const [i, { name, from_ms }] of events.entries()) {
    const above = size.top - 4 - (i % 2) * 14;
    parts.push(text(x(from_ms) + 2, above, label_of(name), { kind: 'faint' }));
  }
  for (const name of names) {
    for (const alarm of alarms.filter((one) => one.name === name)) {
      const length = Math.max(3, x(alarm.until_ms) - x(alarm.from_ms));
      parts.push(box(alarm.severity, x(alarm.from_ms), row - 9, length, 10));
    }
    parts.push(text(8, row, name));
    row += room.row;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${bottom}" role="img">
<title>${escape(title)}</title><style>${style}</style>
${box('paper', 0, 0, size.width, bottom)}
${text(8, 22, title, { kind: 'title' })}
${[...behind, ...parts].join('\n')}
</svg>
`;
}
