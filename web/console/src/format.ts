// Amounts, moments and names as people read them. Moments are told in the deployment's time zone,
// wherever the browser is.
import { language } from '../../shared/language';
import { line } from './net/call';
import { session } from './session';

const locale = () => (language.get() === 'hu' ? 'hu-HU' : 'en-GB');
const made = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

function keep<T extends Intl.NumberFormat | Intl.DateTimeFormat>(key: string, make: () => T): T {
  const name = `${locale()} ${key}`;
  if (!made.has(name)) made.set(name, make());
  return made.get(name) as T;
}

// 104 000 in both languages: a comma means thousands to one reader and decimals to the other.
export function format_number(amount: number): string {
  const digits = Number.isInteger(amount) ? 0 : 2;
  const format = keep(`n${digits}`, () => new Intl.NumberFormat(locale(), {
    minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: true,
  }));
  return format
    .formatToParts(amount)
    .map(({ type, value }) => (type === 'group' ? '\u00a0' : value))
    .join('');
}

export const format_money = (amount: number, currency: string) =>
  `${format_number(amount)}\u00a0${currency}`;

// Amounts that stand below each other, in hundredths: with decimals where one of them has some.
export function format_column(all_minor: number[], currency: string): (minor: number) => string {
  const digits = all_minor.every((minor) => minor % 100 === 0) ? 0 : 2;
  const format = keep(`column${digits}`, () => new Intl.NumberFormat(locale(), {
    minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: true,
  }));
  return (minor) => `${format.formatToParts(minor / 100)
    .map(({ type, value }) => (type === 'group' ? '\u00a0' : value)).join('')}\u00a0${currency}`;
}

// "1 234,50" and "1234.5"; undefined for anything that is not plainly an amount.
export function read_amount(text: string): number | undefined {
  const plain = text.replace(/[\s\u00a0\u202f]/g, '').replace(',', '.');
  return /^\d{1,12}(\.\d{1,2})?$/.test(plain) && Number(plain) > 0 ? Number(plain) : undefined;
}

// "12 %" of 0.12.
export const format_percent = (share: number) =>
  keep('%', () => new Intl.NumberFormat(locale(), {
    style: 'percent', maximumFractionDigits: 0,
  })).format(share);

// "48K", in Hungarian "48 E": where there is little room.
export const format_short = (amount: number) =>
  keep('short', () => new Intl.NumberFormat(locale(), {
    notation: 'compact', maximumFractionDigits: 1,
  })).format(amount);

// "34 GB".
export function format_bytes(bytes: number): string {
  const gigabytes = bytes / 1e9;
  const [count, unit] = gigabytes < 1 ? [bytes / 1e6, 'megabyte'] : [gigabytes, 'gigabyte'];
  return keep(unit, () => new Intl.NumberFormat(locale(), {
    style: 'unit', unit, maximumFractionDigits: 0,
  })).format(count);
}

export const time_zone = () => session.get()?.time_zone ?? 'UTC';

function in_zone(options: Intl.DateTimeFormatOptions, key: string) {
  const zone = time_zone();
  return keep(`${key} ${zone}`, () =>
    new Intl.DateTimeFormat(locale(), { ...options, timeZone: zone }));
}

