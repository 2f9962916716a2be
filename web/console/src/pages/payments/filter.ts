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

// What the service is asked. Both days count for whoever chooses them.
export function filter_of(query: URLSearchParams, private_text: string): Filter {
  const status = chosen_statuses(query) as Status[];
  const of = query.get('of') === 'paid' ? 'paid' : 'created';
  const by = query.get('by') as Processor;
  const from = query.get('from');
  const to = query.get('to');
  const all: Omit<Filter, 'limit'> = {
    text: private_text || query.get('q') || undefined,
    ticket_id: number_in(query.get('ticket')),
    status: status.length > 0 ? status : undefined,
    processor: processors.includes(by) ? [by] : undefined,
    currency: query.get('currency') || undefined,
    fee_type: query.get('fee') ? [query.get('fee')!] : undefined,
    amount_from: number_in(query.get('least')),
    amount_to: number_in(query.get('most')),
    [`${of}_from`]: from ? start_of_day(from) : undefined,
    [`${of}_to`]: to ? start_of_day(day_after(to)) : undefined,
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
