// The second step: what would be given back, and what would not, and why.
import { format_money, format_number } from '../../format';
import type { LeftOut, Plan, RunSum } from '../../net/run_types';
import { link_to } from '../../route';
import { money_words, payments_n, sum_name, time_words } from './looks';
import { left_out_words, t } from './words';

export function SumTable({ sums, given }: { sums: RunSum[]; given?: RunSum[] }) {
  const given_of = ({ processor, currency }: RunSum) => given?.find((one) =>
    one.processor === processor && one.currency === currency)?.amount ?? 0;
  return (
    <table class="run-sums" role="table">
      <caption class="unseen">{t('sums')}</caption>
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">{t('processor')}</th>
          <th role="columnheader" scope="col" class="number">{t('amount')}</th>
          <th role="columnheader" scope="col" class="number">{t('payments')}</th>
          {given && (
            <th role="columnheader" scope="col" class="number">{t('given_so_far')}</th>
          )}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {sums.map((sum) => (
          <tr role="row" key={sum_name(sum)}>
            <th role="rowheader" scope="row">{sum_name(sum)}</th>
            <td role="cell" class="number money in-all">
              {format_money(sum.amount, sum.currency)}
            </td>
            <td role="cell" class="number">
              <span class="cell-label">{t('payments')} </span>{format_number(sum.count)}
            </td>
            {given && (
              <td role="cell" class="number money given">
                <span class="cell-label">{t('given_so_far')} </span>
                {format_money(given_of(sum), sum.currency)}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function LeftOutLine({ left_out }: { left_out: LeftOut }) {
  const { reason, count, transaction_ids } = left_out;
  const rest = count - transaction_ids.length;
  return (
    <li>
      <details>
        <summary>
          <strong class="tabular">{format_number(count)}</strong> {left_out_words(reason)}
        </summary>
        <p class="ids">
          {transaction_ids.map((id) => (reason === 'unknown' ? <code key={id}>TR{id}</code> : (
            <a key={id} href={link_to.payment(id)}><code>TR{id}</code></a>
          )))}
          {rest > 0 && <span class="soft">{t('and_more', { n: format_number(rest) })}</span>}
        </p>
      </details>
    </li>
  );
}

export function ReadPlan({ plan }: { plan: Plan }) {
  const left_out = plan.left_out.reduce((n, { count }) => n + count, 0);
  return (
    <>
      {plan.count === 0 ? (
        <div class="note note-calm"><div>
          <strong>{t('nothing_goes')}</strong>
          {plan.left_out.some(({ reason }) => reason === 'in_run') && (
            <p><a href={link_to.runs}>{t('see_runs')}</a></p>
          )}
        </div></div>
      ) : (
        <>
          <p class="plan-sum">
            <strong>{payments_n(plan.count)}: {money_words(plan.sums)}</strong>{' '}
            <span class="soft">{t('takes', { time: time_words(plan.minutes) })}</span>
          </p>
          <SumTable sums={plan.sums} />
        </>
      )}
      {left_out > 0 && (
        <div class="left-out">
          <h3>{t('left_out_n', { n: format_number(left_out) })}</h3>
          <ul>
            {plan.left_out.map((one) => <LeftOutLine key={one.reason} left_out={one} />)}
          </ul>
        </div>
      )}
    </>
  );
}
