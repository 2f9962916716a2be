// What the service answers, as openapi.yaml says it; tests/api holds the two against each other.
// Only what a page reads is named here.

export type Status =
  | 'created' | 'pending' | 'unknown' | 'authorized' | 'paid' | 'failed' | 'cancelled' | 'expired'
  | 'partially_refunded' | 'refunded' | 'disputed' | 'review';

export type Processor = 'SIMPLE' | 'STRIPE-INTENTS';

export interface Person {
  sub: string;
  name: string;
}

export interface Session {
  user: Person;
  can: string[];
  scope: { all: boolean; flags: string[]; years: string[]; events: string[] };
  live: boolean;
  time_zone: string;
  expires_in: number; // seconds
  idle_in: number; // seconds
  version: string;
  commit: string;
}

// One of the person's own, on whichever browser.
export interface OwnSession {
  session_id: string;
  opened_at: string;
  used_at: string;
  this: boolean;
}

// Where a ticket is: what a person may see is told by these three.
export interface Scope {
  flag: string;
  year: string;
  event: string;
}

export interface Summary {
  id: number;
  ticket_id: number;
  reference: string;
  fee_type: string;
  currency: string;
  amount: number;
  amount_refunded: number;
  processor: Processor;
  status: Status;
  provider_transaction_id: string | null;
  created_at: string;
  paid_at: string | null;
  scope: Scope | null; // null when it is not known
}

export interface Filter {
  text?: string;
  status?: Status[];
  processor?: Processor[];
  currency?: string;
  fee_type?: string[];
  amount_from?: number;
  amount_to?: number;
  created_from?: string; // RFC 3339; `from` counts, `to` does not
  created_to?: string;
  paid_from?: string;
  paid_to?: string;
  ticket_id?: number;
  limit: number;
  after?: number;
}

export interface Found {
  transactions: Summary[];
  next: number | null;
  read_as: ReadAs[]; // what the text was looked for as
}

export type ReadAs =
  | 'transaction' | 'ticket' | 'provider_id' | 'refund_or_dispute' | 'email' | 'amount';

export type FactKind =
  | 'accepted' | 'unanswered' | 'authorized' | 'claimed' | 'contradicted' | 'captured'
  | 'cancelled' | 'expired' | 'failed' | 'attempt_failed' | 'returned' | 'refund_requested'
  | 'refund_unanswered' | 'refund_refused' | 'refund_pending' | 'refunded' | 'refund_failed'
  | 'disputed' | 'dispute_won' | 'dispute_lost' | 'dispute_prevented' | 'dispute_unclear'
  | 'inquiry' | 'inquiry_closed' | 'dispute_withdrawn' | 'dispute_reinstated' | 'dispute_fee'
  | 'dispute_fee_returned' | 'fraud_warning' | 'duplicate' | 'duplicate_ended' | 'closed'
  | 'foreign_payment' | 'still_payable' | 'no_longer_payable' | 'mismatched';

export interface Fact {
  at: string;
  source: 'service' | 'visitor' | 'ipn' | 'webhook' | 'query' | 'staff';
  kind: FactKind;
  detail: string;
  status: Status; // of the transaction, with this fact and all before it
  message_id: number | null; // the provider's message it came from
}

export interface Payment extends Summary {
  email: string; // masked, as are the metas
  metas: Record<string, unknown>;
  expires_at: string;
  events: Fact[];
}

export interface Refund {
  refund_id: string | null; // TR123-R1; null for one that was made on the provider's pages
  provider_refund_id: string | null;
  amount: number | null;
  state: 'asked' | 'unknown' | 'refused' | 'pending' | 'made' | 'failed';
  since: string;
  why: string | null;
}

export interface Message {
  message_id: number;
  processor: string;
  identity: string;
  received_at: string;
}

export interface Told {
  event_id: string;
  type: string;
  at: string;
  state: 'waiting' | 'told' | 'dead' | 'skipped';
  told_at: string | null;
  tries: number; // that failed
  last_error: string | null;
}

export type ReviewKind =
  | 'mismatch' | 'contradiction' | 'duplicate' | 'unconfirmed' | 'unknown' | 'authorized'
  | 'overdue' | 'still_payable' | 'refund_unknown' | 'refund_failed' | 'dispute' | 'inquiry'
  | 'fraud_warning' | 'foreign_payment' | 'unmatched_message' | 'dead_letter';

