// Refund runs, as openapi.yaml says it; tests/api holds the two against each other.
import type { Filter, Person, Processor } from './types.js';

// `all`, `percent`, or `amount` with its currency.
export interface Give {
  all?: true;
  percent?: number;
  amount?: number;
  currency?: string;
}

export type RunFilter = Omit<Filter, 'text' | 'limit' | 'after'> & {
  flag?: string;
  year?: string;
  event?: string;
};

// Exactly one of the first two.
export interface PlanRequest {
  filter?: RunFilter;
  transaction_ids?: number[];
  give: Give;
}

export interface RunSum {
  processor: Processor;
  currency: string;
  count: number;
  amount: number;
}

export type LeftOutReason =
  | 'unknown' | 'not_paid' | 'disputed' | 'refunded' | 'in_review' | 'unknown_outcome' | 'reserved'
  | 'in_run' | 'less_left' | 'too_little' | 'changed' | 'other_currency'
  | 'no_account' | 'stopped';

export interface LeftOut {
  reason: LeftOutReason;
  count: number;
  transaction_ids: number[]; // the first of them
}

export interface Plan {
  count: number;
  sums: RunSum[];
  left_out: LeftOut[];
  minutes: number; // how long it takes, estimated
  digest: string; // of what would be given back to whom: what starts is what was read
  needs_release: boolean;
}

export interface RunOrder extends PlanRequest {
  digest: string;
  name: string;
  reason: string;
  typed_sums: { processor: Processor; currency: string; amount: number }[];
}

export type RunState = 'needs_release' | 'running' | 'paused' | 'stopped' | 'done';
export type ItemState = 'waiting' | 'asked' | 'unknown' | 'done' | 'refused' | 'left_out';
export type Steer = 'release' | 'pause' | 'go_on' | 'stop' | 'again';

export interface Run {
  run_id: number;
  name: string;
  reason: string;
  give: Give;
  state: RunState;
  paused_because: 'person' | 'refusals' | 'silence' | null;
  started_by: Person;
  started_at: string;
  released_by: Person | null;
  released_at: string | null;
  ended_at: string | null;
  sums: RunSum[]; // as planned
  counts: Record<ItemState, number>;
  given_back: RunSum[];
  minutes_left: number;
  may: { what: Steer; yes: boolean; why_not: string | null }[];
}

export interface Runs {
  runs: Run[];
  next: number | null;
}

export interface RunItem {
  transaction_id: number;
  reference: string;
  ticket_id: number;
  processor: Processor;
  currency: string;
  amount: number;
  state: ItemState;
  reason: LeftOutReason | null; // of what is left out
  detail: string | null; // of what is refused: the provider's words
  refund_id: string | null;
  tries: number;
  changed_at: string;
}

export interface RunPage {
  run: Run;
  items: RunItem[];
  next: number | null;
}

export interface RunQuestion {
  run_id: number;
  state?: ItemState;
  limit: number;
  after?: number;
}
