// Which tab is shown, and what of it is open: in the page's address.
import type { EventState } from '../../net/types';
import { go, link_to } from '../../route';

export const states: EventState[] = ['waiting', 'dead', 'told', 'skipped'];
export type Tab = EventState | 'incoming';

export const tab_of = (query: URLSearchParams): Tab => {
  const tab = query.get('tab') ?? '';
  return tab === 'incoming' || states.includes(tab as EventState) ? tab as Tab : 'waiting';
};

export type About = 'payments' | 'settlements';

export const about_of = (query: URLSearchParams): About =>
  (query.get('about') === 'settlements' ? 'settlements' : 'payments');

export function open_at(place: {
  tab: Tab; about?: About; show?: string; open?: string | number;
}) {
  const { tab, about, show, open } = place;
  const query = new URLSearchParams();
  if (about === 'settlements') query.set('about', about);
  if (tab !== 'waiting') query.set('tab', tab);
  if (show) query.set('show', show);
  if (open) query.set('open', String(open));
  const search = query.toString();
  go(`${link_to.events}${search && `?${search}`}`, { replace: true });
}