// Why a person must look.
export interface Concern {
  kind: string; // a ReviewKind, or one that is younger than this page
  since: string;
  reason: string;
  what_to_do: string;
}

export interface Person {
  sub: string;
  name: string;
}

export type HandledAs = 'mine' | 'released' | 'snoozed' | 'closed';

// What was done last with an entry. It stays when something new has brought the entry back.
export interface Handled {
  as: HandledAs;
  by: Person;
  at: string;
  until: string | null;
  note: string | null;
}

export interface Review extends Concern {
  kind: ReviewKind;
  number: number; // with the kind it names the entry
  transaction: Pick<
    Summary,
    | 'id' | 'reference' | 'ticket_id' | 'amount' | 'currency' | 'status' | 'processor'
    | 'provider_transaction_id'
  > | null;
  message: Message | null;
  owner: (Person & { since: string }) | null; // who has taken or snoozed it
  snoozed_until: string | null;
  handled: Handled | null;
  closable: boolean; // a person may close this kind
}

export interface ReviewFilter {
  limit: number;
  after?: string;
  mine?: boolean;
  kind?: string;
  show?: 'open' | 'snoozed' | 'closed';
}

export type ReviewOrder = {
  kind: ReviewKind;
  number: number;
  as: HandledAs;
  until?: string; // of `snoozed`
  note?: string; // `closed` needs one
};

export interface Reviews {
  reviews: Review[];
  total: number;
  next: string | null;
}

export interface Note {
  at: string;
  by: Person;
  text: string | null; // erased
}

export interface May {
  what: string; // refund, ask, note, reveal, close, and what comes to be
  yes: boolean;
  why_not: string | null;
}

export interface Opened {
  transaction: Payment;
  refundable: number;
  reserved: number;
  refunds: Refund[];
  messages: Message[];
  told: Told[];
  others: Summary[];
  concerns: Concern[];
  notes?: Note[]; // of people of the back office; absent where none can be written
  may: May[];
  provider_page: string | null;
  card_last4: string | null;
}

// What was masked, for once shown.
export interface Personal {
  email: string;
  metas: Record<string, unknown>;
}

export interface RawMessage {
  body: string | null; // null when it was erased
  masked: boolean;
}

export interface Asked {
  status: Status;
  learned: Fact[];
}

export type RefundRequest = {
  transaction_id: number;
  amount?: number;
  reason?: string;
};

export interface RefundReply {
  refund_id: string;
  amount: number;
  currency: string;
  refund_status: 'made' | 'pending';
  amount_refunded: number;
  status: Status;
}

export type ActionFilter = {
  by?: string; // a `sub`
  about?: string;
  kind?: string[];
  from?: string;
  to?: string;
  limit: number;
  after?: string;
};

// What a person did or saw.
export interface Action {
  action_id: number;
  at: string;
  by: Person;
  kind: string; // others may join
  transaction_id: number | null;
  reference: string | null;
  about: string | null; // what else it is about
  details: Record<string, string> | null; // null when they were erased
}

export interface Actions {
  actions: Action[];
  next: string | null;
}

export type EventState = Told['state'];

export type EventFilter = {
  state: EventState;
  limit: number;
  after?: string;
};

export interface OutgoingEvent extends Omit<Told, 'at'> {
  transaction_id: number;
  reference: string;
  ticket_id: number;
  made_at: string;
  next_try_at: string | null; // while it waits
  given_up_at?: string | null; // when it is dead or skipped
  body: string;
}

export interface OutgoingEvents {
  events: OutgoingEvent[];
  waiting: number; // both are counted up to 1001
  dead: number;
  next: string | null;
}

// What others are told of a payout or a finding.
export interface SettlementEvent extends Omit<OutgoingEvent,
  'transaction_id' | 'reference' | 'ticket_id' | 'status'> {
  subject: string; // the payout's id, or the finding's key
}

export interface SettlementEvents extends Omit<OutgoingEvents, 'events'> {
  events: SettlementEvent[];
}

export type ReplayRequest = { event_ids: string[] } | { all_dead: true };

export type SkipRequest = {
  event_ids: string[];
  note: string;
};

export interface Changed {
  changed: number;
}

export type MessageFilter = {
  show: 'unmatched' | 'all';
  limit: number;
  after?: string;
};

export interface KeptMessage extends Message {
  transaction_id: number | null;
  unmatched_reason: string | null;
}

