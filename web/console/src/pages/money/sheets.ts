// What the service summed up, as the numbers of the page's charts.
import { fee_name, processor_name } from '../../format';
import type { SumRow } from '../../net/types';
import type { Column, Row, Sheet, Unit } from '../../charts/sheet';
import type { Value } from '../../charts/scale';
import { list_of_bucket, list_of_period, told, type Axis, type Narrow } from '../../sums/axis';
import type { Period } from '../../sums/periods';
import {
  in_buckets, money_of, rate_of, series_of, total, type Series,
} from '../../sums/rows';
import type { Split } from './query';
import { t } from './words';

export interface Subject {
  period: Period;
  axis: Axis;
  currency: string;
  until: number; // ms since 1970
}

const most_series = 5;
const others = 'others';

// What a series is called, and what narrows a list of payments to it.
interface Named extends Series {
  name: string;
  narrow: Narrow | undefined; // no list can be narrowed to it
}

function scope_name({ scope }: SumRow): string {
  return scope ? `${scope.flag} ${scope.year} ${scope.event}` : t('no_scope');
}

function named(series: Series, split: Split): Named {
  const { key } = series;
  if (key === others) return { ...series, name: t('others'), narrow: undefined };
  switch (split) {
    case 'processor': return { ...series, name: processor_name(key), narrow: { by: key } };
    case 'fee_type': return { ...series, name: fee_name(key), narrow: { fee: key } };
    case 'scope': return { ...series, name: key, narrow: undefined };
  }
}

export function split_up(rows: SumRow[], split: Split): Named[] {
  const key_of = (row: SumRow) =>
    split === 'scope' ? scope_name(row) : row[split] ?? '';
  return series_of(rows, key_of, most_series, others).map((series) => named(series, split));
}

// One row for each bucket. What is to come has no values.
function rows_of(
  { period, axis, currency, until }: Subject, values_of: (bucket: number) => Value[],
): Row[] {
  return axis.starts.map((_, i) => {
    const { is_to_come, ...row } = told(axis, i, until);
    const values = values_of(i);
    return is_to_come ? { ...row, values: values.map(() => undefined) }
      : { ...row, href: list_of_bucket(period, axis, i, { currency }), values };
  });
}

const head_of: Record<Axis['bucket'], () => string> = {
  minute: () => t('minute'), hour: () => t('hour'),
  day: () => t('day_column'),
  month: () => t('month_column'),
};

export interface MoneySheet extends Sheet {
  up: number[];
  down: number[];
  series: { name: string; href: string | undefined }[];
}

// What was taken and given back, by series; what else moved; and what is left.
export function money_sheet(subject: Subject, rows: SumRow[], split: Split): MoneySheet {
  const { axis, period, currency } = subject;
  const unit: Unit = { currency };
  const series = split_up(rows, split).filter((one) =>
    total(one.rows, 'paid').n + total(one.rows, 'refunded').n > 0);
  const by_series = series.map((one) => in_buckets(one.rows, axis.starts));
  const back = series.map((_, i) => i)
    .filter((i) => total(series[i]!.rows, 'refunded').n > 0);
  const rest = (['refund_returned', 'disputed', 'dispute_won'] as const)
    .filter((measure) => total(rows, measure).n > 0);
  const all = in_buckets(rows, axis.starts);
  const columns: Column[] = [
    ...series.map(({ name }) => ({ name, unit })),
    ...back.map((i) => ({ name: t('back_by', { name: series[i]!.name }), unit })),
    ...rest.map((measure) => ({ name: t(measure), unit })),
    { name: t('left'), unit },
  ];
  const sheet_rows = rows_of(subject, (bucket) => [
    ...by_series.map((buckets) => total(buckets[bucket]!, 'paid').amount),
    ...back.map((i) => total(by_series[i]![bucket]!, 'refunded').amount),
    ...rest.map((measure) => total(all[bucket]!, measure).amount),
    money_of(all[bucket]!).net,
  ]);
  // The same place is the same series, whether or not anything of it was given back.
  const down = series.map((_, i) => (back.includes(i) ? series.length + back.indexOf(i) : -1));
  return {
    head: head_of[axis.bucket](), columns, rows: sheet_rows, first: axis.first,
    up: series.map((_, i) => i),
    down,
    series: series.map(({ name, narrow }) => ({
      name, href: narrow && list_of_period(period, { currency, ...narrow }),
    })),
  };
}

