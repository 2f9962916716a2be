// The operations that the pages call.
import { call, call_openly, type Manner } from './call';
import type {
  Asked, Filter, Found, Note, Opened, Personal, RawMessage, RefundReply, RefundRequest, Reviews,
  Sums, SumsRequest,
} from './types';

// A person waits longer than a clock, whose next try comes soon.
const reading: Manner = { late_after_ms: 30_000 };
const manner = (poll: boolean): Manner => (poll ? { poll, late_after_ms: 12_000 } : reading);

export const find_transactions = (filter: Filter, poll = false) =>
  call<Found>('POST', '/payments/find', filter, manner(poll));

export const open_transaction = (transaction_id: number, poll = false) =>
  call<Opened>('POST', '/payments/transaction', { transaction_id }, manner(poll));

export const read_message = (message_id: number, poll = false) =>
  call<RawMessage>('POST', '/payments/message', { message_id }, manner(poll));

export const ask_provider = (transaction_id: number, poll: boolean) =>
  call<Asked>('POST', '/payments/ask', { transaction_id }, { poll, late_after_ms: 60_000 });

// Longer than the service waits for a provider; whoever waits longer asks again under the same key.
export const refund_payment = (request: RefundRequest, key: string, poll: boolean) =>
  call<RefundReply>('POST', '/payments/refunds', request, {
    key, poll, ends_with_session: true, late_after_ms: 90_000,
  });

export const add_note = (transaction_id: number, text: string, key: string) =>
  call<Note>('POST', '/payments/notes', { transaction_id, text }, { ...reading, key });

// Recorded there, with `why`.
export const reveal = (transaction_id: number, why: string) =>
  call<Personal>('POST', '/payments/reveal', { transaction_id, why }, reading);

export const list_reviews = (limit: number, after: string | null, poll: boolean) => {
  const query = `limit=${limit}${after === null ? '' : `&after=${encodeURIComponent(after)}`}`;
  return call<Reviews>('GET', `/payments/review?${query}`, undefined, manner(poll));
};

export const sum_money = (question: SumsRequest, poll = false) =>
  call<Sums>('POST', '/payments/sums', question, manner(poll));

export const sign_in_with_token = (token: string) =>
  call_openly<void>('POST', '/console/sign-in/token', { token }, reading);

export const sign_out = () =>
  call_openly<{ redirect_url: string }>('POST', '/console/sign-out', undefined, reading);
