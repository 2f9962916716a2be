// What Stripe.js does for a card payment, spoken to the Stripe stand-in: confirm, step up to 3-D
// Secure when asked, read the outcome. Card data goes to Stripe and nowhere else.
import { Unreachable } from '../../shared/http';
import { load_config } from './api';
import { pause } from './wait';

export interface Card {
  number: string;
  month: string;
  year: string;
  cvc: string;
}

interface PaymentIntent {
  id: string;
  status: string;
  next_action?: {
    use_stripe_sdk?: { stripe_js?: string };
    redirect_to_url?: { url?: string };
  } | null;
  last_payment_error?: StripeError | null;
}

interface StripeError {
  code?: string;
  message?: string;
  payment_intent?: PaymentIntent;
}

export type Outcome =
  | { kind: 'succeeded' | 'processing' | 'declined' | 'not_authenticated' }
  | { kind: 'challenge'; url: string };

export const test_cards = {
  pays: '4242424242424242',
  three_d_secure: '4000000000003220',
  declined: '4000000000000002',
  funds: '4000000000009995',
} as const;

const intent_id = (client_secret: string) => client_secret.replace(/_secret_.*$/, '');

async function call(
  method: 'GET' | 'POST',
  path: string,
  fields: Record<string, string>,
): Promise<{ intent?: PaymentIntent; error?: StripeError }> {
  const { stripe_url, stripe_publishable_key } = await load_config();
  const form = new URLSearchParams({ ...fields, key: stripe_publishable_key });
  const url = `${stripe_url}/v1/payment_intents/${path}`;
  let response: Response;
  try {
    response = await (method === 'GET'
      ? fetch(`${url}?${form}`)
      : fetch(url, { method, body: form }));
  } catch {
    throw new Unreachable(url);
  }
  const body = await response.json().catch(() => ({}));
  return response.ok
    ? { intent: body }
    : { error: body.error ?? {}, intent: body.error?.payment_intent };
}

function outcome_of(intent: PaymentIntent | undefined): Outcome {
  if (!intent) return { kind: 'declined' };
  if (intent.status === 'succeeded' || intent.status === 'requires_capture')
    return { kind: 'succeeded' };
  if (intent.status === 'processing') return { kind: 'processing' };
  if (intent.status === 'requires_action') {
    const action = intent.next_action;
    const url = action?.use_stripe_sdk?.stripe_js ?? action?.redirect_to_url?.url;
    if (url) return { kind: 'challenge', url };
  }
  const failed_check = intent.last_payment_error?.code === 'payment_intent_authentication_failure';
  return { kind: failed_check ? 'not_authenticated' : 'declined' };
}

export async function confirm_card(client_secret: string, card: Card): Promise<Outcome> {
  const { intent, error } = await call('POST', `${intent_id(client_secret)}/confirm`, {
    client_secret,
    use_stripe_sdk: 'true',
    'payment_method_data[type]': 'card',
    'payment_method_data[card][number]': card.number,
    'payment_method_data[card][exp_month]': card.month,
    'payment_method_data[card][exp_year]': card.year,
    'payment_method_data[card][cvc]': card.cvc,
  });
  if (error && intent?.status !== 'succeeded') return { kind: 'declined' };
  return outcome_of(intent);
}

// The state after 3-D Secure; asks until the check is no longer open or `closed` says the visitor
// gave up.
export async function await_challenge(
  client_secret: string,
  closed: () => boolean,
): Promise<Outcome | 'closed'> {
  for (;;) {
    const { intent } = await call('GET', intent_id(client_secret), { client_secret });
    const outcome = outcome_of(intent);
    if (intent && outcome.kind !== 'challenge') return outcome;
    if (closed()) return 'closed';
    await pause(700);
  }
}

// Closing the check is an answer, too: until the bank hears it, the payment waits for this card
// and takes no other.
export async function give_up_challenge(url: string) {
  await fetch(`${url}/fail`, { method: 'POST' }).catch(() => undefined);
}
