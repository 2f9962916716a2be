// The sentence above each chart: what somebody would say who has looked at it.
import { format_money, format_number, format_percent } from '../../format';
import type { Row, Sheet } from '../../charts/sheet';
import { minus } from '../../sums/rows';
import { t } from './words';

// A name may end with a full stop, as days do in Hungarian.
const say = (...words: Parameters<typeof t>) => t(...words).replaceAll('..', '.');

const sum = (row: Row, of: number[]) =>
  of.reduce((all, i) => minus(all, -(row.values[i] ?? 0)), 0);

// How the last whole bucket compares with the one before (of days and longer, for an hour is busier
// than another anyway), and which was the largest.
export function of_money(
  sheet: Sheet, up: number[], currency: string, is_compared: boolean,
): string {
  const known = sheet.rows.filter(({ values }) => values.some((value) => value !== undefined));
  const taken = known.map((row) => ({ name: row.name, amount: sum(row, up), row }));
  const best = taken.reduce((a, b) => (b.amount > a.amount ? b : a), taken[0]!);
  if (!best || best.amount === 0) return say('found_nothing');
  const most = say('found_most', {
    name: best.name, amount: format_money(best.amount, currency),
  });
  const whole = taken.filter(({ row }) => !row.is_running);
  const [before, last] = whole.slice(-2);
  if (!is_compared || !before || !last || before.amount === 0) return most;
  const change = last.amount / before.amount - 1;
  const compared = say(change >= 0 ? 'found_more' : 'found_less', {
    name: last.name, amount: format_money(last.amount, currency),
    share: format_percent(Math.abs(change)), before: before.name,
  });
  return best === last ? compared : `${compared} ${most}`;
}

export function of_rate(begun: number, paid: number | undefined, first: number | undefined) {
  if (paid === undefined) return say('found_none_begun');
  return say('found_rate', {
    begun: format_number(begun), paid: format_percent(paid), first: format_percent(first ?? 0),
  });
}

export function of_sale(sheet: Sheet): string {
  const all = (i: number) => sheet.rows.reduce((n, { values }) => n + (values[i] ?? 0), 0);
  if (all(0) === 0 && all(1) === 0) return say('found_no_sale');
  const best = sheet.rows.reduce((a, b) => ((b.values[1] ?? 0) > (a.values[1] ?? 0) ? b : a));
  const found = say('found_sale', { begun: format_number(all(0)), paid: format_number(all(1)) });
  if (all(1) === 0) return found;
  const most = say('found_most', { name: best.name, amount: format_number(best.values[1] ?? 0) });
  return `${found} ${most}`;
}

export function of_reasons(sheet: Sheet): string {
  const n = sheet.rows.reduce((all, { values }) => all + (values[0] ?? 0), 0);
  const first = sheet.rows[0];
  if (!first || n === 0) return say('found_no_failure');
  return say('found_reason', {
    n: format_number(n), name: first.name, share: format_percent((first.values[0] ?? 0) / n),
  });
}

export function of_fees(sheet: Sheet): string {
  const sums = sheet.columns.map(({ name }, i) => ({
    name, amount: sheet.rows.reduce((all, { values }) => minus(all, -(values[i] ?? 0)), 0),
  }));
  const all = sums.reduce((total, { amount }) => total + amount, 0);
  const best = sums.reduce((a, b) => (b.amount > a.amount ? b : a), sums[0]!);
  if (!best || all === 0) return say('found_nothing');
  return say('found_fee', { name: best.name, share: format_percent(best.amount / all) });
}
