// The filters of the list: in the page's address, so that a list can be sent to a colleague.
import type { Filter, Status } from '../../net/types';
import { go, link_to } from '../../route';

export const statuses: Status[] = [
  'created', 'pending', 'unknown', 'authorized', 'paid', 'failed', 'cancelled', 'expired',
  'partially_refunded', 'refunded', 'disputed', 'review',
];
export const processors = ['SIMPLE', 'STRIPE-INTENTS'];
export const currencies = ['EUR', 'HUF', 'USD'];
export const page_size = 50;

export type Name =
  | 'q' | 'ticket' | 'status' | 'by' | 'currency' | 'fee' | 'least' | 'most' | 'of' | 'from' | 'to';
export const names: Name[] = [
  'q', 'ticket', 'status', 'by', 'currency', 'fee', 'least', 'most', 'of', 'from', 'to',
];

export const chosen_statuses = (query: URLSearchParams) =>
  (query.get('status') ?? '').split(',').filter((one) => statuses.includes(one as Status));

const number_in = (text: string | null) => {
  const number = Number((text ?? '').replace(/[\s\u00a0\u202f]/g, '').replace(',', '.'));
  return text && Number.isFinite(number) ? number : undefined;
};

// The day after, for a bound that does not count itself.
function day_after(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return day;
  return new Date(date.getTime() + 86_400_000).toISOString().slice(0, 10);
}

// What the service is asked. Both days count for whoever chooses them.
export function filter_of(query: URLSearchParams, private_text: string): Filter {
  const status = chosen_statuses(query) as Status[];
  const of = query.get('of') === 'paid' ? 'paid' : 'created';
  const from = query.get('from');
  const to = query.get('to');
  const all: Filter = {
    text: private_text || query.get('q') || undefined,
    ticket_id: number_in(query.get('ticket')),
    status: status.length > 0 ? status : undefined,
    processor: query.get('by') ? [query.get('by')!] : undefined,
    currency: query.get('currency') || undefined,
    fee_type: query.get('fee') ? [query.get('fee')!] : undefined,
    amount_from: number_in(query.get('least')),
    amount_to: number_in(query.get('most')),
    [`${of}_from`]: from || undefined,
    [`${of}_to`]: to ? day_after(to) : undefined,
    limit: page_size,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
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
