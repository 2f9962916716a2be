import { useEffect, useRef, useState } from 'preact/hooks';
import { language } from '../../shared/language';
import { use_signal } from '../../shared/signal';
import { use_keys } from './keys';
import { lazy } from './lazy';
import { Announcer } from './parts/announce';
import { PaymentsPage } from './pages/payments/page';
import { use_waiting } from './reviews/waiting';
import { go, link_to, route, type Route } from './route';
import { gate, may, may_see_settlements, session } from './session';
import { HelpDialog } from './shell/help';
import { MenuSheet, SideNav } from './shell/nav';
import { EndOfSession, LeaveError, SilenceBar } from './shell/notices';
import {
  BackTherePage, SignedOutPage, SignInAgainSheet, SignInPage, SignInSheet, UnreachablePage,
} from './shell/sign_in';
import { TopBar } from './shell/top_bar';
import { t } from './words';

const AuditPage = lazy(async () => (await import('./pages/audit/page')).AuditPage);
const EventsPage = lazy(async () => (await import('./pages/events/page')).EventsPage);
const ConfirmPage = lazy(async () => (await import('./pages/confirm/page')).ConfirmPage);
const SessionsDialog = lazy(
  async () => (await import('./pages/sessions/dialog')).SessionsDialog,
);
const ExportsPage = lazy(async () => (await import('./pages/exports/page')).ExportsPage);
const MoneyPage = lazy(async () => (await import('./pages/money/page')).MoneyPage);
const HealthPage = lazy(async () => (await import('./pages/health/page')).HealthPage);
const SettlementsPage = lazy(
  async () => (await import('./pages/settlements/page')).SettlementsPage,
);
const ClosePage = lazy(async () => (await import('./pages/settlements/close_page')).ClosePage);
const PersonPage = lazy(async () => (await import('./pages/person/page')).PersonPage);
const PlanPage = lazy(async () => (await import('./pages/runs/plan')).PlanPage);
const RunPage = lazy(async () => (await import('./pages/runs/run')).RunPage);
const RunsPage = lazy(async () => (await import('./pages/runs/page')).RunsPage);
const PaymentPage = lazy(async () => (await import('./pages/payment/page')).PaymentPage);
const TicketPage = lazy(async () => (await import('./pages/ticket/page')).TicketPage);
const TodayPage = lazy(async () => (await import('./pages/today/page')).TodayPage);
const TokenPage = lazy(async () => (await import('./pages/token/page')).TokenPage);
const WorkPage = lazy(async () => (await import('./pages/worklist/page')).WorkPage);

function view_of(to: Route) {
  switch (to.view) {
    case 'today': return <TodayPage />;
    case 'payments': return <PaymentsPage query={to.query} private_text={to.private_text} />;
    case 'payment': return <PaymentPage key={to.id} id={to.id} tab={to.tab} />;
    case 'ticket': return <TicketPage key={to.id} id={to.id} />;
    case 'work': return <WorkPage query={to.query} />;
    case 'audit': return <AuditPage query={to.query} private_text={to.private_text} />;
    case 'events': return <EventsPage query={to.query} />;
    case 'money': return <MoneyPage query={to.query} />;
    case 'runs': return <RunsPage />;
    case 'new_run': return <PlanPage query={to.query} />;
    case 'run': return <RunPage key={to.id} id={to.id} query={to.query} />;
    case 'exports': return <ExportsPage query={to.query} />;
    case 'settlements': return <SettlementsPage query={to.query} />;
    case 'close': return <ClosePage query={to.query} />;
    case 'person': return <PersonPage />;
    case 'health': return <HealthPage />;
    case 'nowhere': return <Nowhere path={to.path} />;
    default: return null;
  }
}

function Nowhere({ path }: { path: string }) {
  return (
    <section class="empty">
      <h1>{t('nowhere')}</h1>
      <p>{t('nowhere_lead', { path })}</p>
      <p><a href={link_to.payments}>{t('to_payments')}</a></p>
    </section>
  );
}

// What identifies a page: filters and tabs change without taking the focus away.
const page_of = (to: Route) => ('id' in to ? `${to.view} ${to.id}` : to.view);

function Shell() {
  const here = use_signal(route);
  use_signal(session);
  const [open, set_open] = useState<'help' | 'menu' | 'sessions' | undefined>();
  const content = useRef<HTMLElement>(null);
  const shown = useRef(page_of(here));
  const close = () => set_open(undefined);
  use_waiting();
  use_keys({
    '?': () => set_open('help'),
    'g t': () => go(link_to.today), 'g p': () => go(link_to.payments),
    ...(may('payments_search') && {
      'g w': () => go(link_to.work), 'g m': () => go(link_to.money),
    }),
    ...(may('payments_operate') && {
      'g e': () => go(link_to.events), 'g h': () => go(link_to.health),
    }),
    ...(may('payments_erase') && { 'g v': () => go(link_to.person) }),
    ...(may('payments_audit') && { 'g a': () => go(link_to.audit) }),
    ...(may('payments_refund_bulk') && { 'g r': () => go(link_to.runs) }),
    ...(may('payments_export') && { 'g x': () => go(link_to.exports) }),
    ...(may_see_settlements() && { 'g s': () => go(link_to.settlements) }),
  });

  // So that a payment opens at once.
  useEffect(() => PaymentPage.prepare(), []);
  useEffect(() => {
    if (shown.current === page_of(here)) return;
    shown.current = page_of(here);
    set_open(undefined);
    scrollTo({ top: 0 });
    content.current?.focus({ preventScroll: true });
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
      <TopBar
        on_help={() => set_open('help')}
        on_sessions={() => set_open('sessions')}
        on_menu={() => set_open('menu')}
      />
      <SilenceBar />
      <EndOfSession />
      <LeaveError />
      <div class="under-bar">
        <SideNav />
        <main id="content" tabIndex={-1} ref={content}>{view_of(here)}</main>
      </div>
      {open === 'help' && <HelpDialog on_close={close} />}
      {open === 'sessions' && <SessionsDialog on_close={close} />}
      {open === 'menu' && (
        <MenuSheet
          on_close={close}
          on_help={() => set_open('help')}
          on_sessions={() => set_open('sessions')}
        />
      )}
    </>
  );
}

// Pages outside of the shell, for whoever is not signed in, or just has been.
function outside(here: Route, is_signed_in: boolean) {
  switch (here.view) {
    case 'sign_in': return <TokenPage to={here.to} />;
    case 'confirm': return <ConfirmPage to={here.to} />;
    case 'back_there': return is_signed_in ? <BackTherePage /> : undefined;
    case 'signed_out':
      return here.failed || !is_signed_in ? <SignedOutPage failed={here.failed} /> : undefined;
    default: return undefined;
  }
}

export function App() {
  use_signal(language);
  const state = use_signal(gate);
  const here = use_signal(route);
  const is_left = here.view === 'signed_out' && !here.failed;
  useEffect(() => {
    if (is_left && state === 'open') go(link_to.today, { replace: true });
  }, [is_left, state]);
  if (state === 'starting') return null;
  const door = outside(here, state === 'open');
  return (
    <>
      {door ?? (state === 'sign_in' ? <SignInPage />
        : state === 'unreachable' || state === 'no_database' ? <UnreachablePage why={state} />
        : <Shell />)}
      {!door && state === 'lost' && <SignInSheet />}
      {!door && state === 'stale' && <SignInAgainSheet />}
      <Announcer />
    </>
  );
}
