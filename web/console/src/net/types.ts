// What the service answers, as openapi.yaml says it; tests/api holds the two against each other.
// Only what a page reads is named here.

export type Status =
  | 'created' | 'pending' | 'unknown' | 'authorized' | 'paid' | 'failed' | 'cancelled' | 'expired'
  | 'partially_refunded' | 'refunded' | 'disputed' | 'review';

export interface Session {
  user: { sub: string; name: string };
  can: string[];
  scope: { all: boolean; flags: string[]; years: string[]; events: string[] };
  live: boolean;
  time_zone: string;
  expires_in: number; // seconds
  idle_in: number; // seconds
  version: string;
  commit: string;
}

export interface Summary {
  id: number;
  ticket_id: number;
  reference: string;
  fee_type: string;
  currency: string;
  amount: number;
  amount_refunded: number;
  processor: string;
  status: Status;
  provider_transaction_id: string | null;
  created_at: string;
  paid_at: string | null;
}

export interface Filter {
  text?: string;
  status?: Status[];
  processor?: string[];
  currency?: string;
  fee_type?: string[];
  amount_from?: number;
  amount_to?: number;
  created_from?: string;
  created_to?: string;
  paid_from?: string;
  paid_to?: string;
  ticket_id?: number;
  limit?: number;
  after?: string;
}

export interface Found {
  transactions: Summary[];
  next: string | null;
  read_as: ReadAs[]; // what the text was looked for as
}

export type ReadAs =
  | 'transaction' | 'ticket' | 'provider_id' | 'refund_or_dispute' | 'email' | 'amount';

export interface Fact {
  at: string;
  source: string;
  kind: string;
  detail: string;
  status: Status; // of the transaction, with this fact and all before it
  message_id?: string | null; // of the provider's message that said it
}

export interface Payment extends Summary {
  code: string;
  metas: Record<string, unknown>;
  updated_at: string;
  expires_at: string;
  events: Fact[];
}

export type RefundState = 'asked' | 'unknown' | 'done' | 'on_its_way' | 'refused' | 'failed';

export interface Refund {
  reference: string | null; // TR123-R1; null for one made elsewhere
  at: string;
  amount: number;
  currency: string;
  state: RefundState;
  provider_refund_id: string | null;
  reason: string;
  by: string;
}

export interface Message {
  message_id: string;
  received_at: string;
  processor: string;
  identity: string;
}

export interface Told {
  event_id: string;
  type: string;
  made_at: string;
  told_at: string | null;
  tries: number;
  last_error: string | null;
  state: string;
}

export interface May {
  what: string;
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
  concerns: { kind: string; since: string; reason: string; what_to_do: string }[];
  may: May[];
  provider_page: string | null;
}

export interface RawMessage {
  processor: string;
  identity: string;
  received_at: string;
  body: string;
  masked: boolean;
}

export interface Asked {
  status: Status;
  learned: { kind: string; detail: string }[];
}

export interface RefundRequest {
  transaction_id: number;
  amount?: number;
  reason?: string;
}

export interface RefundReply {
  refund_id: string;
  amount: number;
  currency: string;
  refund_status: 'made' | 'pending';
  amount_refunded: number;
  status: Status;
}
