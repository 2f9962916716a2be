// The operations that the pages call.
import { call, call_openly, type Manner, type Taker } from './call';
import type { PersonReport, VisitorName } from './person_types';
import type {
  ActionFilter, Actions, Asked, Changed, EventFilter, ExportRequest, Filter, Found, Health,
  KeptMessages, MessageFilter, Note, Opened, OutgoingEvents, OwnSession, Person, Personal,
  RawMessage, RefundReply, RefundRequest, ReplayRequest, Retried, Review, ReviewFilter,
  ReviewOrder, Reviews, SkipRequest, Sums, SumsRequest, TestEvent,
} from './types';

// A person waits longer than a clock, whose next try comes soon.
export const reading: Manner = { late_after_ms: 30_000 };
export const manner = (poll: boolean): Manner => (poll ? { poll, late_after_ms: 12_000 } : reading);

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

// Erases nothing. Recorded there, like the two below.
export const look_at_person = (visitor: VisitorName) =>
  call<PersonReport>('POST', '/payments/person/erase', { ...visitor, dry_run: true }, reading);

export const erase_person = (order: VisitorName & { why: string }) =>
  call<PersonReport>('POST', '/payments/person/erase', order, { late_after_ms: 120_000 });

export const export_person = (order: VisitorName & { why: string }) =>
  call<unknown>('POST', '/payments/person/export', order, { late_after_ms: 120_000 });

export const list_reviews = (filter: ReviewFilter, poll: boolean) => {
  const given = Object.entries(filter).map(([name, value]) => [name, String(value)]);
  const query = new URLSearchParams(given);
  return call<Reviews>('GET', `/payments/review?${query}`, undefined, manner(poll));
};

export const close_review = (order: ReviewOrder) =>
  call<Review>('POST', '/payments/review/close', order, reading);

export const list_actions = (filter: ActionFilter, poll: boolean) =>
  call<Actions>('POST', '/payments/actions', filter, manner(poll));

export const list_events = (filter: EventFilter, poll: boolean) =>
  call<OutgoingEvents>('POST', '/payments/events/list', filter, manner(poll));

export const replay_events = (request: ReplayRequest) =>
  call<Changed>('POST', '/payments/events/replay', request, reading);

export const skip_events = (request: SkipRequest) =>
  call<Changed>('POST', '/payments/events/skip', request, reading);

export const list_messages = (filter: MessageFilter, poll: boolean) =>
  call<KeptMessages>('POST', '/payments/messages', filter, manner(poll));

// Reads a kept message once more. Recorded there.
export const retry_message = (message_id: number) =>
  call<Retried>('POST', '/payments/messages/retry', { message_id }, reading);

export const send_test_event = () =>
  call<TestEvent>('POST', '/payments/events/test', {}, reading);

export const sum_money = (question: SumsRequest, poll = false) =>
  call<Sums>('POST', '/payments/sums', question, manner(poll));

// Recorded there, unless it is a look. `take` reads the file as it comes; however long that takes,
// until `signal`.
export const export_csv = <T>(request: ExportRequest, signal: AbortSignal, take: Taker<T>) =>
  call<T>('POST', '/payments/export', request, { ends_with_session: true, signal }, take);

export const read_health = (poll: boolean) =>
  call<Health>('GET', '/payments/health', undefined, manner(poll));

export const sign_in_with_token = (token: string) =>
  call_openly<void>('POST', '/console/sign-in/token', { token }, reading);

export const get_handoff = () =>
  call_openly<{ user: Person }>('GET', '/console/handoff/person', undefined, reading);

export const accept_handoff = () =>
  call_openly<void>('POST', '/console/handoff/accept', undefined, reading);

export const list_sessions = () =>
  call<{ sessions: OwnSession[] }>('GET', '/console/sessions', undefined, reading);

export const end_sessions = (which: { session_id: string } | { others: true }) =>
  call<{ ended: number }>('POST', '/console/sessions/end', which, reading);

export const sign_out = () =>
  call_openly<{ redirect_url: string }>('POST', '/console/sign-out', undefined, reading);
