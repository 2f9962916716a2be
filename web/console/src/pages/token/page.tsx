// In development staff sign in with a token: pasted, or one that ./run has made for a sample person
// and put behind the `#` of the address, which no browser sends anywhere.
import type { Ref } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Problem } from '../../net/call';
import { sign_in_with_token } from '../../net/operations';
import { ProblemNote } from '../../parts/problem';
import { link_to } from '../../route';
import { Door } from '../../shell/sign_in';
import { t } from './words';

// It must not stay in the address, nor in the history: it is gone before anything is drawn.
function take_token_from_address(): string {
  const { hash } = location;
  if (hash) history.replaceState(null, '', location.pathname + location.search);
  return new URLSearchParams(hash.slice(1)).get('token') ?? '';
}

// Only into the console, wherever `to` points.
export function inside(to: string): string {
  const target = new URL(to || link_to.today, location.origin);
  const is_inside = target.origin === location.origin && target.pathname.startsWith('/console/');
  return is_inside ? target.pathname + target.search : link_to.today;
}

// Whose token it is, for the eyes only: who may sign in with it the service decides.
function name_in(token: string): string {
  try {
    const text = atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    const { name, sub } = JSON.parse(new TextDecoder().decode(bytes));
    return String(name ?? sub ?? '');
  } catch {
    return '';
  }
}

function TokenField({ field, token, wrong, set }: {
  field: Ref<HTMLTextAreaElement>; token: string; wrong: string; set: (token: string) => void;
}) {
  return (
    <div class="field">
      <label for="token">{t('token')}</label>
      <textarea
        id="token"
        ref={field}
        rows={4}
        spellcheck={false}
        autocomplete="off"
        value={token}
        aria-invalid={wrong ? 'true' : undefined}
        aria-describedby="token-hint token-wrong"
        onInput={(event) => set(event.currentTarget.value)}
      />
      <p class="fine" id="token-hint">{t('hint')}</p>
      <p class="wrong" id="token-wrong" role="alert">{wrong}</p>
    </div>
  );
}

export function TokenPage({ to }: { to: string }) {
  const [token, set_token] = useState(take_token_from_address);
  const [busy, set_busy] = useState(false);
  const [error, set_error] = useState<unknown>();
  const field = useRef<HTMLTextAreaElement>(null);
  const refused = error instanceof Problem && [400, 401, 403].includes(error.status);
  const name = name_in(token);

  useEffect(() => { document.title = `${t('title')} · O.Z.O.R.A.`; });

  async function enter(with_token: string) {
    set_busy(true);
    set_error(undefined);
    try {
      await sign_in_with_token(with_token);
      location.replace(inside(to));
    } catch (wrong) {
      set_error(wrong);
      set_busy(false);
      field.current?.focus();
    }
  }

  const wrong = error === 'empty' ? t('empty')
    : refused ? t('wrong', { detail: (error as Problem).detail }) : '';
  return (
    <Door>
      <div>
        <h1>{t('title')}</h1>
        <p class="soft">{t('lead')}</p>
      </div>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (busy) return;
          if (token.trim()) return void enter(token.trim());
          set_error('empty');
          field.current?.focus();
        }}
      >
        <TokenField
          field={field}
          token={token}
          wrong={wrong}
          set={(typed) => {
            set_token(typed);
            set_error(undefined);
          }}
        />
        {error !== undefined && !wrong && <ProblemNote error={error} />}
        <button type="submit" class="button strong" aria-busy={busy}>
          {name ? t('go_as', { name }) : t('go')}
        </button>
      </form>
    </Door>
  );
}
