// A list that is read page by page: the first page again and again, until older ones are asked for.
import { useRef, useState } from 'preact/hooks';
import { use_live, type Live } from './loading';

export interface Page<Row, Next> {
  rows: Row[];
  next: Next | null; // what older ones come after; null: there are none
}

export interface Paged<Row> extends Live<unknown> {
  rows: Row[]; // of all pages that came, none twice; of inputs given before while `is_old`
  came: string; // the inputs that the rows are of; '' while there are none
  has_older: boolean;
  is_open: boolean; // older ones are shown, so nothing new comes in
  busy: boolean; // older ones are on their way
  older_error: unknown;
  load_older(by_itself: boolean): Promise<void>; // `by_itself`: nobody has asked for it
  newest(): void; // forgets the older ones
}

export function use_pages<Row, Next, First extends Page<Row, Next>>(
  load: (after: Next | undefined, poll: boolean) => Promise<First>, inputs: string,
  id_of: (row: Row) => number | string, every_ms?: number,
): Paged<Row> & { value: First | undefined } {
  const [opened, set_opened] = useState<string>();
  const [older, set_older] = useState<Page<Row, Next> & { of: string }>();
  const [state, set_state] = useState<{ busy: boolean; error: unknown }>({
    busy: false, error: undefined,
  });
  const is_open = opened === inputs;
  const first = use_live((poll) => load(undefined, poll), inputs, is_open ? undefined : every_ms);
  const mine = older?.of === inputs && !first.is_old ? older : undefined;
  const next = mine ? mine.next : first.value?.next ?? null;
  const now = useRef(inputs);
  now.current = inputs;

  async function load_older(by_itself: boolean) {
    if (state.busy || next === null) return;
    set_opened(inputs);
    set_state({ busy: true, error: undefined });
    try {
      const page = await load(next, by_itself);
      if (now.current === inputs) {
        set_older({ of: inputs, rows: [...(mine?.rows ?? []), ...page.rows], next: page.next });
      }
      set_state({ busy: false, error: undefined });
    } catch (error) {
      set_state({ busy: false, error });
    }
  }

  const known = new Set<number | string>();
  const rows = [...(first.value?.rows ?? []), ...(mine?.rows ?? [])].filter((row) => {
    const is_new = !known.has(id_of(row));
    known.add(id_of(row));
    return is_new;
  });
  return {
    ...first,
    rows,
    came: first.value !== undefined && !first.is_old ? inputs : '',
    has_older: next !== null,
    is_open,
    busy: state.busy,
    older_error: state.error,
    load_older,
    newest() {
      set_opened(undefined);
      set_older(undefined);
      set_state({ busy: false, error: undefined });
      first.reload();
    },
  };
}
