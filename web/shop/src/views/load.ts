import { useEffect, useState } from 'preact/hooks';
import { trouble_of, type Trouble } from '../problems';

export interface Loaded<T> {
  value: T | undefined;
  trouble: Trouble | undefined;
  reload(): void;
}

// Something fetched for a view, again whenever `reload` is called; an answer that comes after the
// view is gone is dropped.
export function use_loaded<T>(load: () => Promise<T>): Loaded<T> {
  const [value, set_value] = useState<T>();
  const [trouble, set_trouble] = useState<Trouble>();
  const [turn, set_turn] = useState(0);
  useEffect(() => {
    let gone = false;
    load().then(
      (loaded) => { if (!gone) { set_value(() => loaded); set_trouble(undefined); } },
      (error) => { if (!gone) set_trouble(trouble_of(error)); },
    );
    return () => { gone = true; };
  }, [turn]);
  return { value, trouble, reload: () => set_turn(turn + 1) };
}
