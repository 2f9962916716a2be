// Light or dark: the visitor's system decides until they choose.
import { signal_of } from './signal';

export type Theme = 'light' | 'dark';
const storage_key = 'theme';
const system = matchMedia('(prefers-color-scheme: dark)');

function current(): Theme {
  const kept = localStorage.getItem(storage_key);
  if (kept === 'light' || kept === 'dark') return kept;
  return system.matches ? 'dark' : 'light';
}

export const theme = signal_of<Theme>(current());

function apply() {
  document.documentElement.dataset['theme'] = current();
  theme.set(current());
}

apply();
system.addEventListener('change', apply);

export function toggle_theme() {
  localStorage.setItem(storage_key, theme.get() === 'dark' ? 'light' : 'dark');
  apply();
}
