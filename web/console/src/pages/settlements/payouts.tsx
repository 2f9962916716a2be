// Payouts, each with the lines behind it.
import { useState } from 'preact/hooks';
import { format_column, format_number, processor_name } from '../../format';
import { use_live } from '../../loading';
import { read_lines } from '../../net/settlement_operations';
import {
  is_processor, type Payout, type PayoutState, type SettlementAccount,
} from '../../net/settlement_types';
import { use_cut } from '../../parts/cut';
import { Icon } from '../../parts/icon';
import { ProblemNote } from '../../parts/problem';
import { Chip, type Look } from '../../parts/shape';
import { Skeleton } from '../../parts/skeleton';
import { Subject } from './findings';
import { use_sought } from './sought';
import { line_name, t } from './words';

const looks: Record<PayoutState, Look> = {
  on_the_way: { tone: 'calm', shape: 'half' },
  paid_out: { tone: 'good', shape: 'disc' },
  missing: { tone: 'bad', shape: 'exclamation' },
  returned: { tone: 'soft', shape: 'back' },
};

function Lines({ payout, currency }: { payout: string; currency: string }) {
  const read = use_live(() => read_lines(payout), payout);
  const lines = read.value?.lines ?? [];
  const { shown, button } = use_cut(lines, (n) => t('more', { n }));
  const money = format_column(
    lines.flatMap(({ gross_minor, fee_minor, net_minor }) => [gross_minor, fee_minor, net_minor]),
    currency,
  );
  if (read.error !== undefined) return <ProblemNote error={read.error} on_retry={read.reload} />;
  if (!read.value) return read.is_late ? <Skeleton /> : null;
  return (
    <>
      <table class="grid" role="table">
        <caption class="unseen">{t('show_lines', { payout })}</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">{t('reference')}</th>
            <th role="columnheader" scope="col">{t('kind')}</th>
            <th role="columnheader" scope="col" class="number">{t('gross')}</th>
            <th role="columnheader" scope="col" class="number">{t('fees')}</th>
            <th role="columnheader" scope="col" class="number">{t('net')}</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {shown.map((line) => (
            <tr role="row" key={line.id}>
              <th role="rowheader" scope="row"><Subject text={line.reference || line.id} /></th>
              <td role="cell">
                <span class="cell-label">{t('kind')} </span>{line_name(line.kind)}
              </td>
              <td role="cell" class="number">
                <span class="cell-label">{t('gross')} </span>{money(line.gross_minor)}
              </td>
              <td role="cell" class="number">
                <span class="cell-label">{t('fees')} </span>{money(line.fee_minor)}
              </td>
              <td role="cell" class="number">
                <span class="cell-label">{t('net')} </span>{money(line.net_minor)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {button}
    </>
  );
}

function Row({ payout, currency, money, is_sought }: {
  payout: Payout; currency: string; money: (minor: number) => string; is_sought: boolean;
}) {
  const [is_open, set_open] = useState(is_sought);
  const row = use_sought<HTMLLIElement>(is_sought);
  const cell = (label: string, text: string) => (
    <span class="payout-cell">
      <span class="payout-label">{label}</span>
      <span class="tabular">{text}</span>
    </span>
  );
  const is_carried = payout.carry_in_minor !== 0 || payout.carry_out_minor !== 0;
  return (
    <li class="payout" ref={row}>
      <button
        type="button" class="payout-row" aria-expanded={is_open}
        onClick={() => set_open(!is_open)}
      >
        <span class="payout-name">
          <Icon glyph={is_open ? 'down' : 'next'} /><code>{payout.id}</code>
        </span>
        {cell(t('due'), payout.arrival ?? '–')}
        {cell(t('lines'), format_number(payout.lines))}
        {cell(t('gross'), money(payout.gross_minor))}
        {cell(t('fees'), money(payout.fee_minor))}
        {cell(t('paid'), money(payout.amount_minor))}
        {cell(t('bank'), payout.bank_minor === undefined ? '–' : money(payout.bank_minor))}
        <span class="payout-states">
          <Chip look={looks[payout.state]} text={t(payout.state)} />
          {!payout.adds_up && (
            <Chip look={{ tone: 'bad', shape: 'cross' }} text={t('not_adding')} />
          )}
        </span>
      </button>
      {(is_carried || payout.bank_charges_minor !== 0) && (
        <p class="fine payout-more">
          {is_carried && t('carried', {
            before: money(payout.carry_in_minor), after: money(payout.carry_out_minor),
          })}
          {is_carried && payout.bank_charges_minor !== 0 && ' · '}
          {payout.bank_charges_minor !== 0 && t('bank_charges', {
            amount: money(payout.bank_charges_minor),
          })}
        </p>
      )}
      {is_open && <div class="payout-lines"><Lines payout={payout.id} currency={currency} /></div>}
    </li>
  );
}

type Named = Pick<SettlementAccount, 'processor' | 'account' | 'currency'>;
export const account_name = ({ processor, account, currency }: Named) =>
  `${is_processor(processor) ? processor_name(processor) : processor} ${account} ${currency}`;

function PayoutsOf({ account, sought }: { account: SettlementAccount; sought: string }) {
  const money = format_column(
    account.payouts.flatMap((one) =>
      [one.gross_minor, one.fee_minor, one.amount_minor, one.bank_minor ?? 0]),
    account.currency,
  );
  return (
    <div class="payouts-of">
      <h3>{account_name(account)}</h3>
      <ul class="payout-list">
        {[...account.payouts].reverse().map((payout) => (
          <Row
            key={payout.id} payout={payout} currency={account.currency} money={money}
            is_sought={payout.id === sought}
          />
        ))}
      </ul>
    </div>
  );
}

// `sought`: the payout that a link of another page is about.
export function Payouts({ accounts, sought }: {
  accounts: SettlementAccount[]; sought: string;
}) {
  const paying = accounts.filter(({ payouts }) => payouts.length > 0);
  return (
    <section aria-labelledby="payouts-title">
      <h2 id="payouts-title">{t('payouts')}</h2>
      {paying.length === 0 && <p class="empty-tab">{t('no_payouts')}</p>}
      {paying.map((account) => (
        <PayoutsOf key={account_name(account)} account={account} sought={sought} />
      ))}
    </section>
  );
}
