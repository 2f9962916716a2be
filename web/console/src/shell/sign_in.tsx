// The way in: a page when nobody was signed in, a sheet over the page when a session ended.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Sun } from '../../../shared/sun';
import { Problem } from '../net/call';
import { sign_in_with_token } from '../net/operations';
import { Dialog } from '../parts/dialog';
import { ProblemNote } from '../parts/problem';
import { read_session } from '../session';
import { t } from '../words';

const here = () => location.pathname + location.search;
// Where `to` may lead, so that nobody is sent in circles.
const target = () => (here().startsWith('/console/signed-out') ? '/console/payments' : here());

// How staff sign in here: by a token, for development, or at the identity provider.
const way = document.querySelector<HTMLMetaElement>('meta[name="sign-in"]')?.content;

function TokenForm() {
  const [token, set_token] = useState('');
  const [busy, set_busy] = useState(false);
  const [error, set_error] = useState<unknown>();
  const field = useRef<HTMLTextAreaElement>(null);
  const refused = error instanceof Problem && [400, 401, 403].includes(error.status);

  async function enter(with_token: string) {
    set_busy(true);
    set_error(undefined);
    try {
      await sign_in_with_token(with_token.trim());
      await read_session();
    } catch (wrong) {
      set_error(wrong);
      field.current?.focus();
    }
    set_busy(false);
  }

  const wrong = error === 'empty' ? t('sign_in_empty')
    : refused ? t('sign_in_wrong', { detail: (error as Problem).detail }) : '';
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (busy) return;
        if (token.trim()) return void enter(token);
        set_error('empty');
        field.current?.focus();
      }}
    >
      <div class="field">
        <label for="token">{t('sign_in_token')}</label>
        <textarea
          id="token"
          ref={field}
          rows={4}
          spellcheck={false}
          autocomplete="off"
          value={token}
          aria-invalid={wrong ? 'true' : undefined}
          aria-describedby="token-hint token-wrong"
          onInput={(event) => set_token(event.currentTarget.value)}
        />
        <p class="fine" id="token-hint">{t('sign_in_token_hint')}</p>
        <p class="wrong" id="token-wrong" role="alert">{wrong}</p>
      </div>
      {error !== undefined && !wrong && <ProblemNote error={error} />}
      <button type="submit" class="button strong" disabled={busy}>{t('sign_in')}</button>
    </form>
  );
}

function WayIn({ over_page }: { over_page: boolean }) {
  if (way === 'token') return <TokenForm />;
  const to = encodeURIComponent(target());
  // Over a page it is done in another tab, so that what was typed here stays.
  return over_page ? (
    <div class="stack">
      <a class="button strong" href={`/console/sign-in?to=${to}`} target="_blank" rel="noopener">
        {t('sign_in_elsewhere')}
      </a>
      <p class="fine">{t('sign_in_elsewhere_lead')}</p>
    </div>
  ) : (
    <a class="button strong" href={`/console/sign-in?to=${to}`}>{t('sign_in_go')}</a>
  );
}

export function SignInPage() {
  return (
    <main class="door" id="content" tabIndex={-1}>
      <div class="door-card stack">
        <Sun />
        <div>
          <h1>{t('sign_in')}</h1>
          <p class="soft">{t('sign_in_lead')}</p>
        </div>
        <WayIn over_page={false} />
      </div>
    </main>
  );
}

export function SignInSheet() {
  return (
    <Dialog labelled_by="lost-title" class="sheet-top">
      <div class="stack">
        <div>
          <h2 id="lost-title">{t('session_lost')}</h2>
          <p class="soft">{t('session_lost_lead')}</p>
        </div>
        <WayIn over_page={true} />
      </div>
    </Dialog>
  );
}

// Stays, and begins no sign-in by itself.
export function SignedOutPage() {
  return (
    <main class="door" id="content" tabIndex={-1}>
      <div class="door-card stack">
        <Sun />
        <div>
          <h1>{t('signed_out')}</h1>
          <p class="soft">{t('signed_out_lead')}</p>
        </div>
        <a class="button" href="/console/payments">{t('sign_in_again')}</a>
      </div>
    </main>
  );
}

export function UnreachablePage() {
  useEffect(() => {
    const timer = setInterval(() => void read_session(), 5000);
    return () => clearInterval(timer);
  }, []);
  return (
    <main class="door" id="content" tabIndex={-1}>
      <div class="door-card stack">
        <Sun />
        <div role="alert">
          <h1>{t('unreachable')}</h1>
          <p class="soft">{t('unreachable_lead')}</p>
        </div>
        <button type="button" class="button" onClick={() => void read_session()}>
          {t('try_again')}
        </button>
      </div>
    </main>
  );
}
