// The sample persons of ./run: who they are, and what each may do in the back office.
import { readFileSync } from 'node:fs';

// The same persons as of `ozora-payments demo`.
const list = new URL('../sandbox/persons/persons.json', import.meta.url);

export const persons = JSON.parse(readFileSync(list, 'utf8')).map(({ may, flags, ...person }) => ({
  ...person,
  privs: {
    ...Object.fromEntries(may.map((what) => [`payments_${what}`, 'true'])),
    tickets_search_flags: flags, tickets_search_years: '*', tickets_search_events: '*',
  },
}));

// Whether ./run has a back office for them: only on this machine, and where the caller has not
// settled otherwise how staff sign in.
export function has_back_office(listen, settings) {
  const host = (address) => new URL(`http://${address}`).hostname;
  const is_here = (name) => /^(127\.|\[::1\]$)/.test(name);
  const url = settings.PAYMENTS_PUBLIC_URL;
  if (!is_here(host(listen)) || (url && !is_here(new URL(url).hostname))) return false;
  return !Object.keys(settings).some((name) => /^PAYMENTS_(CONSOLE|USER)_/.test(name));
}
