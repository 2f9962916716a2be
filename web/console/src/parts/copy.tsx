import { useState } from 'preact/hooks';
import { announce } from './announce';
import { Icon } from './icon';
import { t } from '../words';

export async function copy_text(text: string) {
  await navigator.clipboard.writeText(text);
  announce(t('copied', { what: text }));
}

export function CopyButton({ text, what }: { text: string; what: string }) {
  const [done, set_done] = useState(false);
  const label = `${t('copy')}: ${what}`;
  return (
    <button
      type="button"
      class={`bare-button ${done ? 'done' : ''}`}
      aria-label={label}
      title={label}
      onClick={() => copy_text(text).then(() => set_done(true), () => {})}
    >
      <Icon glyph="copy" />
    </button>
  );
}
