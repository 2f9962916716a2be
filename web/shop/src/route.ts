// Where the visitor is. `/return` is a real path because SimplePay sends the browser there; all
// other places live behind the hash, so any static server will do.
import { signal_of } from '../../shared/signal';

export type Route =
  | { view: 'tickets' }
  | { view: 'ticket'; id: number }
  | { view: 'outcome'; transaction: number }
  | { view: 'return'; r: string; s: string };

function read_route(): Route {
  const ticket = /^#\/tickets\/(\d+)$/.exec(location.hash);
  if (ticket) return { view: 'ticket', id: Number(ticket[1]) };
  const outcome = /^#\/payments\/(\d+)$/.exec(location.hash);
  if (outcome) return { view: 'outcome', transaction: Number(outcome[1]) };
  if (location.pathname === '/return' && location.hash === '') {
    const query = new URLSearchParams(location.search);
    // A bare plus in Base64 reads as a blank in a query.
    const base64 = (name: string) => (query.get(name) ?? '').replaceAll(' ', '+');
    return { view: 'return', r: base64('r'), s: base64('s') };
  }
  return { view: 'tickets' };
}

export const route = signal_of<Route>(read_route());
addEventListener('hashchange', () => route.set(read_route()));

export const link_to = {
  tickets: '/#/',
  ticket: (id: number) => `/#/tickets/${id}`,
  outcome: (transaction: number) => `/#/payments/${transaction}`,
};
