// Rows of 36 or 44 pixels, as the person likes them.
import { signal_of } from '../../shared/signal';

const storage_key = 'rows';

export const roomy = signal_of(localStorage.getItem(storage_key) === 'roomy');

export function make_roomy(on: boolean) {
  localStorage.setItem(storage_key, on ? 'roomy' : 'dense');
  document.documentElement.dataset['rows'] = on ? 'roomy' : 'dense';
  roomy.set(on);
}

document.documentElement.dataset['rows'] = roomy.get() ? 'roomy' : 'dense';