// How many fees that were begun in a bucket are paid, and of these by series.
export function rate_sheet(subject: Subject, rows: SumRow[], split: Split): Sheet {
  const { axis } = subject;
  const all = in_buckets(rows, axis.starts);
  const series = split_up(rows, split);
  const shown = series.length > 1
    ? series.filter((one) => total(one.rows, 'fee_begun').n > 0).slice(0, 3) : [];
  const by_series = shown.map((one) => in_buckets(one.rows, axis.starts));
  const columns: Column[] = [
    { name: t('all'), unit: 'share' },
    { name: t('first_try'), unit: 'share' },
    ...shown.map(({ name }) => ({ name, unit: 'share' as const })),
  ];
  return {
    head: head_of[axis.bucket](), columns, first: axis.first,
    rows: rows_of(subject, (bucket) => [
      rate_of(all[bucket]!).paid,
      rate_of(all[bucket]!).first_try,
      ...by_series.map((buckets) => rate_of(buckets[bucket]!).paid),
    ]),
  };
}

// How many payments were begun and paid in each bucket: what a sale is watched by.
export function sale_sheet(subject: Subject, rows: SumRow[]): Sheet {
  const buckets = in_buckets(rows, subject.axis.starts);
  return {
    head: head_of[subject.axis.bucket](),
    columns: [{ name: t('begun'), unit: 'count' }, { name: t('paid'), unit: 'count' }],
    first: subject.axis.first,
    rows: rows_of(subject, (bucket) => [
      total(buckets[bucket]!, 'started').n, total(buckets[bucket]!, 'paid').n,
    ]),
  };
}

const most_reasons = 10;
const status_of: Record<string, string> = {
  expired: 'expired', cancelled: 'cancelled', closed: 'cancelled',
};
const known_reasons = ['declined', 'expired', 'cancelled', 'closed', 'number_spent'] as const;

export function reason_name(reason: string): string {
  const known = known_reasons.find((one) => one === reason);
  return known ? t(known) : reason.replaceAll('_', ' ');
}

// Why attempts ended without money, the most frequent first.
export function reason_sheet({ period, currency }: Subject, rows: SumRow[]): Sheet {
  const by_reason = new Map<string, number>();
  for (const { reason = '', n } of rows) by_reason.set(reason, (by_reason.get(reason) ?? 0) + n);
  const all = [...by_reason].sort(([, a], [, b]) => b - a);
  const shown = all.length > most_reasons ? all.slice(0, most_reasons - 1) : all;
  const rest = all.slice(shown.length).reduce((sum, [, n]) => sum + n, 0);
  const lines: Row[] = shown.map(([reason, n]) => ({
    name: reason_name(reason),
    short: reason_name(reason),
    href: list_of_period(
      period, { currency, status: status_of[reason] ?? 'failed' }, 'created',
    ),
    values: [n],
  }));
  if (rest > 0) lines.push({ name: t('others'), short: t('others'), values: [rest] });
  return {
    head: t('reason'), columns: [{ name: t('attempts'), unit: 'count' }], rows: lines, first: 0,
  };
}

const most_fees = 8;

// What was paid for each kind of fee.
export function fee_sheet(
  subject: Subject, rows: SumRow[],
): { sheet: Sheet; hrefs: (string | undefined)[] } {
  const { axis, period, currency } = subject;
  const series = series_of(rows, (row) => row.fee_type ?? '', most_fees, others)
    .map((one) => named(one, 'fee_type'));
  const buckets = series.map((one) => in_buckets(one.rows, axis.starts));
  return {
    sheet: {
      head: head_of[axis.bucket](), first: axis.first,
      columns: series.map(({ name }) => ({ name, unit: { currency } })),
      rows: rows_of(subject, (bucket) =>
        buckets.map((of_fee) => total(of_fee[bucket]!, 'paid').amount)),
    },
    hrefs: series.map(({ narrow }) => narrow && list_of_period(period, { currency, ...narrow })),
  };
}
