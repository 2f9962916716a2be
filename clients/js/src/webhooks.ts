import { Webhook } from 'standardwebhooks';
import { shapes } from './generated/operations.js';
import { fault_in } from './shape.js';
import type { Schemas } from './types.js';

/** The event's id, the same on every try: one that was seen before is not done again. */
interface Identified {
  id: string;
}
export type PaymentEvent = Schemas['PaymentEvent'] & Identified;
export type TestEvent = Schemas['TestEvent'] & Identified;
/** Signed, and of a type that this version does not know: answer 2xx and do nothing. */
export interface UnknownEvent extends Identified {
  type: 'unknown';
  /** What its own `type` says. */
  type_name: string;
  data: unknown;
}
export type ReceivedEvent = PaymentEvent | TestEvent | UnknownEvent;

/** Not an event of the service, or an old one: answer 401 and do nothing. */
export class EventError extends Error {
  override name = 'EventError';
}

export type ReceivedHeaders = Headers | Record<string, string | string[] | undefined>;

const payment_types: Record<PaymentEvent['type'], true> = {
  'payment.paid': true,
  'payment.failed': true,
  'payment.refunded': true,
  'payment.disputed': true,
  'payment.review': true,
};

function header(headers: ReceivedHeaders, name: string): string {
  if (typeof headers.get === 'function') return (headers as Headers).get(name) ?? '';
  const found = Object.entries(headers).find(([one]) => one.toLowerCase() === name);
  return [found?.[1] ?? ''].flat().join(' ');
}

function text_of(body: string | Uint8Array): string {
  if (typeof body === 'string') return body;
  try {
    // A byte order mark is kept: what is signed are all bytes.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch (error) {
    throw new EventError('the body is not UTF-8', { cause: error });
  }
}

function check_signature(text: string, headers: ReceivedHeaders, webhooks: Webhook[]): string {
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;
  const given = Object.fromEntries(names.map((name) => [name, header(headers, name)]));
  let last: unknown;
  for (const webhook of webhooks) {
    try {
      webhook.verify(text, given, { jsonParse: false });
      return given['webhook-id'] ?? '';
    } catch (error) {
      last = error;
    }
  }
  throw new EventError(last instanceof Error ? last.message : 'not signed', { cause: last });
}

function read(text: string): { type: string } & Record<string, unknown> {
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new EventError('the body is not JSON', { cause: error });
  }
  if (typeof value?.type !== 'string') throw new EventError('/type is missing or is not a string');
  return value;
}

/**
 * The event in a request that the service has sent to its receiver. `body` is what came, byte for
 * byte, before anybody parsed it; `secrets` are what `PAYMENTS_EVENTS_SECRET` holds, of which one
 * must fit: several while one is replaced by another. Throws an EventError when none does, when the
 * request is older than five minutes or as far ahead, and when what was signed is not an event; a
 * TypeError when there is no secret, and the library's error when one is not in its form.
 */
export function verifyEvent(
  body: string | Uint8Array, headers: ReceivedHeaders, secrets: string | readonly string[],
): ReceivedEvent {
  const webhooks = [secrets].flat().map((secret) => new Webhook(secret));
  if (webhooks.length === 0) throw new TypeError('there is no secret to verify with');
  const text = text_of(body);
  const id = check_signature(text, headers, webhooks);
  const value = read(text);
  const is_payment = Object.hasOwn(payment_types, value.type);
  if (!is_payment && value.type !== 'test') {
    return { id, type: 'unknown', type_name: value.type, data: value['data'] };
  }
  const fault = fault_in(value, { ref: is_payment ? 'PaymentEvent' : 'TestEvent' }, shapes);
  if (fault) throw new EventError(`signed, but not an event: ${fault}`);
  return { ...value, id } as ReceivedEvent;
}
