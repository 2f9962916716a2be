// What filters are made of: a choice, a field that counts while one types, and a button that drops
// one of them.
import type { ComponentChildren, InputHTMLAttributes, PartialInputHTMLAttributes } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { t } from '../words';
import { Icon } from './icon';
import { use_wide } from './wide';

const typing_ms = 350;

interface TypedProps {
  label: string;
  given: string;
  on_change: (text: string) => void;
  type?: 'date';
  inputMode?: 'decimal';
  placeholder?: string;
  list?: string;
  wrong?: boolean;
}

// A field whose text counts a moment after the last key, or at once on leaving it.
export function Typed({ label, given, on_change, wrong, ...more }: TypedProps) {
  const [text, set_text] = useState(given);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  // Before anybody can type into what is drawn: later it would take that away.
  useLayoutEffect(() => set_text(given), [given]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const say = (value: string) => {
    clearTimeout(timer.current);
    if (value !== given) on_change(value);
  };
  const attributes: PartialInputHTMLAttributes<HTMLInputElement> = {
    type: 'text',
    autocomplete: 'off',
    ...more,
    'aria-label': label,
    'aria-invalid': wrong ? 'true' : undefined,
    value: text,
    onInput: (event) => {
      const value = event.currentTarget.value.trim();
      set_text(event.currentTarget.value);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => say(value), typing_ms);
    },
    onChange: (event) => say(event.currentTarget.value.trim()),
  };
  return <input {...(attributes as InputHTMLAttributes)} />;
}

export function Choice({ label, value, values, name_of, set }: {
  label: string; value: string; values: readonly string[]; name_of: (one: string) => string;
  set: (value: string) => void;
}) {
  return (
    <label class="choice">
      <span class="label">{label}</span>
      <select value={value} onChange={(event) => set(event.currentTarget.value)}>
        <option value="">{t('all')}</option>
        {values.map((one) => <option key={one} value={one}>{name_of(one)}</option>)}
      </select>
    </label>
  );
}

export function DropButton({ what, on_drop }: { what: string; on_drop: () => void }) {
  return (
    <button type="button" class="chip" aria-label={t('drop', { what })} onClick={on_drop}>
      {what}<Icon glyph="cross" />
    </button>
  );
}

interface BarProps {
  count: number; // of filters that are set
  on_clear: (() => void) | undefined;
  below?: ComponentChildren; // what is wrong with them
  children: ComponentChildren;
}

// Where there is room the filters are always open; on a phone they are folded.
export function FilterBar({ count, on_clear, below, children }: BarProps) {
  const wide = use_wide();
  const [open, set_open] = useState(false);
  return (
    <details class="filters" open={wide || open}>
      <summary
        onClick={(event) => {
          event.preventDefault();
          set_open(!open);
        }}
      >
        <Icon glyph="filter" />
        {count > 0 ? t('filters_n', { n: count }) : t('filters')}
      </summary>
      <div class="filter-row" role="group" aria-label={t('filters')}>
        {children}
        {on_clear && (
          <button type="button" class="link-button" onClick={on_clear}>{t('clear')}</button>
        )}
      </div>
      {below}
    </details>
  );
}
