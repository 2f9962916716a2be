// Something read from the service for a view, and read again.
import { useEffect, useRef, useState } from 'preact/hooks';

export interface Live<T> {
  value: T | undefined; // the last one that came for these inputs, or for those before
  error: unknown; // of the last try, undefined after a good one
  is_old: boolean; // `value` is of inputs that were given before
  is_late: boolean; // nothing to show, and 300 ms have passed
  reload(): void;
}

const skeleton_after_ms = 300;

// Reads when `inputs` change, whenever `reload` is called, and every `every_ms` (undefined: not)
// while the page is visible. An answer that comes after the inputs have changed is dropped.
export function use_live<T>(
  load: (poll: boolean) => Promise<T>, inputs: string, every_ms?: number,
): Live<T> {
  const [, draw] = useState(0);
  const kept = useRef({ value: undefined as T | undefined, of: '', error: undefined as unknown });
  const [late_for, set_late_for] = useState('');
  const turn = useRef(0);
  const busy = useRef(false);
  const loader = useRef(load);
  loader.current = load;

  async function read(poll: boolean) {
    if (poll && busy.current) return;
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
    // A poll that failed leaves what is shown; the line across the page tells of silence.
    if (error && !(poll && kept.current.value !== undefined)) kept.current.error = error.error;
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
    reload: () => void read(false),
  };
}
