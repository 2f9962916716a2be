// What is held on a visitor, or what has become of it, and where else it still is.
import { format_day, format_money, format_moment } from '../../format';
import type { PersonPayment, PersonReport } from '../../net/person_types';
import { StatusChip } from '../../parts/status';
import { link_to } from '../../route';
import { t } from './words';

const day_name = (day: string) => format_day(new Date(`${day}T12:00:00Z`));
const listed = (names: string[]) => names.map((name) => name.replaceAll('_', ' ')).join(', ');

function held_of({ has_email, members, messages, notes }: PersonPayment): string {
  const what = [
    has_email && t('email'),
    members.length > 0 && t('members', { names: listed(members) }),
    messages > 0 && (messages === 1 ? t('messages_1') : t('messages', { n: messages })),
    notes > 0 && (notes === 1 ? t('notes_1') : t('notes', { n: notes })),
  ].filter(Boolean);
  return what.length > 0 ? what.join('; ') : t('nothing_held');
}

function fate_of({ state, fate, kept_members, kept_until, ...payment }: PersonPayment): string {
  const names = listed(kept_members);
  const day = kept_until ? day_name(kept_until) : '';
  const when = payment.erased_at ? format_moment(payment.erased_at) : '';
  switch (state) {
    case 'erased': return t('erased', { when });
    case 'restricted': return t('restricted', { when, names, day });
    case 'waiting': return t('waiting', { when: format_moment(payment.asked_at ?? '') });
    default:
      if (fate === 'waits') return t('waits');
      return kept_until ? t('keeps', { names, day }) : t('goes');
  }
}

function Payments({ payments, is_done }: { payments: PersonPayment[]; is_done: boolean }) {
  return (
    <div class="sheet" tabIndex={0} role="region" aria-label={t('payment')}>
      <table class="person-payments">
        <thead>
          <tr>
            <th scope="col">{t('payment')}</th>
            <th scope="col" class="number">{t('amount')}</th>
            <th scope="col">{t(is_done ? 'was_held' : 'held')}</th>
            <th scope="col">{t(is_done ? 'done' : 'fate')}</th>
          </tr>
        </thead>
        <tbody>
          {payments.map((payment) => (
            <tr key={payment.transaction_id} data-state={payment.state}>
              <th scope="row">
                <a href={link_to.payment(payment.transaction_id)}>TR{payment.transaction_id}</a>
                {' '}<StatusChip status={payment.status} />
              </th>
              <td class="number money">{format_money(payment.amount, payment.currency)}</td>
              <td>{held_of(payment)}</td>
              <td>{fate_of(payment)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function backups_of({ count, first, last, kept_days, gone_by }: PersonReport['backups']): string {
  if (count === 0 || !first || !last) return t('backups_none');
  const which = count === 1 ? t('backups_1', { last: format_moment(last) })
    : t('backups', { n: count, first: format_moment(first), last: format_moment(last) });
  const until = gone_by ? t('backups_gone', { day: day_name(gone_by) })
    : kept_days === null ? t('backups_unknown') : '';
  return `${which} ${until}`;
}

function Elsewhere({ report: { backups, exports, files_clean } }: { report: PersonReport }) {
  const files = files_clean === null ? 'files_postgres'
    : files_clean ? 'files_clean' : 'files_unclean';
  return (
    <section aria-labelledby="elsewhere">
      <h2 id="elsewhere">{t('elsewhere')}</h2>
      <ul class="plain-list">
        <li>{backups_of(backups)}</li>
        {exports.map(({ at, by, what }) => (
          <li key={at}>{t('export', { by, what, when: format_moment(at) })}</li>
        ))}
        <li>{t(files)}</li>
        <li>{t('others')}</li>
      </ul>
    </section>
  );
}

export function Report({ report, is_done }: { report: PersonReport; is_done: boolean }) {
  return (
    <>
      {!report.is_complete && <p class="wrong">{t('not_all')}</p>}
      <Payments payments={report.payments} is_done={is_done} />
      <Elsewhere report={report} />
    </>
  );
}
