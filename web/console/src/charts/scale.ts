// Where things stand in a chart: numbers in, numbers out. Nothing here knows the page, so that all
// of it can be tested without one.

export type Value = number | undefined; // undefined: nothing is known, which is not zero

export interface Domain {
  low: number;
  high: number;
}

// What an axis must reach: always zero, and something above it.
export function domain_of(values: Value[]): Domain {
  const known = values.filter((value) => value !== undefined);
  const low = Math.min(0, ...known), high = Math.max(0, ...known);
  return low === 0 && high === 0 ? { low, high: 1 } : { low, high };
}

// A share is of 1: an axis of shares ends there, and begins at most at 80 %.
export function domain_of_shares(values: Value[]): Domain {
  const least = Math.min(0.8, ...values.filter((value) => value !== undefined));
  return { low: Math.floor(least * 10) / 10, high: 1 };
}

// Round numbers, 1, 2 or 5 of some power of ten apart, the first at or below and the last at or
// above the domain; about as many as asked for, and zero among them where the domain reaches it.
// `whole`: counts have no halves.
export function ticks({ low, high }: Domain, about: number, whole = false): number[] {
  const rough = (high - low) / Math.max(1, about);
  const power = 10 ** Math.floor(Math.log10(rough));
  const apart = ([1, 2, 5].find((one) => one * power >= rough * 0.999) ?? 10) * power;
  const step = whole ? Math.max(1, apart) : apart;
  const first = Math.floor(low / step), last = Math.ceil(high / step);
  // Counted in steps and rounded, so that no tick is 0.30000000000000004.
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  return Array.from(
    { length: last - first + 1 }, (_, i) => Number(((first + i) * step).toFixed(digits)) + 0,
  );
}

export const scale = ({ low, high }: Domain, from: number, to: number) => (value: number) =>
  from + ((value - low) / (high - low)) * (to - from);

export interface Band {
  start: number;
  width: number;
  middle: number;
}

// Equal places side by side, from `from` to `to`; what stands in one fills a part of it, and is
// `widest` at most.
export function bands(
  count: number, from: number, to: number, filled = 0.72, widest = Infinity,
): Band[] {
  const all = (to - from) / Math.max(1, count);
  const width = Math.max(1, Math.min(widest, all * filled));
  return Array.from({ length: count }, (_, i) => {
    const middle = from + all * (i + 0.5);
    return { start: middle - width / 2, width, middle };
  });
}

export interface Span {
  from: number;
  to: number;
}

// One on the other, away from zero.
export function stack(values: Value[]): Span[] {
  let top = 0;
  return values.map((value = 0) => ({ from: top, to: (top += value) }));
}

const steps = [1, 2, 3, 5, 6, 10, 12, 15, 20, 30, 60, 120, 180, 360];

// Which of `count` places in a row get their names, when at most `most` have room: those whose
// number, counted from `first`, is round. 12:00, 12:10, 12:20 rather than 12:03, 12:13, 12:23.
export function named(count: number, most: number, first = 0): number[] {
  const step = steps.find((one) => count / one <= Math.max(1, most)) ?? count;
  return Array.from({ length: count }, (_, i) => i).filter((i) => (first + i) % step === 0);
}

export interface Point {
  x: number;
  y: number | undefined;
}

// The path through the points, broken where one is missing. A point alone is drawn as a short dash.
export function path(points: Point[]): string {
  const round = (n: number) => Math.round(n * 10) / 10;
  let broken = true;
  return points.map(({ x, y }, i) => {
    if (y === undefined) {
      broken = true;
      return '';
    }
    const drawn = `${broken ? 'M' : 'L'}${round(x)} ${round(y)}`;
    const is_alone = broken && points[i + 1]?.y === undefined;
    broken = false;
    return is_alone ? `${drawn}h2` : drawn;
  }).join('');
}

// Moves labels apart that would lie on each other, as little as it can, within `low` and `high`.
export function spread(wanted: number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]!);
  const placed = [...wanted];
  let free = low;
  for (const i of order) free = (placed[i] = Math.max(placed[i]!, free)) + gap;
  let room = high;
  for (const i of order.reverse()) room = (placed[i] = Math.min(placed[i]!, room)) - gap;
  return placed;
}
