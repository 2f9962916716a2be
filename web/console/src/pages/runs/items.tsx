// What became of each payment of a run.
import { format_number, processor_name } from '../../format';
import { page_size, read_run } from '../../net/run_operations';
import type { ItemState, Run, RunItem } from '../../net/run_types';
import type { Paged } from '../../paging';
import { Moment, Money } from '../../parts/moment';
import { ProblemNote } from '../../parts/problem';
import { use_row_keys } from '../../parts/rows';
import { Chip } from '../../parts/shape';
import { Skeleton } from '../../parts/skeleton';
import { TabList } from '../../parts/tabs';
import { go, link_to } from '../../route';
import { item_states, look_of_item, total_of } from './looks';
import { left_out_words, t } from './words';

const states: (ItemState | '')[] =
  ['', 'refused', 'unknown', 'asked', 'waiting', 'done', 'left_out'];
// What the page's address asks for.
export const shown_of = (query: URLSearchParams): ItemState | '' =>
  item_states.find((one) => one === query.get('show')) ?? '';

function Why({ item: { state, reason, detail } }: { item: RunItem }) {
  if (state === 'left_out' && reason) return <span>{left_out_words(reason)}</span>;
  return state === 'refused' && detail ? <span lang="en">{detail}</span> : null;
}

function Row({ item }: { item: RunItem }) {
  return (
    <tr role="row">
      <td role="cell" class="cell-id">
        <a
          class="row-link" href={link_to.payment(item.transaction_id, 'refunds')}
          data-id={item.reference}
        >
          {item.reference}
        </a>
      </td>
      <td role="cell" class="cell-ticket">
        <span class="cell-label">{t('ticket')} </span>
        <a class="over" href={link_to.ticket(item.ticket_id)}>{item.ticket_id}</a>
      </td>
      <td role="cell" class="cell-amount number">
        <Money amount={format_number(item.amount)} currency={item.currency} />
      </td>
      <td role="cell" class="cell-by">{processor_name(item.processor)}</td>
      <td role="cell" class="cell-status">
        <Chip look={look_of_item(item.state)} text={t(`item_${item.state}`)} />
      </td>
      <td role="cell" class="cell-why"><Why item={item} /></td>
      <td role="cell" class="cell-when"><Moment at={item.changed_at} /></td>
    </tr>
  );
}

function Table({ items }: { items: RunItem[] }) {
  const head = [
    ['id', t('id')], ['ticket', t('ticket')], ['amount number', t('amount')],
    ['by', t('processor')], ['status', t('state')], ['why', t('why')], ['when', t('since')],
  ];
  return (
    <table class="list run-items" role="table">
      <caption class="unseen">{t('items')}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {head.map(([name, text]) => (
            <th key={name} role="columnheader" scope="col" class={`cell-${name}`}>{text}</th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {items.map((item) => <Row key={item.transaction_id} item={item} />)}
      </tbody>
    </table>
  );
}

// One page of the items, and the run as it stood then.
export async function page_of(
  run_id: number, state: ItemState | '', after?: number, poll = false,
) {
  const { run, items, next } = await read_run({
    run_id, limit: page_size, ...(state && { state }), ...(after !== undefined && { after }),
  }, poll);
  return { run, rows: items, next };
}

export function Items(
  { run, shown, list }: { run: Run; shown: ItemState | ''; list: Paged<RunItem> },
) {
  use_row_keys();
  const count = (state: ItemState | '') => (state ? run.counts[state] : total_of(run));
  return (
    <section aria-labelledby="run-items">
      <h2 id="run-items" class="unseen">{t('items')}</h2>
      <div class="tabs-row">
        <TabList
          label={t('items')}
          tabs={states.filter((state) => !state || state === shown || run.counts[state] > 0)
            .map((state) => ({
              id: state || 'all', name: t(state ? `tab_${state}` : 'tab_all'),
              count: count(state),
            }))}
          chosen={shown || 'all'}
          choose={(id) => go(
            `${link_to.run(run.run_id)}${id === 'all' ? '' : `?show=${id}`}`, { replace: true },
          )}
        />
      </div>
      <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${shown || 'all'}`}>
        {list.is_late && <Skeleton />}
        {list.came && list.rows.length === 0 && <p class="empty-tab">{t('no_items')}</p>}
        {list.rows.length > 0 && <Table items={list.rows} />}
        {list.has_older && (
          <div class="list-foot">
            <span class="soft tabular">
              {t('shown', { n: format_number(list.rows.length), of: format_number(count(shown)) })}
            </span>
            <button
              type="button" class="button" aria-busy={list.busy}
              onClick={() => void list.load_older(false)}
            >
              {t('more')}
            </button>
          </div>
        )}
        {list.older_error !== undefined && (
          <ProblemNote
            error={list.older_error} on_retry={(by_itself) => void list.load_older(by_itself)}
          />
        )}
      </div>
    </section>
  );
}
