// The numbers of a chart: what is drawn, what its table shows and what its CSV holds are the same.
import { language } from '../../../shared/language';
import { format_money, format_number, format_percent } from '../format';
import type { Value } from './scale';

export type Unit = 'count' | 'share' | { currency: string }; // a share is of 1

export interface Column {
  name: string;
  unit: Unit;
}

export interface Row {
  name: string; // in full: "29 Nov 2026"
  short: string; // on the axis: "29 Nov"
  href?: string | undefined; // the list behind it
  is_running?: boolean; // not over yet
  values: Value[]; // one for each column
}

export interface Sheet {
  head: string; // what the rows are
  columns: Column[];
  rows: Row[];
  first: number; // the number of the first row where rows are counted: a minute of its hour
}

export function format_value(value: Value, unit: Unit): string {
  if (value === undefined) return '–';
  if (unit === 'count') return format_number(value);
  return unit === 'share' ? format_percent(value) : format_money(value, unit.currency);
}

// What a row says: "29 Nov 2026: SimplePay 4 800 EUR, Stripe 600 EUR". Nothing is said of nothing,
// unless there is nothing else.
export function reading({ columns }: Sheet, row: Row): string {
  const said = columns
    .map(({ name, unit }, i) => ({ name, unit, value: row.values[i] }))
    .filter(({ value }) => value !== undefined);
  const some = said.filter(({ value }) => value !== 0);
  const parts = (some.length > 0 ? some : said.slice(0, 1))
    .map(({ name, unit, value }) => `${name} ${format_value(value, unit)}`);
  return `${row.name}: ${parts.join(', ') || '–'}`;
}

// As RFC 4180 has it, in Hungarian as Hungarian Excel reads it; the mark at the front tells both
// that it is UTF-8.
export function csv({ head, columns, rows }: Sheet): string {
  const is_hungarian = language.get() === 'hu';
  const separator = is_hungarian ? ';' : ',';
  const text = (cell: string) => {
    const safe = /^[=+\-@\t]/.test(cell) ? `'${cell}` : cell;
    return /[";,\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const number = (value: Value) =>
    value === undefined ? '' : is_hungarian ? String(value).replace('.', ',') : String(value);
  const name = ({ name, unit }: Column) =>
    text(typeof unit === 'object' ? `${name} (${unit.currency})` : name);
  return `\ufeff${[
    [text(head), ...columns.map(name)],
    ...rows.map((row) => [text(row.name), ...columns.map((_, i) => number(row.values[i]))]),
  ].map((cells) => `${cells.join(separator)}\r\n`).join('')}`;
}