// "Budapest", as people call it.
export const zone_name = () => time_zone().replace(/^.*\//, '').replaceAll('_', ' ');

export const year_of = (at: Date) => in_zone({ year: 'numeric' }, 'y').format(at);

// "29 Nov", with the year when it is not this one.
export function format_day(at: Date): string {
  return year_of(at) === year_of(new Date())
    ? in_zone({ day: 'numeric', month: 'short' }, 'd').format(at)
    : in_zone({ day: 'numeric', month: 'short', year: 'numeric' }, 'dy').format(at);
}

export function format_time(at: Date, with_ms = false): string {
  const clock = in_zone({
    hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
    ...(with_ms && { fractionalSecondDigits: 3 as const }),
  }, with_ms ? 'ms' : 's');
  return clock.format(at).replace(',', '.');
}

// "14:10", where seconds say nothing.
export const format_minute = (at: Date) =>
  in_zone({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, 'm').format(at);

// "29 Nov 14:10".
export const format_moment = (at: string) =>
  `${format_day(new Date(at))} ${format_minute(new Date(at))}`;

// "Sun 29 Nov", with the year when it is not this one.
export const format_weekday = (at: Date) =>
  `${in_zone({ weekday: 'short' }, 'wd').format(at)} ${format_day(at)}`;

export const format_month = (at: Date, long = true) =>
  in_zone(long ? { month: 'long', year: 'numeric' } : { month: 'short' }, `m${long}`).format(at);

// "2 h", "3 days": how long ago, by the service's clock when it is known.
export function format_age(at: string): string {
  const minutes = Math.max(0, (now().getTime() - Date.parse(at)) / 60_000);
  const [count, unit] = minutes < 60 ? [minutes, 'minute'] : minutes < 48 * 60
    ? [minutes / 60, 'hour'] : [minutes / 60 / 24, 'day'];
  return keep(unit as string, () =>
    new Intl.NumberFormat(locale(), {
      style: 'unit', unit: unit as string, unitDisplay: 'short', maximumFractionDigits: 0,
    })).format(Math.floor(count as number));
}

// "12 sec. ago", by the service's clock when it is known.
export function format_ago(at: string): string {
  const seconds = Math.max(0, (now().getTime() - Date.parse(at)) / 1000);
  const [unit, in_s] = seconds < 60 ? ['second', 1] as const
    : seconds < 3600 ? ['minute', 60] as const
    : seconds < 48 * 3600 ? ['hour', 3600] as const : ['day', 86_400] as const;
  const format = new Intl.RelativeTimeFormat(locale(), { style: 'short' });
  return format.format(-Math.floor(seconds / in_s), unit);
}

// How far the zone's clock is ahead of UTC at a moment, in ms.
function ahead_ms(at: Date): number {
  const format = in_zone({
    year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric',
    second: 'numeric', hourCycle: 'h23',
  }, 'parts');
  const part = Object.fromEntries(
    format.formatToParts(at).map(({ type, value }) => [type, Number(value)]),
  );
  const { year, month, day, hour, minute, second } = part as Record<string, number>;
  const shown = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!);
  return shown - Math.floor(at.getTime() / 1000) * 1000;
}

// When a day, "2026-11-29", begins in the deployment's time zone; undefined when it is no day.
export const start_of_day = (day: string) => start_of_hour(day, 0);

// When the clocks there show an hour; of one that they show twice, the second time.
export function start_of_hour(day: string, hour: number): string | undefined {
  const shown = Date.parse(`${day}T${String(hour).padStart(2, '0')}:00:00Z`);
  if (Number.isNaN(shown)) return undefined;
  // Twice, for the clock may be changed between the two.
  const near = shown - ahead_ms(new Date(shown));
  return new Date(shown - ahead_ms(new Date(near))).toISOString();
}

// By the service's clock, when it is known.
export const now = () => line.get().as_of ?? new Date();

// The day and the hour that it is in the deployment's time zone.
export function day_of(at: Date): string {
  return new Date(at.getTime() + ahead_ms(at)).toISOString().slice(0, 10);
}
export const hour_of = (at: Date) => new Date(at.getTime() + ahead_ms(at)).getUTCHours();

export function day_after(day: string): string {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(midnight) ? day : new Date(midnight + 86_400_000).toISOString().slice(0, 10);
}

export const in_utc = (at: Date) => `${at.toISOString().replace('T', ' ').replace('Z', '')} UTC`;

// NORMAL-TOTAL-FEE: Normal total fee
export function fee_name(fee_type: string): string {
  const words = fee_type.toLowerCase().replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const processors: Record<string, string> = {
  'SIMPLE': 'SimplePay', 'STRIPE-INTENTS': 'Stripe',
};
export const processor_name = (processor: string) => processors[processor] ?? processor;