export interface KeptMessages {
  messages: KeptMessage[];
  next: string | null;
}

export interface Retried {
  matched: boolean; // by now, or before
  transaction_id: number | null;
  reference: string | null;
  why_not: string | null;
}

export interface TestEvent {
  event_id: string;
  outcome: 'delivered' | 'failed';
  error: string | null;
  took_ms: number;
}

export type Measure =
  | 'started' | 'paid' | 'refunded' | 'refund_returned' | 'disputed' | 'dispute_won' | 'failed'
  | 'fee_begun' | 'fee_paid' | 'first_try';

export interface SumsRequest {
  from: string; // RFC 3339, or a day: `from` counts, `to` does not
  to: string;
  bucket: 'minute' | 'hour' | 'day' | 'month';
  by?: ('processor' | 'fee_type' | 'scope' | 'reason')[];
  measures?: Measure[];
  currency?: string;
  known?: string; // `tag` of an earlier answer
}

export interface SumRow {
  at: string; // when its bucket begins
  measure: Measure;
  currency: string;
  processor?: Processor;
  fee_type?: string;
  scope?: Scope | null;
  reason?: string;
  n: number;
  amount: number;
}

export interface Sums {
  until: string; // what happened up to this moment is in it
  complete: boolean; // false while older transactions are still being added up
  tag: string;
  rows: SumRow[] | null; // null: those of `known`
}

export interface ExportRequest {
  what: 'movements' | 'payments' | 'refunds' | 'daily_totals';
  from: string;
  to: string;
  by: 'taken' | 'created';
  form: 'excel-hu' | 'rfc4180';
  filter?: { processor?: Processor[]; currency?: string };
  personal: boolean;
  limit?: number; // a look at the first lines, which is not recorded
}

export type CheckState = 'good' | 'warn' | 'bad' | 'unknown';

export type FindingCode =
  | 'database_well' | 'database_failed' | 'clock_agrees' | 'clock_ahead' | 'clock_behind'
  | 'answers' | 'silent' | 'keys_well' | 'key_wrong' | 'mode_live' | 'mode_test' | 'mode_mixed'
  | 'endpoint_well' | 'endpoint_unknown' | 'endpoint_disabled' | 'endpoint_missing'
  | 'endpoint_lacks' | 'public_well' | 'public_failed' | 'public_other_commit' | 'disk_free'
  | 'events_told' | 'events_off' | 'events_given_up' | 'events_late' | 'replicas_silent'
  | 'replicas_versions' | 'replicas_settings' | 'replicas_alike' | 'key_sets_read'
  | 'key_set_old' | 'calls_made' | 'backup_never' | 'backup_noted' | 'ledger_never'
  | 'ledger_agrees' | 'ledger_differs' | 'sums_whole' | 'sums_lack_some'
  | 'erasing_done' | 'erasing_late';

export interface Check {
  name: string; // may come twice
  state: CheckState;
  code: FindingCode; // or one of a newer service
  with: Record<string, string | number>; // what belongs into its sentence
  sentence: string;
  advice: string | null;
}

export interface Replica {
  replica: string;
  version: string;
  commit: string;
  settings: string; // a fingerprint
  started_at: string;
  seen_at: string;
  is_alive: boolean;
  clock_ahead_ms: number | null; // of the database's clock
  keys_read_at: string;
}

// A provider or the tickets service, in the last 15 minutes.
export interface Outside {
  name: string;
  calls: number;
  unanswered: number;
  p50_ms: number | null;
  p95_ms: number | null;
  last_signed_at: string | null;
}

// Numbers and moments are null where nobody knows, as while the database says nothing.
export interface Health {
  at: string;
  state: CheckState;
  version: string; // of the replica that answers
  commit: string;
  same_version: boolean; // of all replicas that are alive
  same_settings: boolean;
  replicas: Replica[];
  outsides: Outside[];
  database: {
    kind: 'sqlite' | 'postgresql'; is_reachable: boolean; answered_in_ms: number | null;
    disk_free_bytes: number | null; disk_size_bytes: number | null;
  };
  books: {
    verified_at: string | null; transactions: number | null; differences: number | null;
    first_difference: string | null;
  };
  backup: { at: string | null };
  events: { waiting: number | null; dead: number | null; oldest_waiting_at: string | null };
  checks: Check[];
}
