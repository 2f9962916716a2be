// Something read from the service for a view, and read again.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Problem } from './net/call';

export interface Live<T> {
  value: T | undefined; // the last one that came for these inputs, or for those before
  error: unknown; // of the last try, undefined after a good one
  is_old: boolean; // `value` is of inputs that were given before
  is_late: boolean; // nothing to show, and 300 ms have passed
  reload(by_itself?: boolean): void; // `by_itself`: nobody has asked for it
}

const skeleton_after_ms = 300;

// It is not for this person, or not any more: nothing of it stays on the page, and no clock asks
// again.
const is_denied = (error: unknown) =>
  error instanceof Problem && [403, 404].includes(error.status);

// Reads when `inputs` change, whenever `reload` is called, and every `every_ms` (undefined: not)
// while the page is visible, but not before the service's Retry-After. An answer that comes after
// the inputs have changed is dropped.
export function use_live<T>(
  load: (poll: boolean) => Promise<T>, inputs: string, every_ms?: number,
): Live<T> {
  const [, draw] = useState(0);
  const kept = useRef({ value: undefined as T | undefined, of: '', error: undefined as unknown });
  const [late_for, set_late_for] = useState('');
  const turn = useRef(0);
  const busy = useRef(false);
  const rest_until = useRef(0); // by performance.now()
  const loader = useRef(load);
  loader.current = load;

  function note_error(error: unknown, poll: boolean) {
    const wait_s = error instanceof Problem ? error.retry_after_s : 0;
    rest_until.current = performance.now() + 1000 * wait_s;
    // A poll that failed leaves what is shown; the line across the page tells of silence.
    if (is_denied(error)) kept.current = { value: undefined, of: '', error };
    else if (!poll || kept.current.value === undefined || kept.current.error !== undefined) {
      kept.current.error = error;
    }
  }

  async function read(poll: boolean) {
    if (poll && (busy.current || performance.now() < rest_until.current)) return;
    if (poll && is_denied(kept.current.error)) return;
    const mine = ++turn.current;
    busy.current = true;
    const error = await loader.current(poll).then(
      (value) => {
        if (mine === turn.current) kept.current = { value, of: inputs, error: undefined };
      },
      (error: unknown) => ({ error }),
    );
    if (mine !== turn.current) return;
    busy.current = false;
    if (error) note_error(error.error, poll);
    draw(mine);
  }

  useEffect(() => {
    kept.current.error = undefined;
    void read(false);
    const late = setTimeout(() => set_late_for(inputs), skeleton_after_ms);
    return () => {
      clearTimeout(late);
      ++turn.current;
      busy.current = false;
    };
  }, [inputs]);

  useEffect(() => {
    if (every_ms === undefined) return;
    const poll = () => { if (!document.hidden) void read(true); };
    const timer = setInterval(poll, every_ms);
    return () => clearInterval(timer);
  }, [inputs, every_ms]);

  const { value, of, error } = kept.current;
  return {
    value,
    error,
    is_old: value !== undefined && of !== inputs,
    is_late: value === undefined && error === undefined && late_for === inputs,
    reload: (by_itself = false) => {
      rest_until.current = 0;
      void read(by_itself);
    },
  };
}
