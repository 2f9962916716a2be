// How the opening balance of an account became the closing one, as a picture.
import { Figure } from '../../charts/figure';
import type { Sheet } from '../../charts/sheet';
import { Waterfall } from '../../charts/waterfall';
import { format_money } from '../../format';
import type { AccountClose } from '../../net/settlement_types';
import { account_name } from './payouts';
import { t } from './close_words';

export const fees_of = ({ fees_minor }: AccountClose) =>
  Object.values(fees_minor).reduce((sum, minor) => sum + minor, 0);

interface Flow {
  sheet: Sheet;
  balances: number[];
}

export function flow_of(account: AccountClose): Flow {
  const moved: [string, string, number][] = [
    [t('captured'), t('captured'), account.captured.amount_minor],
    [
      t('refunded'), t('refunds_short'),
      account.refunded.amount_minor + account.refunds_failed.amount_minor,
    ],
    [
      t('disputed'), t('disputes_short'),
      account.disputed.amount_minor + account.disputes_won.amount_minor,
    ],
    [t('fees'), t('fees'), -fees_of(account)],
    [t('reserve'), t('reserve_short'), account.reserve_minor],
    [t('unexplained'), t('unexplained_short'), account.unexplained_minor],
    [
      t('paid_out'), t('paid_out'),
      account.paid_out.amount_minor + account.payouts_returned.amount_minor,
    ],
  ];
  const row = (name: string, short: string, minor: number) =>
    ({ name, short, values: [minor / 100] });
  const rows = [
    row(t('opening'), t('opening_short'), account.opening_minor),
    ...moved.filter(([, , minor]) => minor !== 0).map((one) => row(...one)),
    row(t('closing'), t('closing_short'), account.closing_minor),
  ];
  const columns = [{ name: t('amount'), unit: { currency: account.currency } }];
  return { sheet: { head: t('what'), columns, rows, first: 0 }, balances: [0, rows.length - 1] };
}

function finding_of({ opening_minor, closing_minor, currency }: AccountClose): string {
  const closing = format_money(closing_minor / 100, currency);
  const change = closing_minor - opening_minor;
  if (change === 0) return t('flow_same', { closing });
  const amount = format_money(Math.abs(change) / 100, currency);
  return t('flow_finding', { closing, change: t(change > 0 ? 'more' : 'less', { amount }) });
}

export function CloseFlow({ account, month }: { account: AccountClose; month: string }) {
  const { sheet, balances } = flow_of(account);
  const file = `close-${month}-${account_name(account).toLowerCase().replaceAll(' ', '-')}`;
  return (
    <Figure title={t('flow')} finding={finding_of(account)} sheet={sheet} file={file}>
      {(on_read) => (
        <Waterfall
          label={`${t('flow')}, ${account_name(account)}`} sheet={sheet} balances={balances}
          on_read={on_read}
        />
      )}
    </Figure>
  );
}
