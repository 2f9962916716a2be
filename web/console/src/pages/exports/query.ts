// What is to be exported, in the page's address: both days count there.
import { language } from '../../../../shared/language';
import { day_of, now } from '../../format';
import type { ExportRequest } from '../../net/types';
import { go, link_to } from '../../route';
import { add_days, is_day } from '../../sums/periods';

export const whats = ['movements', 'payments', 'refunds', 'daily_totals'] as const;
export const forms = ['excel-hu', 'rfc4180'] as const;
export const currencies = ['EUR', 'HUF', 'USD'];
export const processors = ['SIMPLE', 'STRIPE-INTENTS'] as const;
const most_days = 400;

export interface Choice {
  what: ExportRequest['what'];
  from: string;
  to: string;
  by: 'taken' | 'created';
  form: 'excel-hu' | 'rfc4180';
  currency: string; // '': all
  processor: '' | (typeof processors)[number];
}

export function choice_of(query: URLSearchParams): Choice {
  const today = day_of(now());
  const given = (name: string) => query.get(name) ?? '';
  return {
    what: whats.find((one) => one === given('what')) ?? 'movements',
    from: is_day(given('from')) ? given('from') : `${today.slice(0, 8)}01`,
    to: is_day(given('to')) ? given('to') : today,
    by: given('by') === 'created' && given('what') !== 'daily_totals' ? 'created' : 'taken',
    form: forms.find((one) => one === given('form'))
      ?? (language.get() === 'hu' ? 'excel-hu' : 'rfc4180'),
    currency: currencies.find((one) => one === given('currency')) ?? '',
    processor: processors.find((one) => one === given('processor')) ?? '',
  };
}

export function show(choice: Choice) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(choice)) if (value) query.set(name, value);
  go(`${link_to.exports}?${query}`, { replace: true });
}

export const is_askable = ({ from, to }: Choice) =>
  from <= to && add_days(from, most_days) > to;

export function request_of(choice: Choice, personal: boolean): ExportRequest {
  const { what, from, to, by, form, currency, processor } = choice;
  return {
    what, from, to: add_days(to, 1), by, form,
    ...((currency || processor) && {
      filter: { ...(currency && { currency }), ...(processor && { processor: [processor] }) },
    }),
    personal: personal && what === 'payments',
  };
}
