// How many entries wait in the worklist; undefined while that is not known. What a page of the list
// has read counts at once.
import { useEffect } from 'preact/hooks';
import { signal_of } from '../../../shared/signal';
import { list_reviews } from '../net/operations';
import { may } from '../session';

const look_again_ms = 60_000;

export const waiting = signal_of<number | undefined>(undefined);

async function look() {
  if (document.hidden || !may('payments_search')) return;
  try {
    waiting.set((await list_reviews({ limit: 1 }, true)).total);
  } catch {
    // Nobody has asked: the page that is open says what is wrong.
  }
}

export function use_waiting() {
  useEffect(() => {
    void look();
    const timer = setInterval(() => void look(), look_again_ms);
    return () => clearInterval(timer);
  }, []);
}
