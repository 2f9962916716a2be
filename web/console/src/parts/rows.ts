// `j` and `k`: the focus goes from row to row of what is listed on the page.
import { use_keys } from '../keys';
import { copy_text } from './copy';

function move_row(by: 1 | -1) {
  const links = [...document.querySelectorAll<HTMLElement>('.row-link')];
  const now = links.indexOf(document.activeElement as HTMLElement);
  const next = now < 0 ? (by > 0 ? 0 : links.length - 1) : now + by;
  links[Math.min(Math.max(next, 0), links.length - 1)]?.focus();
}

// And `y`, which copies the id of the row.
export function use_row_keys() {
  use_keys({
    j: () => move_row(1),
    k: () => move_row(-1),
    y: () => {
      const id = (document.activeElement as HTMLElement | null)?.dataset['id'];
      if (id) void copy_text(id).catch(() => {});
    },
  });
}
