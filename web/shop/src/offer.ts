// The options of a ticket as three choices: what, in which currency, by whom.
import type { PaymentOption } from './api';

export interface Choice {
  fee: string;
  currency: string;
  mode: string;
}

// FEE_TYPE-CURRENCY-PROCESSOR, both ends of which contain dashes.
export function fee_of(option: PaymentOption) {
  const ending = `-${option.currency}-${option.payment_mode}`;
  return option.code.endsWith(ending) ? option.code.slice(0, -ending.length) : option.code;
}

export const distinct = (values: string[]) => [...new Set(values)];

export const choice_of = (option: PaymentOption): Choice => ({
  fee: fee_of(option),
  currency: option.currency,
  mode: option.payment_mode,
});

const fits = (option: PaymentOption, wish: Partial<Choice>) =>
  (wish.fee === undefined || fee_of(option) === wish.fee) &&
  (wish.currency === undefined || option.currency === wish.currency) &&
  (wish.mode === undefined || option.payment_mode === wish.mode);

export const matching = (options: PaymentOption[], wish: Partial<Choice>) =>
  options.filter((option) => fits(option, wish));

// What is offered nearest to a wish: the currency first, then the fee, then the processor.
export function nearest(options: PaymentOption[], wish: Choice): PaymentOption | undefined {
  const { fee, currency, mode } = wish;
  const wishes: Partial<Choice>[] = [
    wish,
    { fee, currency },
    { currency, mode },
    { currency },
    { fee },
    {},
  ];
  for (const each of wishes) {
    const found = matching(options, each)[0];
    if (found) return found;
  }
  return undefined;
}
