// Where in the console the person is. Addresses are real paths, so that they can be sent and kept;
// what must not stand in an address, as an e-mail address, is in the history's state.
import { signal_of } from '../../shared/signal';

export type Route =
  | { view: 'today' }
  | { view: 'payments'; query: URLSearchParams; private_text: string }
  | { view: 'payment'; id: number; tab: string }
  | { view: 'ticket'; id: number }
  | { view: 'work'; query: URLSearchParams }
  | { view: 'audit'; query: URLSearchParams; private_text: string }
  | { view: 'events'; query: URLSearchParams }
  | { view: 'money'; query: URLSearchParams }
  | { view: 'exports'; query: URLSearchParams }
  | { view: 'settlements'; query: URLSearchParams }
  | { view: 'close'; query: URLSearchParams }
  | { view: 'runs' }
  | { view: 'new_run'; query: URLSearchParams }
  | { view: 'run'; id: number; query: URLSearchParams }
  | { view: 'person' }
  | { view: 'health' }
  | { view: 'sign_in'; to: string } // only where staff sign in with a token: else it leads away
  | { view: 'confirm'; to: string } // handed over by the platform: who they are about to be
  | { view: 'signed_out'; failed: string }
  | { view: 'back_there' } // signed in for another tab
  | { view: 'nowhere'; path: string };

const base = '/console';

function kept_text(): string {
  const state = history.state as { text?: unknown } | null;
  return typeof state?.text === 'string' ? state.text : '';
}

function read_route(): Route {
  const path = location.pathname.replace(/\/$/, '');
  const query = new URLSearchParams(location.search);
  const payment = /^\/console\/payments\/(?:TR)?([1-9]\d{0,15})$/.exec(path);
  if (payment) return { view: 'payment', id: Number(payment[1]), tab: query.get('tab') ?? '' };
  const ticket = /^\/console\/tickets\/([1-9]\d{0,15})$/.exec(path);
  if (ticket) return { view: 'ticket', id: Number(ticket[1]) };
  const run = /^\/console\/refunds\/([1-9]\d{0,15})$/.exec(path);
  if (run) return { view: 'run', id: Number(run[1]), query };
  if (path === `${base}/refunds`) return { view: 'runs' };
  if (path === `${base}/refunds/new`) return { view: 'new_run', query };
  if (path === `${base}/work`) return { view: 'work', query };
  if (path === `${base}/audit`) return { view: 'audit', query, private_text: kept_text() };
  if (path === `${base}/events`) return { view: 'events', query };
  if (path === `${base}/money`) return { view: 'money', query };
  if (path === `${base}/exports`) return { view: 'exports', query };
  if (path === `${base}/settlements`) return { view: 'settlements', query };
  if (path === `${base}/settlements/close`) return { view: 'close', query };
  if (path === `${base}/person`) return { view: 'person' };
  if (path === `${base}/health`) return { view: 'health' };
  if (path === `${base}/sign-in`) return { view: 'sign_in', to: query.get('to') ?? '' };
  if (path === `${base}/confirm`) return { view: 'confirm', to: query.get('to') ?? '' };
  if (path === `${base}/back-there`) return { view: 'back_there' };
  if (path === `${base}/signed-out`) {
    return { view: 'signed_out', failed: query.get('failed') ?? '' };
  }
  if (path === base) return { view: 'today' };
  if (path === `${base}/payments`) {
    return { view: 'payments', query, private_text: kept_text() };
  }
  return { view: 'nowhere', path };
}

export const route = signal_of<Route>(read_route());
addEventListener('popstate', () => route.set(read_route()));

interface How {
  replace?: boolean;
  private_text?: string;
}

export function go(href: string, { replace = false, private_text }: How = {}) {
  const state = private_text === undefined ? null : { text: private_text };
  if (replace) history.replaceState(state, '', href);
  else history.pushState(state, '', href);
  route.set(read_route());
}

export const link_to = {
  today: `${base}/`,
  payments: `${base}/payments`,
  payment: (id: number, tab = '') => `${base}/payments/${id}${tab && `?tab=${tab}`}`,
  ticket: (id: number) => `${base}/tickets/${id}`,
  work: `${base}/work`,
  audit: `${base}/audit`,
  events: `${base}/events`,
  dead_events: `${base}/events?tab=dead`,
  message: (id: number) => `${base}/events?tab=incoming&open=${id}`,
  review: (chosen: string) => `${base}/work?chosen=${encodeURIComponent(chosen)}`,
  money: `${base}/money`,
  exports: `${base}/exports`,
  settlements: `${base}/settlements`,
  payout: (id: string) => `${base}/settlements?payout=${encodeURIComponent(id)}`,
  settlement_finding: (key: string) => `${base}/settlements?finding=${key}`,
  close: (month = '') => `${base}/settlements/close${month && `?month=${month}`}`,
  runs: `${base}/refunds`,
  new_run: `${base}/refunds/new`,
  run: (id: number) => `${base}/refunds/${id}`,
  person: `${base}/person`,
  health: `${base}/health`,
  back_there: `${base}/back-there`,
  signed_out: `${base}/signed-out`,
  // Always loaded anew: at an identity provider it leads out of here.
  sign_in: (to: string) => `${base}/sign-in?to=${encodeURIComponent(to)}`,
};

// Only into the console, wherever `to` points.
export function inside(to: string): string {
  const target = new URL(to || link_to.today, location.origin);
  const is_inside = target.origin === location.origin && target.pathname.startsWith('/console/');
  return is_inside ? target.pathname + target.search : link_to.today;
}

// The browser's own link, unless a plain click can be answered without loading the page anew.
export function follow_links() {
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest?.('a');
    const href = link?.getAttribute('href'); // of a link in a drawing, too
    if (!link || !href || link.hasAttribute('target') || link.hasAttribute('download')) return;
    const to = new URL(href, location.href);
    if (to.origin !== location.origin || !to.pathname.startsWith(`${base}/`)) return;
    if (/^\/console\/(sign-in$|licenses)/.test(to.pathname)) return;
    event.preventDefault();
    go(to.pathname + to.search);
  });
}
