// As much of Prometheus's query language, and of its text format, as tells what a query asks for.

// The metrics of a query, each with the matchers of its labels; a regular expression's alternatives
// are values each, and one that is more than alternatives has none.
export function metrics_in(query) {
  const selector = /\b(payments_\w+|process_\w+|up)\b(?:\{([^}]*)\})?/g;
  return [...query.replace(/"[^"]*"/g, (text) => text.replace(/[{}]/g, '')).matchAll(selector)]
    .map(([, metric, inside = '']) => ({
      metric,
      matchers: [...inside.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"/g)].map(
        ([, label, value]) => ({
          label, values: /^[\w|-]+$/.test(value) ? value.split('|') : [],
        }),
      ),
    }));
}

// The labels by which a query sums up.
export const labels_in = (query) => [
  ...new Set([...query.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list]) => list.split(/,\s*/))),
];

// What a scrape shows: for each metric its series, as objects of labels.
export function read_scrape(text) {
  const shown = new Map();
  for (const line of text.split('\n')) {
    const [, metric, inside = ''] = /^(\w+)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    if (!metric) continue;
    const labels = [...inside.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]);
    if (!shown.has(metric)) shown.set(metric, []);
    shown.get(metric).push(Object.fromEntries(labels));
  }
  return shown;
}

export const values_in = (shown, metric, label) =>
  new Set(shown.get(metric).map((labels) => labels[label]).filter((value) => value !== undefined));
