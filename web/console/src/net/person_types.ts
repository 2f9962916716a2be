// A visitor's data, as openapi.yaml says it; tests/api holds the two against each other.
import type { Status } from './types.js';

// Of whom something is held: one of the two.
export type VisitorName = { email: string } | { ticket_id: number };

export interface PersonPayment {
  transaction_id: number;
  currency: string;
  amount: number;
  status: Status;
  state: 'held' | 'waiting' | 'restricted' | 'erased';
  fate: 'goes' | 'kept_for_accounts' | 'waits';
  has_email: boolean;
  members: string[];
  messages: number;
  notes: number;
  kept_members: string[];
  kept_until: string | null;
  asked_at: string | null;
  erased_at: string | null;
}

export interface PersonReport {
  at: string;
  payments: PersonPayment[];
  is_complete: boolean;
  backups: {
    count: number;
    first: string | null;
    last: string | null;
    kept_days: number | null;
    gone_by: string | null;
  };
  exports: { at: string; by: string; what: string }[];
  files_clean: boolean | null;
}
