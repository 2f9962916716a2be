// The way in: a page when nobody was signed in, a sheet over the page when a session ended. Both
// lead to one address, where the service sends the browser on to the identity provider, or, in
// development, shows the page on which a token is pasted.
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { use_signal } from '../../../shared/signal';
import { Sun } from '../../../shared/sun';
import { Dialog } from '../parts/dialog';
import { Icon } from '../parts/icon';
import { link_to, route } from '../route';
import { decline_to_sign_in, read_session } from '../session';
import { t, type Key } from '../words';

export function Door({ children }: { children: ComponentChildren }) {
  return (
    <main class="door" id="content" tabIndex={-1}>
      <div class="door-card stack"><Sun />{children}</div>
    </main>
  );
}

export function SignInPage() {
  use_signal(route);
  return (
    <Door>
      <div>
        <h1>{t('sign_in')}</h1>
        <p class="soft">{t('sign_in_lead')}</p>
      </div>
      <a class="button strong" href={link_to.sign_in(location.pathname + location.search)}>
        {t('sign_in_go')}
      </a>
    </Door>
  );
}

function SheetBody({ title, lead }: { title: string; lead: string }) {
  return (
    <>
      <div>
        <h2 id="lost-title">{title}</h2>
        <p class="soft">{lead}</p>
      </div>
      <a
        class="button strong"
        href={link_to.sign_in(link_to.back_there)}
        target="_blank"
        rel="noopener"
      >
        {t('sign_in_elsewhere')}
      </a>
      <p class="fine">{t('sign_in_elsewhere_lead')}</p>
    </>
  );
}

// It is done in another tab, so that what was typed here stays.
export function SignInSheet() {
  return (
    <Dialog labelled_by="lost-title" class="lock">
      <div class="stack">
        <SheetBody title={t('session_lost')} lead={t('session_lost_lead')} />
      </div>
    </Dialog>
  );
}

// Money moves only for who has signed in lately. Whoever declines goes on looking.
export function SignInAgainSheet() {
  return (
    <Dialog labelled_by="lost-title" on_close={decline_to_sign_in}>
      <div class="stack">
        <SheetBody title={t('sign_in_stale')} lead={t('sign_in_stale_lead')} />
        <button type="button" class="button" onClick={decline_to_sign_in}>{t('cancel')}</button>
      </div>
    </Dialog>
  );
}

// The other tab has heard of it and goes on.
export function BackTherePage() {
  return (
    <Door>
      <div role="status">
        <h1>{t('back_there')}</h1>
        <p class="soft">{t('back_there_lead')}</p>
      </div>
      <a class="button" href={link_to.today}>{t('back_there_stay')}</a>
    </Door>
  );
}

const failures: Record<string, Key> = {
  late: 'failed_late', declined: 'failed_declined', refused: 'failed_refused',
  provider: 'failed_provider', clock: 'failed_clock',
};

// Stays, and begins no sign-in by itself. `failed` is why somebody is not signed in after all.
export function SignedOutPage({ failed }: { failed: string }) {
  const why = failed && t(failures[failed] ?? 'failed_refused');
  return (
    <Door>
      <div>
        <h1>{t(failed ? 'sign_in_failed' : 'signed_out')}</h1>
        {!failed && <p class="soft">{t('signed_out_lead')}</p>}
      </div>
      {why && (
        <div class="note note-bad" role="alert"><Icon glyph="alert" /><div>{why}</div></div>
      )}
      <a class="button strong" href={link_to.sign_in(link_to.today)}>{t('sign_in_again')}</a>
    </Door>
  );
}

export function UnreachablePage({ why }: { why: 'unreachable' | 'no_database' }) {
  useEffect(() => {
    const timer = setInterval(() => void read_session(), 5000);
    return () => clearInterval(timer);
  }, []);
  return (
    <Door>
      <div role="alert">
        <h1>{t(why)}</h1>
        <p class="soft">{t(`${why}_lead`)}</p>
      </div>
      <button type="button" class="button" onClick={() => void read_session()}>
        {t('try_again')}
      </button>
    </Door>
  );
}
