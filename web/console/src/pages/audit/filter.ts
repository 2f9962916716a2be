// The filters of the audit: in the page's address, but for what holds an e-mail address, as some
// people's ids do: addresses are kept in logs and histories.
import { day_after, start_of_day } from '../../format';
import type { ActionFilter } from '../../net/types';
import { go, link_to } from '../../route';

export type Name = 'by' | 'kind' | 'about' | 'from' | 'to';
export const names: Name[] = ['by', 'kind', 'about', 'from', 'to'];
export const page_size = 50;

export const kinds = [
  'note', 'reveal', 'refund', 'refund_run', 'close', 'ask', 'review', 'replay', 'skip', 'export',
  'sign_in', 'sign_out', 'search_email', 'ask_close', 'retry_message', 'test_event',
  'erase', 'erase_person', 'export_person',
];

export type Chosen = Partial<Record<Name, string>>;

export function chosen_of(query: URLSearchParams, private_text: string): Chosen {
  const all = [...query, ...new URLSearchParams(private_text)];
  return Object.fromEntries(all.filter(([name, value]) => names.includes(name as Name) && value));
}

export const set_names = (chosen: Chosen): Name[] => names.filter((name) => chosen[name]);

// Days that are none: the service is not asked while there is one.
export const mistaken = (chosen: Chosen): Name[] =>
  (['from', 'to'] as const).filter((name) => {
    const day = chosen[name];
    return day !== undefined && start_of_day(day) === undefined;
  });

// Both days count for whoever chooses them.
export function filter_of({ by, kind, about, from, to }: Chosen): Omit<ActionFilter, 'after'> {
  return {
    ...(by && { by }),
    ...(about && { about }),
    ...(kind && { kind: [kind] }),
    ...(from && { from: start_of_day(from)! }),
    ...(to && { to: start_of_day(day_after(to))! }),
    limit: page_size,
  };
}

export function choose(chosen: Chosen, changes: Chosen) {
  const open = new URLSearchParams();
  const hidden = new URLSearchParams();
  for (const name of names) {
    const value = changes[name] ?? chosen[name];
    if (value) (value.includes('@') ? hidden : open).set(name, value);
  }
  const search = open.toString();
  go(`${link_to.audit}${search && `?${search}`}`, {
    replace: true, ...(hidden.size > 0 && { private_text: hidden.toString() }),
  });
}
