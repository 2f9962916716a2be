// What a person did, as a sentence.
import { format_money, format_moment } from '../../format';
import type { Action } from '../../net/types';
import { kind_name } from '../../reviews/kinds';
import { has_words, t } from './words';

export interface Line {
  did: string;
  said: string; // in the person's own words: a note, a reason
  rest: [string, string][]; // details that have no words here
  is_erased: boolean;
}

// Details that the sentence itself tells, or that are the person's own words.
const own_words = ['text', 'why', 'reason', 'note'];
// Kinds that always have some: without them they were erased.
const with_words = ['note', 'reveal', 'close'];

function sentence({ kind, about }: Action, details: Record<string, string>): [string, string[]] {
  const { amount, currency, as, until, type, address } = details;
  switch (kind) {
    case 'refund':
      return amount && currency
        ? [t('did_refund', { amount: format_money(Number(amount), currency) }), [
          'amount', 'currency', 'refund',
        ]]
        : [t('did_refund_all'), ['refund']];
    case 'review': {
      const key = `did_review_${as}`;
      const words = has_words(key)
        ? t(key, { until: until ? format_moment(until) : '' }) : kind_name(`${kind} ${as}`);
      const [of = ''] = (about ?? '').split(' ');
      return [of ? `${words}: ${kind_name(of)}` : words, ['as', 'until', 'kind', 'number']];
    }
    case 'refund_run': {
      const key = `did_run_${details['do']}`;
      const words = has_words(key) ? t(key, { name: details['name'] ?? '' }) : kind_name(kind);
      return [words, ['do', 'name']];
    }
    case 'replay':
    case 'skip': return [t(`did_${kind}`, { type: type ?? '' }), ['type']];
    case 'sign_in': return address ? [t('did_sign_in_from', { address }), ['address']]
      : [t('did_sign_in'), []];
    default: {
      const key = `did_${kind}`;
      return [has_words(key) ? t(key) : kind_name(kind), []];
    }
  }
}

export function line_of(action: Action): Line {
  const details = action.details ?? {};
  const [did, told] = sentence(action, details);
  const said = own_words.map((name) => details[name]).find(Boolean) ?? '';
  const rest = Object.entries(details)
    .filter(([name, value]) => value && !own_words.includes(name) && !told.includes(name))
    .map(([name, value]): [string, string] => [name.replaceAll('_', ' '), value]);
  const is_erased = action.details === null && with_words.includes(action.kind);
  return { did, said, rest, is_erased };
}

export function kind_words(kind: string): string {
  const key = `kind_${kind}`;
  return has_words(key) ? t(key) : kind.replaceAll('_', ' ');
}
