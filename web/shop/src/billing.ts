// What the billing form holds, and when it is good enough to send.
import type { Metas, Ticket } from './api';
import type { Key } from './i18n';

export const field_names = [
  'email',
  'name',
  'company',
  'tax_number',
  'country',
  'state',
  'city',
  'zip',
  'address',
  'address2',
  'phone',
] as const;
export type Field = (typeof field_names)[number];

export interface Billing extends Record<Field, string> {
  as_company: boolean;
}

export type FieldErrors = Partial<Record<Field, string>>;

const storage_key = 'billing';

export function first_billing(ticket: Ticket): Billing {
  const blank = Object.fromEntries(field_names.map((name) => [name, ''])) as Record<Field, string>;
  const region = new Intl.Locale(navigator.language).region ?? '';
  const kept = JSON.parse(sessionStorage.getItem(storage_key) ?? '{}');
  return {
    ...blank,
    as_company: false,
    country: region,
    ...kept,
    email: kept.email || (ticket.email ?? ''),
    name: kept.name || (ticket.name ?? ''),
  };
}

// Kept for the length of the visit, so a declined card does not mean typing it all again.
export function keep_billing(billing: Billing) {
  sessionStorage.setItem(storage_key, JSON.stringify(billing));
}

const is_email = (text: string) => /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/.test(text);
const is_hungarian_tax_number = (text: string) => /^\d{8}-?\d-?\d{2}$/.test(text);
const is_phone = (text: string) =>
  /^\+?[\d\s()/-]+$/.test(text) && /^\d{6,15}$/.test(text.replace(/\D/g, ''));

export function check_field(field: Field, billing: Billing): Key | undefined {
  const text = billing[field].trim();
  const hungarian = billing.country === 'HU';
  switch (field) {
    case 'email': return is_email(text) ? undefined : 'need_email';
    case 'name': return billing.as_company || text ? undefined : 'need_name';
    case 'company': return !billing.as_company || text ? undefined : 'need_company';
    case 'tax_number':
      if (!billing.as_company) return undefined;
      if (!text) return 'need_tax_number';
      return hungarian && !is_hungarian_tax_number(text) ? 'bad_tax_number' : undefined;
    case 'country': return text ? undefined : 'need_country';
    case 'city': return text ? undefined : 'need_city';
    case 'zip':
      if (!text) return 'need_zip';
      return hungarian && !/^\d{4}$/.test(text) ? 'bad_zip' : undefined;
    case 'address': return text ? undefined : 'need_address';
    case 'phone': return !text || is_phone(text) ? undefined : 'bad_phone';
    default: return undefined;
  }
}

export function metas_of(billing: Billing, language: string): Metas {
  const left_out: Field[] = billing.as_company ? ['name'] : ['company', 'tax_number'];
  const metas: Metas = { language };
  for (const field of field_names) {
    const text = billing[field].trim();
    if (text && !left_out.includes(field)) metas[field] = text;
  }
  return metas;
}
