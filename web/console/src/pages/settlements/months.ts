// Months as the calendar has them, "2026-11", by the service's clock and in its time zone.
import { day_of, now } from '../../format';

const two = (n: number) => String(n).padStart(2, '0');

export const is_month = (text: string | null): text is string =>
  /^[1-9]\d{3}-(0[1-9]|1[0-2])$/.test(text ?? '');

export function month_after(month: string, later = 1): string {
  const [year, number] = month.split('-').map(Number);
  const at = year! * 12 + number! - 1 + later;
  return `${Math.floor(at / 12)}-${two((at % 12) + 1)}`;
}

export const first_day = (month: string, later = 0) => `${month_after(month, later)}-01`;

export const last_month = () => month_after(day_of(now()).slice(0, 7), -1);
