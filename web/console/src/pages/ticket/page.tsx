// What has been tried for this ticket? All attempts of each of its fees, the newest first.
import { useEffect } from 'preact/hooks';
import { fee_name, format_number, processor_name, zone_name } from '../../format';
import { use_live } from '../../loading';
import { find_transactions } from '../../net/operations';
import type { Summary } from '../../net/types';
import { announce } from '../../parts/announce';
import { Icon } from '../../parts/icon';
import { Moment, Money } from '../../parts/moment';
import { ProblemNote } from '../../parts/problem';
import { use_row_keys } from '../../parts/rows';
import { Skeleton } from '../../parts/skeleton';
import { StatusChip } from '../../parts/status';
import { link_to } from '../../route';
import { t } from './words';

const look_again_ms = 5000;
const most = 200; // the longest list that the service gives

function by_fee(rows: Summary[]): [string, Summary[]][] {
  const fees = new Map<string, Summary[]>();
  for (const row of rows) fees.set(row.fee_type, [...(fees.get(row.fee_type) ?? []), row]);
  return [...fees].sort(([a], [b]) => a.localeCompare(b));
}

function Attempt({ row }: { row: Summary }) {
  return (
    <tr role="row">
      <td role="cell" class="cell-id">
        <a class="row-link" href={link_to.payment(row.id)} data-id={row.reference}>
          {row.reference}
        </a>
      </td>
      <td role="cell" class="cell-when"><Moment at={row.created_at} /></td>
      <td role="cell" class="cell-amount number">
        <Money amount={format_number(row.amount)} currency={row.currency} />
      </td>
      <td role="cell" class="cell-refunded number">
        {row.amount_refunded > 0
          ? format_number(row.amount_refunded) : <span class="none">–</span>}
      </td>
      <td role="cell" class="cell-by">{processor_name(row.processor)}</td>
      <td role="cell" class="cell-provider-id">
        <code class="over">{row.provider_transaction_id ?? '–'}</code>
      </td>
      <td role="cell" class="cell-status"><StatusChip status={row.status} /></td>
    </tr>
  );
}

function Attempts({ fee, rows }: { fee: string; rows: Summary[] }) {
  const heads: [string, string][] = [
    ['id', t('id')], ['when', t('when', { zone: zone_name() })], ['amount number', t('amount')],
    ['refunded number', t('refunded')], ['by', t('by')], ['provider-id', t('at_provider')],
    ['status', t('status')],
  ];
  return (
    <section class="fee">
      <h2>{fee_name(fee)}</h2>
      <table class="list attempts" role="table">
        <caption class="unseen">{t('tries', { fee: fee_name(fee) })}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {heads.map(([name, text]) => (
              <th key={name} role="columnheader" scope="col" class={`cell-${name}`}>{text}</th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">{rows.map((row) => <Attempt key={row.id} row={row} />)}</tbody>
      </table>
    </section>
  );
}

export function TicketPage({ id }: { id: number }) {
  const filter = { ticket_id: id, limit: most };
  const read = use_live((poll) => find_transactions(filter, poll), String(id), look_again_ms);
  const rows = read.value?.transactions ?? [];
  const scope = rows[0]?.scope;
  const title = t('title', { id });
  use_row_keys();
  useEffect(() => { document.title = `${title} · O.Z.O.R.A.`; });
  useEffect(() => { if (read.value) announce(title); }, [read.value !== undefined]);
  return (
    <section class="ticket">
      <div class="page-head">
        <h1>
          <a class="back" href={link_to.payments} aria-label={t('to_payments')}>
            <Icon glyph="back" />
          </a>
          {title}
        </h1>
        {scope && <span class="soft">{t('scope', { ...scope })}</span>}
      </div>
      {read.error !== undefined && <ProblemNote error={read.error} on_retry={read.reload} />}
      {read.is_late && <Skeleton rows={4} />}
      {read.value && rows.length === 0 && (
        <div class="empty">
          <strong>{t('empty', { id })}</strong>
          <p>{t('empty_lead')}</p>
          <p><a href={link_to.payments}>{t('to_payments')}</a></p>
        </div>
      )}
      {rows.length > 0 && <p class="soft">{t('lead')}</p>}
      {by_fee(rows).map(([fee, tries]) => <Attempts key={fee} fee={fee} rows={tries} />)}
      {read.value?.next != null && (
        <p><a href={`${link_to.payments}?q=${id}`}>{t('older')}</a></p>
      )}
    </section>
  );
}
