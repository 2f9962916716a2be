// Figures of what visitors felt, in slices of the day.

export const percentile = (values, part) => {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
};

// Of the calls that began in each `slice_ms`: {from_ms, sent, p50, p99, refused}.
export function slices(calls, slice_ms) {
  const by_slice = Map.groupBy(calls, ({ at_ms }) => Math.floor(at_ms / slice_ms));
  const last = Math.max(...by_slice.keys());
  return Array.from({ length: last + 1 }, (_, i) => ({
    from_ms: i * slice_ms, ...figures_of(by_slice.get(i) ?? []),
  }));
}

export function figures_of(calls) {
  const answered = calls.filter(({ what }) => what === 'answered').map(({ took_ms }) => took_ms);
  return {
    sent: calls.length,
    p50: percentile(answered, 0.5),
    p99: percentile(answered, 0.99),
    refused: calls.length - answered.length,
  };
}

export const between = (calls, from_ms, until_ms) =>
  calls.filter(({ at_ms }) => at_ms >= from_ms && at_ms < until_ms);

// How often each, the most frequent first.
export function tally(words) {
  const counts = new Map();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}
