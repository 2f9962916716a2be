// Numbers as an accountant reads them: what there was, what moved, what there is.
import type { ComponentChildren } from 'preact';
import { format_column } from '../../format';
import { link_to } from '../../route';
import type {
  AccountClose, ClaimsClose, MonthClose, ReserveClose, Tally, TransitClose,
} from '../../net/settlement_types';
import { fee_kind, t } from './close_words';

export interface Line {
  name: ComponentChildren;
  minor: number;
  count?: string;
  is_bad?: boolean;
}

// The first line and the last are balances.
export function Statement({ caption, lines, currency }: {
  caption: string; lines: Line[]; currency: string;
}) {
  const column = format_column(lines.map(({ minor }) => minor), currency);
  const amount = (minor: number) =>
    column(minor).replace(/\u00a0[A-Z]{3}$/, '').replace('-', '−');
  return (
    <table class="statement">
      <caption class="unseen">{caption}</caption>
      <thead class="unseen">
        <tr>
          <th scope="col">{t('what')}</th>
          <th scope="col">{t('how_many')}</th>
          <th scope="col">{t('amount')}, {currency}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ name, minor, count, is_bad }, i) => (
          <tr
            key={i}
            class={i === lines.length - 1 ? 'closing' : i === 0 ? 'begin' : is_bad ? 'bad' : ''}
          >
            <th scope="row">{name}</th>
            <td class="fine">{count}</td>
            <td class="number">{amount(minor)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type Counted = 'payment' | 'refund' | 'dispute' | 'payout';
const counted = (what: Counted, { count }: Tally) =>
  count === 1 ? t(`one_${what}`) : t(`n_${what}s`, { n: count });

// Whoever paid in the month, by a processor.
function payments_of({ first_day, last_day }: MonthClose, { processor }: AccountClose): string {
  const query = new URLSearchParams({
    by: processor, of: 'paid', from: first_day, to: last_day,
  });
  return `${link_to.payments}?${query}`;
}

export function lines_of(close: MonthClose, account: AccountClose): Line[] {
  const lines: Line[] = [{ name: t('opening'), minor: account.opening_minor }];
  const tally = (name: ComponentChildren, what: Counted, sum: Tally, is_always = false) => {
    if (!is_always && sum.count === 0 && sum.amount_minor === 0) return;
    lines.push({ name, minor: sum.amount_minor, count: counted(what, sum) });
  };
  const some = (name: string, minor: number, is_bad = false) => {
    if (minor !== 0) lines.push({ name, minor, is_bad });
  };
  const captured = <a href={payments_of(close, account)}>{t('captured')}</a>;
  tally(captured, 'payment', account.captured, true);
  tally(t('refunded'), 'refund', account.refunded);
  tally(t('refunds_failed'), 'refund', account.refunds_failed);
  tally(t('disputed'), 'dispute', account.disputed);
  tally(t('disputes_won'), 'dispute', account.disputes_won);
  for (const [kind, minor] of Object.entries(account.fees_minor)) {
    some(t('fee', { kind: fee_kind(kind) }), -minor);
  }
  some(t('reserve'), account.reserve_minor);
  tally(t('paid_out'), 'payout', account.paid_out, true);
  tally(t('payouts_returned'), 'payout', account.payouts_returned);
  some(t('unexplained'), account.unexplained_minor, true);
  lines.push({ name: t('closing'), minor: account.closing_minor });
  return lines;
}

// Without the movements that were none.
const between = (opening: number, moved: [string, number][], closing: number): Line[] => [
  { name: t('opening'), minor: opening },
  ...moved.filter(([, minor]) => minor !== 0).map(([name, minor]) => ({ name, minor })),
  { name: t('closing'), minor: closing },
];

export const lines_of_transit = (transit: TransitClose) => between(transit.opening_minor, [
  [t('paid_out'), transit.paid_out_minor],
  [t('transit_returned'), -transit.returned_minor],
  [t('transit_bank'), -transit.on_bank_minor],
  [t('transit_charges'), -transit.bank_charges_minor],
], transit.closing_minor);

export const lines_of_claims = (claims: ClaimsClose) => between(claims.opening_minor, [
  [t('disputed'), claims.disputed_minor],
  [t('won'), -claims.won_minor],
  [t('lost'), -claims.lost_minor],
], claims.closing_minor);

export const lines_of_reserve = ({ opening_minor, closing_minor }: ReserveClose) =>
  between(opening_minor, [[t('reserve_change'), closing_minor - opening_minor]], closing_minor);
