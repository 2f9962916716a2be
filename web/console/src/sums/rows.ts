// Arithmetic on the service's sums. Amounts are added as whole cents: an amount has two decimals at
// most, and no sum of cents loses one.
import type { Measure, SumRow } from '../net/types';

const cents = (amount: number) => Math.round(amount * 100);

export interface Total {
  n: number;
  amount: number;
}

export function total(rows: SumRow[], measure: Measure): Total {
  const mine = rows.filter((row) => row.measure === measure);
  return {
    n: mine.reduce((all, { n }) => all + n, 0),
    amount: mine.reduce((all, { amount }) => all + cents(amount), 0) / 100,
  };
}

// `a - b`, to the cent.
export const minus = (a: number, b: number) => (cents(a) - cents(b)) / 100;

export interface Money {
  taken: Total;
  given_back: Total; // without what came back
  disputed: Total; // without what was won
  net: number;
  average: number | undefined; // of what was taken
}

// Of one currency: what is left is the sum of the lines in the export of movements.
export function money_of(rows: SumRow[]): Money {
  const taken = total(rows, 'paid');
  const less = (measure: Measure, returned: Measure): Total => {
    const all = total(rows, measure), back = total(rows, returned);
    return { n: all.n - back.n, amount: minus(all.amount, back.amount) };
  };
  const given_back = less('refunded', 'refund_returned');
  const disputed = less('disputed', 'dispute_won');
  return {
    taken, given_back, disputed,
    net: minus(minus(taken.amount, given_back.amount), disputed.amount),
    average: taken.n > 0 ? cents(taken.amount / taken.n) / 100 : undefined,
  };
}

export interface Rate {
  begun: number;
  paid: number | undefined; // of 1; undefined when nothing was begun
  first_try: number | undefined;
}

// How many of the fees that were begun are paid.
export function rate_of(rows: SumRow[]): Rate {
  const begun = total(rows, 'fee_begun').n;
  const share = (measure: Measure) => (begun > 0 ? total(rows, measure).n / begun : undefined);
  return { begun, paid: share('fee_paid'), first_try: share('first_try') };
}

export const of_currency = (rows: SumRow[], currency: string) =>
  rows.filter((row) => row.currency === currency);

export const currencies_of = (rows: SumRow[]) =>
  [...new Set(rows.map(({ currency }) => currency))].sort();

// The rows of each bucket. `starts` ascend; what begins before the first belongs to it.
export function in_buckets(rows: SumRow[], starts: number[]): SumRow[][] {
  const buckets: SumRow[][] = starts.map(() => []);
  for (const row of rows) {
    const at = Date.parse(row.at);
    const i = starts.findLastIndex((start) => start <= at);
    buckets[Math.max(0, i)]?.push(row);
  }
  return buckets;
}

export interface Series {
  key: string;
  rows: SumRow[];
}

// Rows by what `key_of` says of them: the largest by what was taken first, and those that are left
// over together as `others`.
export function series_of(
  rows: SumRow[], key_of: (row: SumRow) => string, most: number, others = 'others',
): Series[] {
  const by_key = new Map<string, SumRow[]>();
  for (const row of rows) {
    const key = key_of(row);
    by_key.set(key, [...(by_key.get(key) ?? []), row]);
  }
  const all = [...by_key].map(([key, mine]) => ({ key, rows: mine }));
  const size = (series: Series) => total(series.rows, 'paid').amount;
  all.sort((a, b) => size(b) - size(a) || (a.key < b.key ? -1 : 1));
  if (all.length <= most) return all;
  const rest = all.slice(most - 1).flatMap((series) => series.rows);
  return [...all.slice(0, most - 1), { key: others, rows: rest }];
}
