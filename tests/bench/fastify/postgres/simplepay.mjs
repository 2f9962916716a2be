// SimplePay's signatures, as its reference has them.
import { createHmac, timingSafeEqual } from 'node:crypto';

const secrets = new Map([['PUBLICTESTEUR', '9A2sDc7xh1JKW8r193RwW7X7X2ts837w']]);

export const merchant = 'PUBLICTESTEUR';
export const secret_of = (name) => secrets.get(name);
export const sign = (body, secret) => createHmac('sha384', secret).update(body).digest('base64');

export function is_signed(body, signature, secret) {
  const given = Buffer.from(signature ?? '');
  const expected = Buffer.from(sign(body, secret));
  return given.length === expected.length && timingSafeEqual(given, expected);
}
