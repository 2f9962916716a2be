import { use_signal, type Signal } from '../../../shared/signal';
import { Dialog } from '../parts/dialog';
import { Icon, type Glyph } from '../parts/icon';
import { waiting } from '../reviews/waiting';
import { link_to, route } from '../route';
import { may, session } from '../session';
import { t, type Key } from '../words';
import { LanguageSwitch, leave, ThemeSwitch } from './top_bar';

interface Page {
  name: Key;
  href: string;
  glyph: Glyph;
  needs: string; // or `or`
  or?: string;
  views: string[];
  count?: Signal<number | undefined>; // what waits there
}

// What exists; of it a person sees what they have the privilege for.
const pages: Page[] = [
  {
    name: 'nav_today', href: link_to.today, glyph: 'today', needs: 'payments_search',
    views: ['today'],
  },
  {
    name: 'nav_payments', href: link_to.payments, glyph: 'payments', needs: 'payments_search',
    views: ['payments', 'payment', 'ticket'],
  },
  {
    name: 'nav_work', href: link_to.work, glyph: 'work', needs: 'payments_search', views: ['work'],
    count: waiting,
  },
  {
    name: 'nav_money', href: link_to.money, glyph: 'money', needs: 'payments_search',
    views: ['money'],
  },
  {
    name: 'nav_runs', href: link_to.runs, glyph: 'refunds', needs: 'payments_refund_bulk',
    views: ['runs', 'new_run', 'run'],
  },
  {
    name: 'nav_exports', href: link_to.exports, glyph: 'exports', needs: 'payments_export',
    views: ['exports'],
  },
  {
    name: 'nav_settlements', href: link_to.settlements, glyph: 'settlements',
    needs: 'payments_settlement', or: 'payments_export', views: ['settlements', 'close'],
  },
  {
    name: 'nav_events', href: link_to.events, glyph: 'events', needs: 'payments_operate',
    views: ['events'],
  },
  {
    name: 'nav_health', href: link_to.health, glyph: 'health', needs: 'payments_operate',
    views: ['health'],
  },
  {
    name: 'nav_person', href: link_to.person, glyph: 'person', needs: 'payments_erase',
    views: ['person'],
  },
  {
    name: 'nav_audit', href: link_to.audit, glyph: 'audit', needs: 'payments_audit',
    views: ['audit'],
  },
];

const is_for_this_person = ({ needs, or }: Page) =>
  may(needs) || (or !== undefined && may(or));

function Waiting({ count }: { count: Signal<number | undefined> }) {
  const n = use_signal(count);
  if (!n) return null;
  return (
    <>
      <span class="count" aria-hidden="true">{n > 999 ? '999+' : n}</span>
      <span class="unseen"> {t('waiting', { n })}</span>
    </>
  );
}

function Links({ on_follow }: { on_follow?: () => void }) {
  const here = use_signal(route);
  use_signal(session);
  return (
    <ul>
      {pages.filter(is_for_this_person).map(({ name, href, glyph, views, count }) => (
        <li key={name}>
          <a
            href={href}
            aria-current={views.includes(here.view) ? 'page' : undefined}
            onClick={on_follow}
          >
            <Icon glyph={glyph} />
            {t(name)}
            {count && <Waiting count={count} />}
          </a>
        </li>
      ))}
    </ul>
  );
}

export function SideNav() {
  return <nav class="side" aria-label={t('pages')}><Links /></nav>;
}

// On a phone everything that does not fit into the bar.
export function MenuSheet({ on_close, on_help, on_sessions }: {
  on_close: () => void; on_help: () => void; on_sessions: () => void;
}) {
  const read = use_signal(session);
  return (
    <Dialog labelled_by="menu-title" class="menu-sheet" on_close={on_close}>
      <div class="stack">
        <div class="dialog-head">
          <h2 id="menu-title">{t('menu')}</h2>
          <button type="button" class="bare-button" aria-label={t('close')} onClick={on_close}>
            <Icon glyph="cross" />
          </button>
        </div>
        <nav aria-label={t('pages')}><Links on_follow={on_close} /></nav>
        <div class="menu-row"><LanguageSwitch /><ThemeSwitch /></div>
        <button type="button" class="drop-item" onClick={on_help}>
          <Icon glyph="keys" />{t('keyboard')}
        </button>
        <button type="button" class="drop-item" onClick={on_sessions}>
          <Icon glyph="keys" />{t('my_sessions')}
        </button>
        <button type="button" class="drop-item" onClick={() => void leave()}>
          <Icon glyph="out" />{t('sign_out')} <span class="soft">{read?.user.name}</span>
        </button>
      </div>
    </Dialog>
  );
}
