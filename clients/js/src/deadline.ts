import { TimeoutError } from './errors.js';

const longest_ms = 2 ** 31 - 1;  // a timer of more rings at once

/** Ends what waits when its time is over, or when the caller's own signal says so. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal | undefined;
  readonly #pass_on = () => this.#controller.abort(this.#outer?.reason);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(outer?: AbortSignal) {
    this.#outer = outer;
    if (outer?.aborted) this.#pass_on();
    outer?.addEventListener('abort', this.#pass_on);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** So many milliseconds from now; a time that was set before counts no more. */
  set(ms: number): void {
    this.pause();
    const late = `no answer in ${Math.round(ms)} ms`;
    const ring = () => this.#controller.abort(new TimeoutError(late));
    this.#timer = setTimeout(ring, Math.min(ms, longest_ms));
  }

  /** No time runs until the next `set`; the caller's signal still counts. */
  pause(): void {
    clearTimeout(this.#timer);
  }

  /** All is done. */
  end(): void {
    this.pause();
    this.#outer?.removeEventListener('abort', this.#pass_on);
  }

  /** What `work` gives, unless it ends first: then throws why. For work that heeds no signal. */
  race<T>(work: Promise<T>): Promise<T> {
    const { signal } = this;
    return new Promise((resolve, reject) => {
      const give_up = () => reject(signal.reason);
      if (signal.aborted) give_up();
      signal.addEventListener('abort', give_up);
      const done = () => signal.removeEventListener('abort', give_up);
      work.then(
        (value) => (done(), resolve(value)),
        (error) => (done(), reject(signal.aborted ? signal.reason : error)),
      );
    });
  }
}
