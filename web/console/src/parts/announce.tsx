// The one line that tells a screen reader what has changed.
import { signal_of, use_signal } from '../../../shared/signal';

const said = signal_of('');

export function announce(text: string) {
  said.set(said.get() === text ? `${text}\u00a0` : text);
}

export function Announcer() {
  return <p class="unseen" role="status">{use_signal(said)}</p>;
}
