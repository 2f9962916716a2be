import { load_transaction, type Transaction } from './api';

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

// States in which nothing more will happen by itself within a visit.
const settled = new Set([
  'paid', 'failed', 'cancelled', 'expired', 'review', 'disputed', 'refunded', 'partially_refunded',
]);

export const is_settled = (transaction: Transaction) => settled.has(transaction.status);

// Asks for a transaction until it is settled or `limit_ms` have passed, ever more slowly. A failed
// look is no news, not an answer.
export async function follow_transaction(
  id: number,
  on_change: (transaction: Transaction) => void,
  stopped: () => boolean,
  limit_ms = 120_000,
): Promise<Transaction | undefined> {
  let last: Transaction | undefined;
  const until = Date.now() + limit_ms;
  for (
    let delay_ms = 600;
    Date.now() < until && !stopped();
    delay_ms = Math.min(delay_ms * 1.3, 4000)
  ) {
    try {
      last = await load_transaction(id);
      if (!stopped()) on_change(last);
      if (is_settled(last)) return last;
    } catch {
      // Looked at again below.
    }
    await pause(delay_ms);
  }
  return last;
}
