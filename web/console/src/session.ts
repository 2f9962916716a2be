// Who is signed in, and for how much longer. Only the service's clock decides: it tells seconds
// left, and what has passed since is measured by a clock that nobody sets.
import { signal_of } from '../../shared/signal';
import { call_openly, guard, Problem } from './net/call';
import type { Session } from './net/types';

// `lost`: there was a session, and its page is still shown below the sheet that asks to sign in.
// `stale`: there is one, but what was asked for needs a newer sign-in, which the sheet asks for.
// `unreachable`: nobody answers; `no_database`: the service does, and cannot read sessions.
export type Gate =
  'starting' | 'open' | 'sign_in' | 'lost' | 'stale' | 'unreachable' | 'no_database';

export const session = signal_of<Session | undefined>(undefined);
export const gate = signal_of<Gate>('starting');

// How the session is about to end; undefined while that is not near.
export interface End {
  seconds: number;
  is_idle: boolean; // any use puts it off; else it ends in any case
}
export const ending = signal_of<End | undefined>(undefined);

const warn_before_s = 120;
const look_again_s = 20;

// Who has signed in or out in one tab is that in all of them.
const tabs = new BroadcastChannel('session');
const signed_in = 'signed in', signed_out = 'signed out';

let waiting: (() => void)[] = [];
let asking_again: ((is_signed_in: boolean) => void)[] = [];
let idle_s = 0; // how long the service lets a session rest
// By performance.now(), ms.
let idle_at = Infinity;
let expires_at = Infinity;

export const may = (privilege: string) => session.get()?.can.includes(privilege) ?? false;
export const may_see_settlements = () => may('payments_settlement') || may('payments_export');

function let_in(read: Session) {
  const before = session.get();
  // Whatever is on the page, and what was looked for, was another person's.
  if (before && before.user.sub !== read.user.sub) {
    history.replaceState(null, '');
    return location.reload();
  }
  session.set(read);
  idle_s = Math.max(idle_s, read.idle_in);
  idle_at = performance.now() + 1000 * read.idle_in;
  expires_at = performance.now() + 1000 * read.expires_in;
  // That there is a session is nothing new then.
  if (gate.get() === 'stale') return;
  if (gate.get() !== 'open') {
    gate.set('open');
    // Where a token is still to be pasted nobody has signed in yet.
    if (location.pathname !== '/console/sign-in') tabs.postMessage(signed_in);
  }
  watch_end();
  const held = waiting;
  waiting = [];
  held.forEach((go_on) => go_on());
}

function end_asking(is_signed_in: boolean) {
  if (gate.get() === 'stale') gate.set('open');
  const asked = asking_again;
  asking_again = [];
  asked.forEach((go_on) => go_on(is_signed_in));
}
// The person would rather not.
export const decline_to_sign_in = () => end_asking(false);

// In another tab: whoever is signed in now is read first, for it may be somebody else.
async function signed_in_elsewhere() {
  await read_session(false);
  end_asking(true);
}

function shut() {
  end_asking(false);
  session.get() ? gate.set('lost') : gate.set('sign_in');
  ending.set(undefined);
  idle_at = expires_at = Infinity;
}

const waits_for_service = () => ['starting', 'unreachable', 'no_database'].includes(gate.get());
const is_without_database = (error: unknown) =>
  error instanceof Problem && error.slug === 'storage-unavailable';

// Reads who is signed in; `use` counts as use of the session. Never throws.
export async function read_session(use = true): Promise<void> {
  try {
    const manner = { poll: !use, late_after_ms: 15_000 };
    const read = await call_openly<Session>('GET', '/console/session', undefined, manner);
    let_in(read);
  } catch (error) {
    if (error instanceof Problem && error.status === 401) shut();
    else if (waits_for_service())
      gate.set(is_without_database(error) ? 'no_database' : 'unreachable');
  }
}

// Shows how little is left, or that nothing is. What other tabs do extends the session as well, so
// before anything is shown the service is asked.
function watch_end() {
  const left_s = Math.ceil((Math.min(idle_at, expires_at) - performance.now()) / 1000);
  const is_near = gate.get() === 'open' && left_s <= warn_before_s;
  if (is_near) ending.set({ seconds: Math.max(0, left_s), is_idle: idle_at < expires_at });
  else if (ending.get()) ending.set(undefined);
}

let asked_at = -Infinity;
function tick() {
  if (gate.get() !== 'open') return;
  const now = performance.now();
  const left_s = (Math.min(idle_at, expires_at) - now) / 1000;
  if (left_s > warn_before_s) return watch_end();
  const is_due = !ending.get() || left_s <= 0 || now - asked_at > look_again_s * 1000;
  if (is_due && now - asked_at > 1000) {
    asked_at = now;
    void read_session(false);
  } else if (ending.get()) watch_end();
}

// To what the service says comes next: a page that begins no sign-in by itself.
export function leave_to(address: string) {
  tabs.postMessage(signed_out);
  location.assign(address);
}

export function start_session() {
  guard({
    lost() {
      shut();
      return new Promise((resolve) => waiting.push(resolve));
    },
    stale() {
      gate.set('stale');
      return new Promise((resolve) => asking_again.push(resolve));
    },
    used() {
      idle_at = performance.now() + 1000 * idle_s;
      if (ending.get()) watch_end();
    },
    forbidden: () => void read_session(false),
  });
  setInterval(tick, 1000);
  tabs.onmessage = ({ data }) => {
    if (data === signed_in) void signed_in_elsewhere();
    else if (session.get()) location.replace('/console/signed-out');
  };
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    if (gate.get() === 'lost' || gate.get() === 'sign_in') void read_session();
    else tick();
  });
  void read_session();
}
