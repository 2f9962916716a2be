// The filters of the list: in the page's address, so that a list can be sent to a colleague.
import { day_after, start_of_day } from '../../format';
import type { Filter, Processor, Status } from '../../net/types';
import { go, link_to } from '../../route';

export const statuses: Status[] = [
  'created', 'pending', 'unknown', 'authorized', 'paid', 'failed', 'cancelled', 'expired',
  'partially_refunded', 'refunded', 'disputed', 'review',
];
export const processors: Processor[] = ['SIMPLE', 'STRIPE-INTENTS'];
export const currencies = ['EUR', 'HUF', 'USD'];
export const page_size = 50;

export type Name =
  | 'q' | 'status' | 'by' | 'currency' | 'fee' | 'least' | 'most' | 'of' | 'from' | 'to';
export const names: Name[] = [
  'q', 'status', 'by', 'currency', 'fee', 'least', 'most', 'of', 'from', 'to',
];

export const chosen_statuses = (query: URLSearchParams) =>
  (query.get('status') ?? '').split(',').filter((one) => statuses.includes(one as Status));

// What a filter holds that cannot be asked for: the service is not asked while there is any.
export function mistaken(query: URLSearchParams): Name[] {
  const { amount_from, amount_to, fee_type, from, to } = read(query);
  const wrong: Name[] = [];
  if (Number.isNaN(amount_from)) wrong.push('least');
  if (Number.isNaN(amount_to)) wrong.push('most');
  if (fee_type && !/^[A-Z][A-Z0-9-]*$/.test(fee_type)) wrong.push('fee');
  if (from === '') wrong.push('from');
  if (to === '') wrong.push('to');
  return wrong;
}

// NaN for what is no amount.
function number_in(text: string | null): number | undefined {
  if (!text) return undefined;
  const plain = text.replace(/[\s\u00a0\u202f]/g, '').replace(',', '.');
  return /^\d{1,12}(\.\d{1,2})?$/.test(plain) ? Number(plain) : NaN;
}

// As people write a fee, and as the list shows it: "Normal total fee".
const fee_in = (text: string | null) =>
  text ? text.trim().toUpperCase().replace(/\s+/g, '-') : undefined;

// A moment, where a chart leads to the list behind an hour or a minute of it.
export const is_moment = (text: string | null) =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text ?? '') && !Number.isNaN(Date.parse(text!));

// '' for what is neither a day nor a moment.
const time_in = (text: string | null, of: (day: string) => string | undefined) =>
  text ? (is_moment(text) ? text : of(text) ?? '') : undefined;

function read(query: URLSearchParams) {
  return {
    amount_from: number_in(query.get('least')),
    amount_to: number_in(query.get('most')),
    fee_type: fee_in(query.get('fee')),
    from: time_in(query.get('from'), start_of_day),
    to: time_in(query.get('to'), (day) => start_of_day(day_after(day))),
  };
}

// What the service is asked. Both days count for whoever chooses them; of moments, the first.
export function filter_of(query: URLSearchParams, private_text: string): Filter {
  const status = chosen_statuses(query) as Status[];
  const of = query.get('of') === 'paid' ? 'paid' : 'created';
  const by = query.get('by') as Processor;
  const { amount_from, amount_to, fee_type, from, to } = read(query);
  const all: Omit<Filter, 'limit'> = {
    text: private_text || query.get('q') || undefined,
    status: status.length > 0 ? status : undefined,
    processor: processors.includes(by) ? [by] : undefined,
    currency: query.get('currency') || undefined,
    fee_type: fee_type ? [fee_type] : undefined,
    amount_from,
    amount_to,
    [`${of}_from`]: from,
    [`${of}_to`]: to,
  };
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), limit: page_size };
}

// Which filters are set, without what only says how another is read.
export const set_names = (query: URLSearchParams): Name[] =>
  names.filter((name) => name !== 'of' && query.get(name));

export function change(
  query: URLSearchParams, private_text: string, changes: Partial<Record<Name, string>>,
) {
  const next = new URLSearchParams();
  for (const name of names) {
    const value = changes[name] ?? query.get(name);
    if (value) next.set(name, value);
  }
  if (!next.has('from') && !next.has('to') && changes.of === undefined) next.delete('of');
  const text = 'q' in changes ? undefined : private_text || undefined;
  const search = next.toString().replaceAll('%2C', ',');
  go(`${link_to.payments}${search && `?${search}`}`, {
    replace: true, ...(text !== undefined && { private_text: text }),
  });
}

// To a refund run of what the list shows.
export function run_of_list(query: URLSearchParams): string {
  const given = new URLSearchParams();
  for (const name of names) if (query.get(name)) given.set(name, query.get(name)!);
  // A run's days are of those who paid, unless it is told otherwise.
  if ((given.has('from') || given.has('to')) && !given.has('of')) given.set('of', 'created');
  const search = given.toString().replaceAll('%2C', ',');
  return `${link_to.new_run}${search && `?${search}`}`;
}
