// Which entries are shown, and which of them is chosen: in the page's address.
import type { ReviewFilter, ReviewKind } from '../../net/types';
import { link_to } from '../../route';

export type Name = 'show' | 'kind' | 'mine';
export const names: Name[] = ['show', 'kind', 'mine'];
export const kinds: ReviewKind[] = [
  'duplicate', 'mismatch', 'contradiction', 'unconfirmed', 'unknown', 'authorized', 'overdue',
  'still_payable', 'refund_unknown', 'refund_failed', 'dispute', 'inquiry', 'fraud_warning',
  'foreign_payment', 'unmatched_message', 'dead_letter',
];

export type Show = 'open' | 'snoozed' | 'closed';

export function show_of(query: URLSearchParams): Show {
  const show = query.get('show');
  return show === 'snoozed' || show === 'closed' ? show : 'open';
}

export const set_names = (query: URLSearchParams): Name[] =>
  names.filter((name) => (name === 'show' ? show_of(query) !== 'open' : query.get(name)));

export const filter_of = (query: URLSearchParams): Omit<ReviewFilter, 'limit'> => ({
  ...(show_of(query) !== 'open' && { show: show_of(query) }),
  ...(query.get('mine') && { mine: true }),
  ...(query.get('kind') && { kind: query.get('kind')! }),
});

// The page with these changes. Another filter may not have the chosen entry, so it is let go.
export function href_of(
  query: URLSearchParams, changes: Partial<Record<Name | 'chosen', string>>,
): string {
  const next = new URLSearchParams();
  for (const name of names) {
    const value = changes[name] ?? query.get(name);
    if (value) next.set(name, value);
  }
  if (changes.chosen) next.set('chosen', changes.chosen);
  const search = next.toString();
  return `${link_to.work}${search && `?${search}`}`;
}
