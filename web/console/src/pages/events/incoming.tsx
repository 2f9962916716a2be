// What providers have told us, signed: those messages first that are about no payment of ours.
import { useState } from 'preact/hooks';
import { processor_name, zone_name } from '../../format';
import { Raw } from '../../messages/raw';
import { list_messages } from '../../net/operations';
import type { KeptMessage, MessageFilter, Retried } from '../../net/types';
import { use_pages } from '../../paging';
import { Foot } from '../../parts/foot';
import { Moment } from '../../parts/moment';
import { ProblemNote } from '../../parts/problem';
import { Skeleton } from '../../parts/skeleton';
import { link_to } from '../../route';
import { open_at } from './place';
import { Matched, Retry } from './retry';
import { t } from './words';

const look_again_ms = 10_000;
const page_size = 50;
type Show = MessageFilter['show'];

async function page_of(show: Show, after: string | undefined, poll: boolean) {
  const { messages, next } = await list_messages(
    { show, limit: page_size, ...(after && { after }) }, poll,
  );
  return { rows: messages, next };
}

function Row({ message, is_open, toggle, on_matched }: {
  message: KeptMessage; is_open: boolean; toggle: () => void;
  on_matched: (retried: Retried) => void;
}) {
  const { message_id, transaction_id, unmatched_reason } = message;
  return (
    <>
      <tr role="row" class={is_open ? 'is-open' : ''}>
        <td role="cell" class="cell-event">
          <button
            type="button"
            class="row-link row-button"
            aria-expanded={is_open}
            data-id={message.identity}
            onClick={toggle}
          >
            {t('message_n', { id: message_id })}
          </button>
        </td>
        <td role="cell" class="cell-payment">
          {transaction_id === null ? <span class="none">{t('no_payment')}</span> : (
            <a class="over" href={link_to.payment(transaction_id)}>TR{transaction_id}</a>
          )}
        </td>
        <td role="cell" class="cell-by">{processor_name(message.processor)}</td>
        <td role="cell" class="cell-made"><Moment at={message.received_at} /></td>
        <td role="cell" class="cell-identity">
          <code title={message.identity}>{message.identity}</code>
        </td>
        <td role="cell" class="cell-error" lang="en" title={unmatched_reason ?? undefined}>
          {unmatched_reason ?? <span class="none">–</span>}
        </td>
      </tr>
      {is_open && (
        <tr role="row" class="opened">
          <td role="cell" colSpan={6}>
            {unmatched_reason && (
              <>
                <p class="detail" lang="en">{unmatched_reason}</p>
                <Retry message_id={message_id} on_matched={on_matched} />
              </>
            )}
            <Raw message_id={message_id} />
          </td>
        </tr>
      )}
    </>
  );
}

function Table({ rows, open, toggle, on_matched }: {
  rows: KeptMessage[]; open: number; toggle: (message_id: number) => void;
  on_matched: (retried: Retried) => void;
}) {
  const heads = [
    ['event', t('message')], ['payment', t('payment')], ['by', t('processor')],
    ['made', t('received_zone', { zone: zone_name() })], ['identity', t('identity')],
    ['error', t('why_unmatched')],
  ];
  return (
    <table class="list events" role="table">
      <caption class="unseen">{t('tab_incoming')}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {heads.map(([name, text]) => (
            <th key={name} role="columnheader" scope="col" class={`cell-${name}`}>{text}</th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((message) => (
          <Row
            key={message.message_id}
            message={message}
            is_open={open === message.message_id}
            toggle={() => toggle(message.message_id)}
            on_matched={on_matched}
          />
        ))}
      </tbody>
    </table>
  );
}

export function Incoming({ show, open }: { show: Show; open: number }) {
  const list = use_pages(
    (after: string | undefined, poll) => page_of(show, after, poll), show,
    ({ message_id }: KeptMessage) => message_id, look_again_ms,
  );
  const [matched, set_matched] = useState<Retried>();
  const place = { tab: 'incoming' as const, ...(show === 'all' && { show }) };
  const is_listed = list.rows.some(({ message_id }) => message_id === open);
  return (
    <>
      <div class="filter-row tab-filters">
        <label class="choice">
          <span class="label">{t('show')}</span>
          <select
            value={show}
            onChange={(event) => {
              const { value } = event.currentTarget;
              open_at({ tab: 'incoming', ...(value === 'all' && { show: value }) });
            }}
          >
            <option value="unmatched">{t('show_unmatched')}</option>
            <option value="all">{t('show_all')}</option>
          </select>
        </label>
      </div>
      {/* A link leads to a message that is far down the list, or of a payment. */}
      {open > 0 && list.came && !is_listed && (
        <section aria-labelledby="message-title">
          <h2 id="message-title">{t('message_n', { id: open })}</h2>
          <Raw message_id={open} />
        </section>
      )}
      {matched && <Matched retried={matched} />}
      {list.error !== undefined && <ProblemNote error={list.error} on_retry={list.reload} />}
      {list.is_late && <Skeleton />}
      {list.came && list.rows.length === 0 && (
        <div class="empty">
          <strong>{t(`empty_${show}`)}</strong><p>{t(`empty_${show}_lead`)}</p>
        </div>
      )}
      {list.rows.length > 0 && (
        <Table
          rows={list.rows}
          open={open}
          toggle={(id) => open_at({ ...place, ...(open !== id && { open: id }) })}
          on_matched={(retried) => {
            set_matched(retried);
            list.reload();
          }}
        />
      )}
      <Foot list={list} />
    </>
  );
}
