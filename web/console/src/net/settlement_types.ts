// Settlements, as openapi.yaml says it; tests/api holds the two against each other.
import type { Processor } from './types.js';

export interface Finding {
  key: string;
  kind: string;
  subject: string;
  amount_minor: number;
  currency: string;
  processor: string;
  account: string;
  detail: string;
  state: 'open' | 'accepted';
  day?: string; // in a month's close alone
}

export type PayoutState = 'on_the_way' | 'paid_out' | 'missing' | 'returned';

export interface Payout {
  id: string;
  state: PayoutState;
  arrival?: string;
  lines: number;
  gross_minor: number;
  fee_minor: number;
  net_minor: number;
  carry_in_minor: number;
  amount_minor: number;
  carry_out_minor: number;
  adds_up: boolean;
  bank_minor?: number;
  bank_charges_minor: number;
}

export interface Tally {
  count: number;
  amount_minor: number;
}

export interface SettlementAccount {
  processor: string;
  account: string;
  currency: string;
  captured: Tally;
  refunded: Tally;
  waiting: Tally;
  overdue: Tally;
  lines: number;
  fees_minor: Record<string, number>;
  payouts: Payout[];
  paid_minor: number;
  carry_minor: number;
  unpaid_minor: number;
  reserve_minor: number;
}

export interface SettlementReport {
  as_of: string;
  accounts: SettlementAccount[];
  findings: Finding[];
  unexplained: Record<string, number>;
}

export interface PayoutMove {
  id: string;
  day: string;
  amount_minor: number;
  is_on_bank: boolean;
}

export interface AccountClose {
  processor: string;
  account: string;
  currency: string;
  opening_minor: number;
  captured: Tally;
  refunded: Tally;
  refunds_failed: Tally;
  disputed: Tally;
  disputes_won: Tally;
  fees_minor: Record<string, number>;
  reserve_minor: number;
  paid_out: Tally;
  payouts_returned: Tally;
  unexplained_minor: number;
  closing_minor: number;
  payouts: PayoutMove[];
}

export interface TransitClose {
  currency: string;
  opening_minor: number;
  paid_out_minor: number;
  returned_minor: number;
  on_bank_minor: number;
  bank_charges_minor: number;
  closing_minor: number;
}

export interface ClaimsClose {
  currency: string;
  opening_minor: number;
  disputed_minor: number;
  won_minor: number;
  lost_minor: number;
  closing_minor: number;
}

export interface ReserveClose {
  processor: string;
  account: string;
  currency: string;
  opening_minor: number;
  closing_minor: number;
}

export interface UnexplainedClose {
  currency: string;
  open: Tally;
  accepted: Tally;
  suspense_opening_minor: number;
  suspense_closing_minor: number;
}

export type MonthState = 'running' | 'settling' | 'ready' | 'closed';

export interface MonthClose {
  month: string;
  first_day: string;
  last_day: string;
  state: MonthState;
  closed_on: string;
  closing: { at: string; by: string; reason: string } | null;
  open_findings: number;
  corrections: number;
  accounts: AccountClose[];
  in_transit: TransitClose[];
  claims: ClaimsClose[];
  reserves: ReserveClose[];
  unexplained: UnexplainedClose[];
  findings: Finding[];
  movements: number;
  books_sha256: string;
  as_of: string;
  files: { count: number; sha256: string };
}

export interface PayoutLine {
  id: string;
  kind: string;
  reference: string;
  source_id: string;
  currency: string;
  gross_minor: number;
  fee_minor: number;
  net_minor: number;
}

export interface PayoutLines {
  payout: string;
  lines: PayoutLine[];
}

export interface ImportedFile {
  file: string;
  format: string;
  account: string;
  lines: { new: number; known: number; conflicting: number; skipped: number };
  known_before: boolean;
}

export interface SettlementFile {
  id: number;
  file: string;
  format: string;
  records: number;
  at: string;
  by: string;
}

export interface SettlementFiles {
  files: SettlementFile[];
}

export const is_processor = (name: string): name is Processor =>
  name === 'SIMPLE' || name === 'STRIPE-INTENTS';
