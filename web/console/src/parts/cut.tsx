// A long list, cut: thousands of rows at once would hold up the page for seconds.
import { useState } from 'preact/hooks';
import { format_number } from '../format';

const at_once = 200;

// The first of `list`, and a button for more where there are more. `more` says "{n} more".
export function use_cut<T>(list: T[], more: (n: string) => string) {
  const [most, set_most] = useState(at_once);
  const left = list.length - most;
  return {
    shown: left > 0 ? list.slice(0, most) : list,
    button: left > 0 && (
      <button type="button" class="button" onClick={() => set_most(most + at_once)}>
        {more(format_number(left))}
      </button>
    ),
  };
}
