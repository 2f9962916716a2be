// Which payment is it? The list, newest first.
import { useEffect } from 'preact/hooks';
import { fee_name, format_number, processor_name, zone_name } from '../../format';
import { find_transactions } from '../../net/operations';
import type { Filter, Found, ReadAs, Summary } from '../../net/types';
import { use_pages } from '../../paging';
import { announce } from '../../parts/announce';
import { DropButton } from '../../parts/filters';
import { count_of, Foot } from '../../parts/foot';
import { Moment, Money } from '../../parts/moment';
import { ProblemNote } from '../../parts/problem';
import { use_row_keys } from '../../parts/rows';
import { Skeleton } from '../../parts/skeleton';
import { StatusChip } from '../../parts/status';
import { go, link_to } from '../../route';
import { may } from '../../session';
import { change, filter_of, mistaken, run_of_list, set_names } from './filter';
import { describe, Filters, wrong_filters } from './filters';
import { t } from './words';

const look_again_ms = 5000;
const nothing: Omit<Found, 'transactions'> & { rows: Summary[] } = {
  rows: [], next: null, read_as: [],
};

interface Props {
  query: URLSearchParams;
  private_text: string;
}

function Row({ row }: { row: Summary }) {
  return (
    <tr role="row">
      <td role="cell" class="cell-id">
        <a class="row-link" href={link_to.payment(row.id)} data-id={row.reference}>
          {row.reference}
        </a>
      </td>
      <td role="cell" class="cell-ticket">
        <span class="cell-label">{t('ticket')} </span>
        <a class="over" href={link_to.ticket(row.ticket_id)}>{row.ticket_id}</a>
      </td>
      <td role="cell" class="cell-when"><Moment at={row.created_at} /></td>
      <td role="cell" class="cell-fee">{fee_name(row.fee_type)}</td>
      <td role="cell" class="cell-amount number">
        <Money amount={format_number(row.amount)} currency={row.currency} />
      </td>
      <td role="cell" class="cell-refunded number">
        {row.amount_refunded > 0
          ? format_number(row.amount_refunded) : <span class="none">–</span>}
      </td>
      <td role="cell" class="cell-by">{processor_name(row.processor)}</td>
      <td role="cell" class="cell-status"><StatusChip status={row.status} /></td>
    </tr>
  );
}

function Table({ rows }: { rows: Summary[] }) {
  const head = [
    ['id', t('id')], ['ticket', t('ticket')],
    ['when', t('when_zone', { zone: zone_name() })],
    ['fee', t('fee')], ['amount number', t('amount')], ['refunded number', t('refunded')],
    ['by', t('processor')], ['status', t('status')],
  ];
  return (
    <table class="list" role="table">
      <caption class="unseen">{t('title')}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {head.map(([name, text]) => (
            <th key={name} role="columnheader" scope="col" class={`cell-${name}`}>{text}</th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">{rows.map((row) => <Row key={row.id} row={row} />)}</tbody>
    </table>
  );
}

function Empty({ query, private_text, read_as }: Props & { read_as: ReadAs[] }) {
  const text = private_text || query.get('q');
  const others = set_names(query).filter((name) => name !== 'q');
  if (!text && others.length === 0) {
    return (
      <div class="empty">
        <strong>{t('empty_all')}</strong>
        <p>{t('empty_all_lead')}</p>
      </div>
    );
  }
  return (
    <div class="empty">
      <strong>{text ? t('empty_search', { text }) : t('empty')}</strong>
      {text && (
        <p>
          {read_as.length === 0 ? t('read_as_nothing')
            : t('read_as', { list: read_as.map((one) => t(`as_${one}`)).join(', ') })}
          {' '}{t('empty_search_lead')}
        </p>
      )}
      {others.length > 0 && <p>{t('empty_lead')}</p>}
      <p class="chips">
        {others.map((name) => (
          <DropButton
            key={name}
            what={describe(name, query)}
            on_drop={() => change(query, private_text, { [name]: '' })}
          />
        ))}
      </p>
    </div>
  );
}

const page_of = async (filter: Filter, poll: boolean) => {
  const { transactions, ...found } = await find_transactions(filter, poll);
  return { ...found, rows: transactions };
};

export function PaymentsPage({ query, private_text }: Props) {
  const filter = filter_of(query, private_text);
  const filters = JSON.stringify(filter);
  const is_askable = mistaken(query).length === 0;
  const list = use_pages(
    async (after: number | undefined, poll) => (is_askable
      ? page_of(after === undefined ? filter : { ...filter, after }, poll) : nothing),
    filters, ({ id }: Summary) => id, look_again_ms,
  );
  const { rows, came } = list;

  useEffect(() => { document.title = `${t('title')} · O.Z.O.R.A.`; });
  useEffect(() => {
    if (!came) return;
    const only = rows.length === 1 && !list.has_older ? rows[0] : undefined;
    if (only && filter.text) return go(link_to.payment(only.id), { replace: true });
    announce(count_of(list));
  }, [came]);
  use_row_keys();

  const fees = [...new Set(rows.map(({ fee_type }) => fee_type))].sort();
  return (
    <section class={`payments ${list.is_old ? 'old' : ''}`}>
      <div class="page-head"><h1>{t('title')}</h1></div>
      <Filters
        query={query}
        private_text={private_text}
        fees={fees}
        currency={rows[0]?.currency ?? 'EUR'}
        error={list.error}
      />
      {list.error !== undefined && wrong_filters(query, list.error).size === 0 && (
        <ProblemNote error={list.error} on_retry={list.reload} />
      )}
      {list.is_late && <Skeleton />}
      {list.value !== undefined && rows.length > 0 && <Table rows={rows} />}
      {came && is_askable && rows.length === 0 && !list.has_older && (
        <Empty query={query} private_text={private_text} read_as={list.value?.read_as ?? []} />
      )}
      <Foot list={list}>
        {!filter.text && rows.length > 0 && may('payments_refund_bulk') && (
          <a href={run_of_list(query)}>{t('refund_these')}</a>
        )}
      </Foot>
    </section>
  );
}
