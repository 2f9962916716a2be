// The buckets of a period, each with its names in the deployment's time zone and the list of what
// was paid in it.
import {
  format_day, format_minute, format_month, format_time, format_weekday, in_utc, start_of_day,
  start_of_hour,
} from '../format';
import { link_to } from '../route';
import {
  add_days, add_months, bucket_of, days_between, days_of, sale_hours, type Bucket, type Period,
} from './periods';
import { t } from './words';

export interface Axis {
  bucket: Bucket;
  from: number; // ms since 1970
  to: number;
  starts: number[];
  names: { name: string; short: string }[];
  first: number; // the number of the first bucket, where they are counted: a minute of its day
}

// What is told of a bucket, when all that happened before `until` is known.
export function told(axis: Axis, i: number, until: number) {
  const start = axis.starts[i]!;
  const is_running = start <= until && until < (axis.starts[i + 1] ?? axis.to);
  const { name, short } = axis.names[i]!;
  const at = new Date(until);
  const time = axis.bucket === 'minute' ? format_time(at) : format_minute(at);
  return {
    name: is_running ? t('until', { name, time }) : name, short, is_running,
    is_to_come: start > until,
  };
}

// What a list of payments is narrowed to: a bucket's time, and more.
export type Narrow = Record<string, string | undefined>;

const minute_ms = 60_000, hour_ms = 3_600_000;
const moment = (text: string | undefined) => Date.parse(text ?? '');

function names_of(starts: number[], bucket: Bucket) {
  const names = starts.map((start) => {
    const at = new Date(start);
    switch (bucket) {
      case 'minute': return { name: format_minute(at), short: format_minute(at) };
      case 'hour': {
        const end = format_minute(new Date(start + hour_ms));
        return { name: `${format_minute(at)}–${end}`, short: format_minute(at) };
      }
      case 'day': return { name: format_weekday(at), short: format_day(at) };
      case 'month': return { name: format_month(at), short: format_month(at, false) };
    }
  });
  // The hour that comes twice in autumn.
  return names.map((one, i) => {
    const is_twin = names.some(({ name }, j) => j !== i && name === one.name);
    return is_twin ? { ...one, name: `${one.name} (${in_utc(new Date(starts[i]!))})` } : one;
  });
}

export function axis_between(from: number, to: number, bucket: 'minute' | 'hour'): Axis {
  const length = bucket === 'minute' ? minute_ms : hour_ms;
  const count = Math.max(0, Math.ceil((to - from) / length));
  const starts = Array.from({ length: count }, (_, i) => from + i * length);
  const first = Math.floor(from / length) % 60; // zones are ahead by whole quarters of an hour
  return {
    bucket, from, to, starts, first: bucket === 'minute' ? first : 0,
    names: names_of(starts, bucket),
  };
}

export function axis_of(period: Period): Axis {
  const bucket = bucket_of[period.kind];
  if (bucket === 'minute') {
    const from = moment(start_of_hour(period.day, period.hour));
    return axis_between(from, from + sale_hours * hour_ms, 'minute');
  }
  const days = days_of(period);
  const from = moment(start_of_day(days.from)), to = moment(start_of_day(days.to));
  if (bucket === 'hour') return axis_between(from, to, 'hour');
  const starts = days_between(days.from, days.to, bucket).map((day) => moment(start_of_day(day)));
  return { bucket, from, to, starts, first: 0, names: names_of(starts, bucket) };
}

const iso = (at: number) => new Date(at).toISOString().replace('.000', '');

// The list of what was paid, or begun, in a time, narrowed to `more`. Whole days stand in it as
// days, both of which count.
function list_between(from: string, to: string, more: Narrow, of: Of): string {
  const query = new URLSearchParams(of === 'paid' ? { of } : {});
  for (const [name, value] of Object.entries({ from, to, ...more })) {
    if (value) query.set(name, value);
  }
  return `${link_to.payments}?${query}`;
}

type Of = 'paid' | 'created';

export function list_of_period(period: Period, more: Narrow, of: Of = 'paid'): string {
  const { bucket, from, to } = axis_of(period);
  if (bucket === 'minute') return list_between(iso(from), iso(to), more, of);
  const days = days_of(period);
  return list_between(days.from, add_days(days.to, -1), more, of);
}

export function list_of_bucket(period: Period, axis: Axis, i: number, more: Narrow): string {
  const { from } = days_of(period);
  if (axis.bucket === 'day') {
    const day = add_days(from, i);
    return list_between(day, day, more, 'paid');
  }
  if (axis.bucket === 'month') {
    const month = add_months(from, i);
    return list_between(month, add_days(add_months(month, 1), -1), more, 'paid');
  }
  return list_between(iso(axis.starts[i]!), iso(axis.starts[i + 1] ?? axis.to), more, 'paid');
}
