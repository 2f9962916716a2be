// The one refund of a payment that this tab has sent and does not know the outcome of. It is kept
// where a reload finds it, under the key it was sent with: asking again under that key can never
// give money back twice.
import { signal_of } from '../../../shared/signal';
import { session } from '../session';

export interface Contents {
  amount: number | null; // null: all that is left
  reason: string;
}

export interface Kept extends Contents {
  key: string;
  reference: string; // the service's name of it, "TR123-R1"; "" while it has not told
}

// Nobody else who signs in here goes on with it.
const who = () => session.get()?.user.sub ?? '';
const name_of = (id: number) => `refund ${id} by ${who()}`;
export const draft_name = (id: number) => `refund draft ${id} by ${who()}`;
export const kept_changed = signal_of(0);

export function kept_refund(id: number): Kept | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(name_of(id)) ?? 'null') as Kept | null;
    return kept && typeof kept.key === 'string' && kept.key ? kept : undefined;
  } catch {
    return undefined;
  }
}

export function keep_refund(id: number, kept: Kept) {
  sessionStorage.setItem(name_of(id), JSON.stringify(kept));
  kept_changed.set(kept_changed.get() + 1);
}

export function forget_refund(id: number) {
  sessionStorage.removeItem(name_of(id));
  kept_changed.set(kept_changed.get() + 1);
}

export const new_key = () => crypto.randomUUID();
