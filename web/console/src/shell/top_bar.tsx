import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { language, set_language } from '../../../shared/language';
import { signal_of, use_signal } from '../../../shared/signal';
import { Sun } from '../../../shared/sun';
import { theme, toggle_theme } from '../../../shared/theme';
import { make_roomy, roomy } from '../density';
import { use_keys } from '../keys';
import { sign_out } from '../net/operations';
import { Icon } from '../parts/icon';
import { go, link_to, route } from '../route';
import { leave_to, session } from '../session';
import { t } from '../words';

// An e-mail address must not stand in the page's address: those are kept in logs and histories.
export function search_for(text: string) {
  if (text.includes('@')) go(link_to.payments, { private_text: text });
  else go(text ? `${link_to.payments}?q=${encodeURIComponent(text)}` : link_to.payments);
}

function SearchBox() {
  const field = useRef<HTMLInputElement>(null);
  const here = use_signal(route);
  const searched = here.view === 'payments' ? here.private_text || here.query.get('q') || '' : '';
  const [text, set_text] = useState(searched);
  // Before anybody can type into what is drawn: later it would take that away.
  useLayoutEffect(() => set_text(searched), [searched, here]);
  use_keys({
    '/': () => {
      field.current?.focus();
      field.current?.select();
    },
  });
  return (
    <form
      role="search"
      class="search"
      onSubmit={(event) => {
        event.preventDefault();
        search_for(text.trim());
        // To what is found: single keys act again.
        document.getElementById('content')?.focus({ preventScroll: true });
      }}
    >
      <Icon glyph="search" />
      <input
        ref={field}
        type="search"
        aria-label={t('search')}
        placeholder={t('search_hint')}
        autocomplete="off"
        spellcheck={false}
        enterkeyhint="search"
        maxLength={254}
        value={text}
        onInput={(event) => set_text(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && text === '') event.currentTarget.blur();
        }}
      />
      <kbd aria-hidden="true">/</kbd>
    </form>
  );
}

export function LanguageSwitch() {
  const spoken = use_signal(language);
  return (
    <div class="segments" role="group" aria-label={t('language')}>
      {(['hu', 'en'] as const).map((to) => (
        <button
          key={to}
          type="button"
          lang={to}
          aria-pressed={spoken === to}
          onClick={() => set_language(to)}
        >
          {to.toUpperCase()}
          <span class="unseen"> {t(to === 'hu' ? 'in_hungarian' : 'in_english')}</span>
        </button>
      ))}
    </div>
  );
}

export function ThemeSwitch() {
  const dark = use_signal(theme) === 'dark';
  const label = t(dark ? 'theme_light' : 'theme_dark');
  return (
    <button
      type="button"
      class="bar-button"
      aria-label={label}
      title={label}
      onClick={toggle_theme}
    >
      <Icon glyph={dark ? 'day' : 'moon'} />
    </button>
  );
}

export async function leave() {
  leave_error.set(undefined);
  try {
    leave_to((await sign_out()).redirect_url);
  } catch (error) {
    leave_error.set(error);
  }
}
export const leave_error = signal_of<unknown>(undefined);

function Person({ on_help, on_sessions }: { on_help: () => void; on_sessions: () => void }) {
  const read = use_signal(session);
  const is_roomy = use_signal(roomy);
  const box = useRef<HTMLDetailsElement>(null);
  useEffect(() => close_outside(box.current!), []);
  if (!read) return null;
  const act = (what: () => void) => () => {
    box.current?.removeAttribute('open');
    what();
  };
  return (
    <details class="drop person-menu" ref={box}>
      <summary class="bar-button">
        <span class="person-name">{read.user.name || read.user.sub}</span>
        <Icon glyph="down" />
      </summary>
      <div class="drop-box drop-right stack">
        <p class="fine">
          {t('signed_in_as')} <strong>{read.user.name || read.user.sub}</strong>
        </p>
        <button type="button" class="drop-item" onClick={act(on_help)}>
          <Icon glyph="keys" />{t('keyboard')}<kbd aria-hidden="true">?</kbd>
        </button>
        <label class="drop-item">
          <input
            type="checkbox"
            checked={is_roomy}
            onChange={(event) => make_roomy(event.currentTarget.checked)}
          />
          {t('density')}
        </label>
        <button type="button" class="drop-item" onClick={act(on_sessions)}>
          <Icon glyph="keys" />{t('my_sessions')}
        </button>
        <button type="button" class="drop-item" onClick={act(() => void leave())}>
          <Icon glyph="out" />{t('sign_out')}
        </button>
        <p class="fine">{t('build', { version: read.version, commit: read.commit.slice(0, 7) })}</p>
      </div>
    </details>
  );
}

// A box of <details> closes as a menu does: by Esc, or by a click or focus elsewhere.
export function close_outside(box: HTMLDetailsElement) {
  const away = (event: Event) => {
    if (box.open && !box.contains(event.target as Node)) box.open = false;
  };
  const key = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !box.open) return;
    box.open = false;
    box.querySelector('summary')?.focus();
  };
  document.addEventListener('pointerdown', away);
  document.addEventListener('focusin', away);
  box.addEventListener('keydown', key);
  return () => {
    document.removeEventListener('pointerdown', away);
    document.removeEventListener('focusin', away);
    box.removeEventListener('keydown', key);
  };
}

interface BarProps {
  on_help: () => void;
  on_sessions: () => void;
  on_menu: () => void;
}

export function TopBar({ on_help, on_sessions, on_menu }: BarProps) {
  const live = use_signal(session)?.live ?? true;
  return (
    <header class={`bar ${live ? 'bar-live' : 'bar-test'}`}>
      <a class="brand" href={link_to.today} aria-label={`O.Z.O.R.A. ${t('payments_system')}`}>
        <Sun />
        <span class="brand-name">O.Z.O.R.A. <span>{t('payments_system')}</span></span>
      </a>
      <SearchBox />
      <strong class="environment" title={t(live ? 'live_title' : 'test_title')}>
        {t(live ? 'live' : 'test')}
      </strong>
      <div class="bar-switches">
        <LanguageSwitch />
        <ThemeSwitch />
        <Person on_help={on_help} on_sessions={on_sessions} />
      </div>
      <button type="button" class="bar-button bar-menu" aria-label={t('menu')} onClick={on_menu}>
        <Icon glyph="menu" />
      </button>
    </header>
  );
}
