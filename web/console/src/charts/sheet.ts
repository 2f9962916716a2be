// The numbers of a chart: what is drawn, what its table shows and what its CSV holds are the same.
import { format_money, format_number, format_percent } from '../format';
import { csv_of } from '../parts/csv';
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

export function csv({ head, columns, rows }: Sheet): string {
  const name = ({ name, unit }: Column) =>
    (typeof unit === 'object' ? `${name} (${unit.currency})` : name);
  return csv_of([
    [head, ...columns.map(name)],
    ...rows.map((row) => [row.name, ...columns.map((_, i) => row.values[i])]),
  ]);
}
