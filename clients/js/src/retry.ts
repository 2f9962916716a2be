import {
  ConnectionError, type PaymentsError, ProblemError, TimeoutError, UnexpectedAnswerError,
} from './errors.js';
import type { Operation } from './operation.js';

const first_wait_ms = 250;
const longest_wait_ms = 8_000;

const passing = [408, 425, 429, 500, 502, 503, 504];

// The provider has spoken: to ask it again at once is for whoever pays to decide.
const spoken: string[] = ['/problems/provider-refused'];
// Our own try before this one still runs.
const still_running = '/problems/key-in-use';

function may_pass(error: PaymentsError): boolean {
  if (error instanceof ConnectionError || error instanceof TimeoutError) return true;
  if (error instanceof ProblemError) {
    if (error.type === still_running) return true;
    return passing.includes(error.status) && !spoken.includes(error.type);
  }
  if (!(error instanceof UnexpectedAnswerError)) return false;
  const is_good = error.status >= 200 && error.status < 300;
  return is_good ? !error.is_of_other_shape : passing.includes(error.status);
}

/** The n-th wait, n at least 1: longer each time, and never for all callers the same. */
export function backoff_ms(n: number, random: () => number = Math.random): number {
  const most = Math.min(longest_wait_ms, first_wait_ms * 2 ** (n - 1));
  return most * (0.5 + random() / 2);
}

/**
 * How long to wait before a call is tried again that failed `tries` times, lastly with `error`;
 * undefined when it must not be, or would not help. Never less than the service asked for.
 */
export function wait_ms(
  error: PaymentsError, repeat: Operation['repeat'], tries: number,
): number | undefined {
  if (repeat === 'never' || !may_pass(error)) return undefined;
  return (error.retry_after_s ?? 0) * 1000 + backoff_ms(tries);
}

/** Of the header Retry-After: seconds, or a date; undefined for anything else. */
export function seconds_of(retry_after: string | null, now_ms = Date.now()): number | undefined {
  const text = retry_after?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text);
  const at_ms = / GMT$/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at_ms) ? undefined : Math.max(0, Math.ceil((at_ms - now_ms) / 1000));
}
