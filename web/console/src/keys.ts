// Keyboard: single keys, and `g` with another. None with Ctrl, Alt or Meta is taken, though what
// AltGr types is a key, as `[` on a Hungarian keyboard. Single keys can be switched off (WCAG
// 2.1.4).
import { useLayoutEffect, useRef } from 'preact/hooks';
import { signal_of } from '../../shared/signal';

const storage_key = 'single-keys';
const second_key_within_ms = 1500;

export const single_keys = signal_of(localStorage.getItem(storage_key) !== 'off');

export function switch_single_keys(on: boolean) {
  localStorage.setItem(storage_key, on ? 'on' : 'off');
  single_keys.set(on);
}

type Keys = Record<string, (event: KeyboardEvent) => void>;
const layers: { keys: Keys }[] = [];
let prefix: { key: string; until: number } | undefined;

const is_typing = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

function pressed(event: KeyboardEvent): string {
  const before = prefix;
  prefix = undefined;
  if (before && before.until > performance.now()) return `${before.key} ${event.key}`;
  return event.key;
}

const is_command = (event: KeyboardEvent) =>
  event.metaKey || ((event.ctrlKey || event.altKey) && !event.getModifierState('AltGraph'));

addEventListener('keydown', (event) => {
  if (is_command(event) || event.defaultPrevented) return;
  if (event.isComposing || event.repeat || !single_keys.get()) return;
  if (is_typing(event.target) || document.querySelector('dialog[open]')) return;
  const name = pressed(event);
  if (name === 'g') {
    prefix = { key: 'g', until: performance.now() + second_key_within_ms };
    return;
  }
  for (let i = layers.length - 1; i >= 0; --i) {
    const act = layers[i]?.keys[name];
    if (!act) continue;
    event.preventDefault();
    return act(event);
  }
});

// While the view is shown, its keys count, from the moment it can be seen; the view shown last goes
// first.
export function use_keys(keys: Keys) {
  const layer = useRef({ keys });
  layer.current.keys = keys;
  useLayoutEffect(() => {
    const mine = layer.current;
    layers.push(mine);
    return () => void layers.splice(layers.indexOf(mine), 1);
  }, []);
}
