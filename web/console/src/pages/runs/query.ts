// What is to be given back to whom, in the page's address, but for numbers that were pasted. The
// filters of the list of payments mean here what they mean there.
import { read_amount } from '../../format';
import type { Give, PlanRequest } from '../../net/run_types';
import { go, link_to } from '../../route';
import { filter_of, mistaken, names as names_of_list, type Name } from '../payments/filter';

const places = ['flag', 'year', 'event'] as const;
type Place = (typeof places)[number];
export type ChoiceName = Exclude<Name, 'q'> | Place | 'give' | 'share' | 'each' | 'in' | 'how';
const filter_names = names_of_list.filter((name) => name !== 'q') as Exclude<Name, 'q'>[];
const names: ChoiceName[] = [...filter_names, ...places, 'give', 'share', 'each', 'in', 'how'];

export type GiveHow = 'all' | 'share' | 'each';

export function change(query: URLSearchParams, changes: Partial<Record<ChoiceName, string>>) {
  const next = new URLSearchParams();
  for (const name of names) {
    const value = changes[name] ?? query.get(name);
    if (value) next.set(name, value);
  }
  go(`${link_to.new_run}?${next.toString().replaceAll('%2C', ',')}`, { replace: true });
}

// Whose days: of those who paid, unless the list that led here was of days begun.
const as_of_list = (query: URLSearchParams) => {
  const filters = new URLSearchParams(query);
  if (!filters.has('of')) filters.set('of', 'paid');
  filters.delete('q');
  return filters;
};

// The filters that hold what cannot be asked for.
export const wrong_filters = (query: URLSearchParams) => mistaken(as_of_list(query));

export interface Pasted {
  ids: number[];
  unread: string[]; // what is no number of a payment
}

// "TR123, 124; TR125" in whatever lines and order, none twice.
export function read_pasted(text: string): Pasted {
  const words = text.split(/[\s,;]+/).filter(Boolean);
  const ids = new Set<number>();
  const unread: string[] = [];
  for (const word of words) {
    const number = /^(?:TR)?([1-9]\d{0,15})$/i.exec(word)?.[1];
    if (number && Number.isSafeInteger(Number(number))) ids.add(Number(number));
    else unread.push(word);
  }
  return { ids: [...ids], unread };
}

export const is_pasted = (query: URLSearchParams) => query.get('how') === 'numbers';
export const give_how = (query: URLSearchParams): GiveHow =>
  (['share', 'each'] as const).find((one) => one === query.get('give')) ?? 'all';

function give_of(query: URLSearchParams): Give | undefined {
  switch (give_how(query)) {
    case 'share': {
      const percent = Number(query.get('share'));
      return Number.isInteger(percent) && percent >= 1 && percent <= 99 ? { percent } : undefined;
    }
    case 'each': {
      const amount = read_amount(query.get('each') ?? '');
      const currency = query.get('in') || 'EUR';
      return amount === undefined ? undefined : { amount, currency };
    }
    default: return { all: true };
  }
}

export type Wrong = 'nothing' | 'numbers' | 'too_many' | 'filter' | 'give';
export const most_numbers = 5000;

// What is asked for, or why nothing can be.
export function request_of(
  query: URLSearchParams, { ids, unread }: Pasted,
): PlanRequest | Wrong {
  const give = give_of(query);
  if (!give) return 'give';
  if (is_pasted(query)) {
    if (unread.length > 0) return 'numbers';
    if (ids.length === 0) return 'nothing';
    return ids.length > most_numbers ? 'too_many' : { transaction_ids: ids, give };
  }
  if (wrong_filters(query).length > 0) return 'filter';
  const { limit: _, ...filter } = filter_of(as_of_list(query), '');
  const all = {
    ...filter,
    ...Object.fromEntries(
      places.map((name) => [name, query.get(name)]).filter(([, value]) => value),
    ),
  };
  return Object.keys(all).length > 0 ? { filter: all, give } : 'nothing';
}
