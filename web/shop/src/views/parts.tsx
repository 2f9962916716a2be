// Pieces that several views share.
import type { ComponentChildren } from 'preact';
import { Icon, Mandala, type Glyph } from '../art';
import type { Trouble } from '../problems';
import { t } from '../i18n';

export function Loading() {
  return (
    <p class="loading" role="status">
      <span class="spinner" aria-hidden="true" />
      {t('loading')}
    </p>
  );
}

export function TroubleNote({ trouble, on_retry }: { trouble: Trouble; on_retry?: () => void }) {
  return (
    <div class="note note-bad" role="alert">
      <strong>{t('problem')}</strong>
      <p>{trouble.text}</p>
      {trouble.detail && <p class="fine">{trouble.detail}</p>}
      {on_retry && (
        <button type="button" class="button quiet" onClick={on_retry}>{t('try_again')}</button>
      )}
    </div>
  );
}

export type Tone = 'good' | 'bad' | 'calm';
const glyph_of: Record<Tone, Glyph> = { good: 'check', bad: 'cross', calm: 'clock' };

interface VerdictProps {
  tone: Tone;
  title: string;
  glyph?: Glyph;
  children?: ComponentChildren;
}

// How a payment ended, on a card of its own.
export function Verdict({ tone, title, glyph, children }: VerdictProps) {
  return (
    <section class={`verdict verdict-${tone}`} aria-labelledby="verdict-title">
      {tone === 'good' && <div class="bloom"><Mandala seed={2027} /></div>}
      <div class="seal"><Icon glyph={glyph ?? glyph_of[tone]} /></div>
      <div role={tone === 'bad' ? 'alert' : 'status'}>
        <h1 id="verdict-title">{title}</h1>
      </div>
      {children}
    </section>
  );
}

export function Facts({ rows }: { rows: [string, string | undefined | null][] }) {
  return (
    <dl class="facts">
      {rows.filter(([, value]) => value).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
