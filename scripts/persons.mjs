// The sample persons of ./run: who they are, and what each may do in the back office.
const everywhere = { flags: '*', years: '*', events: '*' };
const only = (flag) => ({ ...everywhere, flags: flag });
const scope = ({ flags, years, events }) => ({
  tickets_search_flags: flags, tickets_search_years: years, tickets_search_events: events,
});
const box_office = [
  'payments_search', 'payments_refund', 'payments_refund_bulk', 'payments_personal',
  'payments_review',
];
const yes = (...privileges) => Object.fromEntries(privileges.map((name) => [name, 'true']));

export const persons = [
  {
    sub: 'kata', name: 'Kata K.', work: 'Box office, tickets with flag HU',
    does: 'finds payments, gives money back, to whole events too, and settles what waits',
    privs: { ...yes(...box_office), ...scope(only('HU')) },
  },
  {
    sub: 'ines', name: 'Inês S.', work: 'Box office, tickets with flag INT',
    does: 'the same for other tickets, and nothing of HU',
    privs: { ...yes(...box_office), ...scope(only('INT')) },
  },
  {
    sub: 'ferenc', name: 'Ferenc P.', work: 'Finance',
    does: 'sees every payment, the worklist and the audit, gives back, releases, and exports',
    privs: {
      ...yes(
        'payments_search', 'payments_refund', 'payments_refund_bulk', 'payments_review',
        'payments_export', 'payments_audit',
      ),
      ...scope(everywhere),
    },
  },
  {
    sub: 'olga', name: 'Olga R.', work: 'Operator',
    does: 'sees every payment, the events, the health and the audit; moves no money',
    privs: {
      ...yes('payments_search', 'payments_operate', 'payments_close', 'payments_audit'),
      ...scope(everywhere),
    },
  },
];

// Whether ./run has a back office for them: only on this machine, and where the caller has not
// settled otherwise how staff sign in.
export function has_back_office(listen, settings) {
  const host = (address) => new URL(`http://${address}`).hostname;
  const is_here = (name) => /^(127\.|\[::1\]$)/.test(name);
  const url = settings.PAYMENTS_PUBLIC_URL;
  if (!is_here(host(listen)) || (url && !is_here(new URL(url).hostname))) return false;
  return !Object.keys(settings).some((name) => /^PAYMENTS_(CONSOLE|USER)_/.test(name));
}
