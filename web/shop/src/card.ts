// The digits of a card, as typed and as meant.
import type { Card } from './stripe';
import type { Key } from './i18n';

export interface CardInput {
  number: string;
  expiry: string;
  cvc: string;
}
export type CardField = keyof CardInput;

export const group_digits = (text: string) =>
  text.replace(/\D/g, '').slice(0, 19).replace(/(\d{4})(?=\d)/g, '$1 ');

export function shape_expiry(text: string) {
  const digits = text.replace(/\D/g, '').slice(0, 4);
  const padded = /^[2-9]/.test(digits) ? `0${digits}`.slice(0, 4) : digits;
  return padded.length > 2 ? `${padded.slice(0, 2)} / ${padded.slice(2)}` : padded;
}

function passes_luhn(digits: string) {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = digit * 2;
    sum += i % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

export function check_card_field(
  field: CardField,
  input: CardInput,
  now = new Date(),
): Key | undefined {
  const digits = input[field].replace(/\D/g, '');
  if (field === 'number')
    return digits.length >= 13 && passes_luhn(digits) ? undefined : 'need_card_number';
  if (field === 'cvc') return /^\d{3,4}$/.test(digits) ? undefined : 'need_card_cvc';
  const [month, year] = [Number(digits.slice(0, 2)), 2000 + Number(digits.slice(2))];
  const over = year * 12 + month < now.getFullYear() * 12 + now.getMonth() + 1;
  return digits.length === 4 && month >= 1 && month <= 12 && !over ? undefined : 'need_card_expiry';
}

export function card_of(input: CardInput): Card {
  const expiry = input.expiry.replace(/\D/g, '');
  return {
    number: input.number.replace(/\D/g, ''),
    month: String(Number(expiry.slice(0, 2))),
    year: `20${expiry.slice(2)}`,
    cvc: input.cvc,
  };
}
