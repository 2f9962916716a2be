// Which time a page of money is about, as days of the deployment's time zone. Nothing here knows
// the zone or the page.

export const kinds = ['today', 'week', 'month', 'sale', 'year'] as const;
export type Kind = (typeof kinds)[number];

export interface Period {
  kind: Kind;
  day: string; // its last, "2026-11-29"
  hour: number; // of a sale: the first
}

export type Bucket = 'minute' | 'hour' | 'day' | 'month';

export const bucket_of: Record<Kind, Bucket> = {
  today: 'hour', week: 'day', month: 'day', sale: 'minute', year: 'month',
};

export const sale_hours = 3;

const day_ms = 86_400_000;
const text_of = (moment: number) => new Date(moment).toISOString().slice(0, 10);

export const is_day = (text: string) =>
  /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) &&
  text_of(Date.parse(text)) === text;

export const add_days = (day: string, days: number) => text_of(Date.parse(day) + days * day_ms);

export function add_months(month: string, months: number): string {
  const [year, number] = month.split('-').map(Number);
  return text_of(Date.UTC(year!, number! - 1 + months, 1));
}

// The first day, and the one after the last.
export function days_of({ kind, day }: Period): { from: string; to: string } {
  const year = day.slice(0, 4);
  switch (kind) {
    case 'year': return { from: `${year}-01-01`, to: `${Number(year) + 1}-01-01` };
    case 'week': return { from: add_days(day, -6), to: add_days(day, 1) };
    case 'month': return { from: add_days(day, -30), to: add_days(day, 1) };
    default: return { from: day, to: add_days(day, 1) };
  }
}

// The one before (-1) or after (1), beginning where this one ends.
export function step(period: Period, by: 1 | -1): Period {
  const { kind, day, hour } = period;
  switch (kind) {
    case 'today': return { ...period, day: add_days(day, by) };
    case 'week': return { ...period, day: add_days(day, 7 * by) };
    case 'month': return { ...period, day: add_days(day, 31 * by) };
    case 'year': return { ...period, day: `${Number(day.slice(0, 4)) + by}${day.slice(4)}` };
    case 'sale': {
      const hours = hour + sale_hours * by;
      return { ...period, day: add_days(day, Math.floor(hours / 24)), hour: (hours + 24) % 24 };
    }
  }
}

// Every day of `from` to `to`, or every first of a month.
export function days_between(from: string, to: string, bucket: 'day' | 'month'): string[] {
  const days = [];
  const next = (day: string) => (bucket === 'day' ? add_days(day, 1) : add_months(day, 1));
  for (let day = from; day < to; day = next(day)) days.push(day);
  return days;
}
