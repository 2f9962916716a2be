// What the page shows, in its address.
import { day_of, hour_of, now, start_of_day, start_of_hour } from '../../format';
import { link_to } from '../../route';
import {
  add_days, bucket_of, days_of, is_day, kinds, sale_hours, type Kind, type Period,
} from '../../sums/periods';
import type { SumsRequest } from '../../net/types';

export const splits = ['processor', 'fee_type', 'scope'] as const;
export type Split = (typeof splits)[number];

export interface View {
  period: Period;
  currency: string; // '': whichever has most
  split: Split;
}

// The first hour of the sale that is shown first: what has just been.
function recent(at: Date): Pick<Period, 'day' | 'hour'> {
  const hour = hour_of(at) + 1 - sale_hours;
  return hour >= 0 ? { day: day_of(at), hour }
    : { day: add_days(day_of(at), -1), hour: hour + 24 };
}

export function view_of(query: URLSearchParams): View {
  const kind = kinds.find((one) => one === query.get('period')) ?? 'week';
  const first = kind === 'sale' ? recent(now()) : { day: day_of(now()), hour: 0 };
  const day = query.get('day') ?? '', hour = Number(query.get('hour') ?? NaN);
  return {
    period: {
      kind,
      day: is_day(day) ? day : first.day,
      hour: Number.isInteger(hour) && hour >= 0 && hour < 24 ? hour : first.hour,
    },
    currency: /^[A-Z]{3}$/.test(query.get('currency') ?? '') ? query.get('currency')! : '',
    split: splits.find((one) => one === query.get('by')) ?? 'processor',
  };
}

// Today is left out, so that a kept address is about the day on which it is opened.
export function address_of({ period, currency, split }: View): string {
  const { kind, day, hour } = period;
  const query = new URLSearchParams({ period: kind });
  const is_now = kind === 'sale'
    ? day === recent(now()).day && hour === recent(now()).hour : day === day_of(now());
  if (!is_now) query.set('day', day);
  if (!is_now && kind === 'sale') query.set('hour', String(hour));
  if (currency) query.set('currency', currency);
  if (split !== 'processor') query.set('by', split);
  return `${link_to.money}?${query}`;
}

export const of_kind = (view: View, kind: Kind): View =>
  view_of(new URLSearchParams({ period: kind, currency: view.currency, by: view.split }));

// What the service is asked about a period.
export function time_of(period: Period): Pick<SumsRequest, 'from' | 'to' | 'bucket'> {
  const bucket = bucket_of[period.kind];
  if (bucket !== 'minute') return { ...days_of(period), bucket };
  const from = start_of_hour(period.day, period.hour) ?? start_of_day(period.day)!;
  const to = new Date(Date.parse(from) + sale_hours * 3_600_000).toISOString();
  return { from, to, bucket };
}
