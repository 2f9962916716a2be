import { useEffect, useRef } from 'preact/hooks';
import { language, set_language } from '../../shared/language';
import { use_signal } from '../../shared/signal';
import { Sun } from '../../shared/sun';
import { theme, toggle_theme } from '../../shared/theme';
import { Icon } from './art';
import { t } from './i18n';
import { link_to, route, type Route } from './route';
import { OutcomeView } from './views/outcome';
import { ReturnView } from './views/return';
import { TicketView } from './views/ticket';
import { TicketsView } from './views/tickets';

function view_of(to: Route) {
  switch (to.view) {
    case 'tickets': return <TicketsView />;
    case 'ticket': return <TicketView key={to.id} id={to.id} />;
    case 'outcome': return <OutcomeView key={to.transaction} id={to.transaction} />;
    case 'return': return <ReturnView key={to.s} r={to.r} s={to.s} />;
  }
}

function Header() {
  const spoken = use_signal(language);
  const dark = use_signal(theme) === 'dark';
  const theme_label = t(dark ? 'theme_light' : 'theme_dark');
  return (
    <header class="top">
      <a class="brand" href={link_to.tickets} aria-label="O.Z.O.R.A.">
        <Sun />
        <span class="brand-name">O.Z.O.R.A.</span>
      </a>
      <div class="switches">
        <button
          type="button"
          class="switch"
          lang={spoken === 'en' ? 'hu' : 'en'}
          onClick={() => set_language(spoken === 'en' ? 'hu' : 'en')}
        >
          {t('switch_language')}
        </button>
        <button
          type="button"
          class="switch round"
          aria-label={theme_label}
          title={theme_label}
          onClick={toggle_theme}
        >
          <Icon glyph={dark ? 'day' : 'moon'} />
        </button>
      </div>
    </header>
  );
}

export function App() {
  use_signal(language);
  const here = use_signal(route);
  const content = useRef<HTMLElement>(null);
  const first = useRef(true);

  useEffect(() => {
    if (!first.current) {
      scrollTo({ top: 0 });
      content.current?.focus({ preventScroll: true });
    }
    first.current = false;
  }, [here]);

  return (
    <>
      <a
        class="skip"
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          content.current?.focus();
        }}
      >
        {t('skip_to_content')}
      </a>
      <Header />
      <main id="content" tabIndex={-1} ref={content}>
        {view_of(here)}
      </main>
      <footer class="foot">
        <p>{t('demo_ribbon')}</p>
      </footer>
    </>
  );
}
