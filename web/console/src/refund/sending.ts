// Sends a refund and finds out what became of it. What is shown is this machine's state; nothing
// but a definite answer unlocks the form.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Problem } from '../net/call';
import { refund_payment } from '../net/operations';
import type { Opened, Refund, RefundReply } from '../net/types';
import { forget_refund, keep_refund, kept_refund, new_key, type Contents, type Kept } from './kept';

export type Outcome =
  | { is: 'editing'; error?: unknown } // `error`: why the last one was certainly not made
  | { is: 'sending'; kept: Kept }
  | { is: 'unknown'; kept: Kept; error: unknown } // it may have been made
  | { is: 'made'; reply: Pick<RefundReply, 'refund_id' | 'amount' | 'currency' | 'refund_status'> };

const ask_again_ms = 5000;

// Whether the answer says for certain that no money moves under this key, now or later. Of a call
// that was made before, only what the service says when it has looked at the key counts: that a
// session has ended, or a privilege is gone, tells nothing of what the first call has done.
function is_definite(problem: Problem, is_repeated: boolean): boolean {
  if (problem.slug === 'provider-refused') return true;
  if (problem.slug === 'key-in-use') return false;
  if (is_repeated) return [409, 422].includes(problem.status);
  return problem.status < 500 && problem.status !== 408;
}

// The service's name of the refund stands at the head of what it says of it.
const reference_in = (detail: string) => /^TR\d+-R\d+/.exec(detail)?.[0] ?? '';

const is_settled = (refund: Refund) => !['asked', 'unknown'].includes(refund.state);

// How a settled refund ended, as the payment tells it.
function outcome_of(listed: Refund, kept: Kept, currency: string): Outcome {
  if (listed.state === 'refused' || listed.state === 'failed') {
    return { is: 'editing', error: new Error(listed.state) };
  }
  return {
    is: 'made',
    reply: {
      refund_id: kept.reference,
      amount: listed.amount ?? kept.amount ?? 0,
      currency,
      refund_status: listed.state === 'pending' ? 'pending' : 'made',
    },
  };
}

export interface Sending {
  outcome: Outcome;
  send(contents: Contents): void;
  ask_again(): void;
  start_anew(): void;
}

export function use_sending(id: number, opened: Opened, reload: () => void): Sending {
  const before = kept_refund(id);
  const [outcome, set_outcome] = useState<Outcome>(
    before ? { is: 'unknown', kept: before, error: undefined } : { is: 'editing' },
  );
  const busy = useRef(false);
  const gone = useRef(false);
  useEffect(() => () => { gone.current = true; }, []);

  function settle(next: Outcome) {
    if (!gone.current) set_outcome(next);
  }

  // `again`: it was sent before, by this page or by the one that was here before a reload.
  async function submit(kept: Kept, again?: 'by hand' | 'by itself') {
    if (busy.current) return;
    busy.current = true;
    keep_refund(id, kept);
    settle({ is: 'sending', kept });
    const request = {
      transaction_id: id,
      ...(kept.amount !== null && { amount: kept.amount }),
      ...(kept.reason && { reason: kept.reason }),
    };
    try {
      const reply = await refund_payment(request, kept.key, again === 'by itself');
      forget_refund(id);
      settle({ is: 'made', reply });
    } catch (error) {
      if (error instanceof Problem && is_definite(error, again !== undefined)) {
        forget_refund(id);
        settle({ is: 'editing', error });
      } else {
        const detail = error instanceof Problem ? error.detail : '';
        const known = { ...kept, reference: reference_in(detail) || kept.reference };
        keep_refund(id, known);
        settle({ is: 'unknown', kept: known, error });
      }
    }
    busy.current = false;
    reload();
  }

  // Of a refund that the service has named, the payment itself tells the end. One that was never
  // answered is asked for again under its key: that gives its outcome, or makes it for the first
  // time.
  const kept = outcome.is === 'unknown' ? outcome.kept : undefined;
  const listed = kept?.reference
    ? opened.refunds.find(({ refund_id }) => refund_id === kept.reference) : undefined;
  useEffect(() => {
    if (!kept) return;
    if (listed && is_settled(listed)) {
      forget_refund(id);
      return settle(outcome_of(listed, kept, opened.transaction.currency));
    }
    if (kept.reference) return;
    const first = outcome.is === 'unknown' && outcome.error === undefined;
    const timer = setTimeout(() => void submit(kept, 'by itself'), first ? 0 : ask_again_ms);
    return () => clearTimeout(timer);
  }, [outcome, listed?.state]);

  return {
    outcome,
    send: (contents) => void submit({ ...contents, key: new_key(), reference: '' }),
    ask_again: () => { if (kept) void submit(kept, 'by hand'); },
    start_anew: () => settle({ is: 'editing' }),
  };
}
