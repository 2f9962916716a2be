// The tabs beside the story.
import { format_money, processor_name } from '../../format';
import { Raw } from '../../messages/raw';
import type { Message, Opened } from '../../net/types';
import { CopyButton } from '../../parts/copy';
import { Moment } from '../../parts/moment';
import { t } from './words';

export function Refunds({ refunds, transaction }: Opened) {
  const heads = ['refund_id', 'when', 'amount', 'state', 'reason', 'at_provider'] as const;
  if (refunds.length === 0) return <p class="empty-tab">{t('no_refunds')}</p>;
  return (
    <table class="plain" role="table">
      <caption class="unseen">{t('tab_refunds')}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {heads.map((head) => <th key={head} role="columnheader" scope="col">{t(head)}</th>)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {refunds.map((refund, i) => (
          <tr key={i} role="row">
            <td role="cell">{refund.refund_id ?? t('by_hand')}</td>
            <td role="cell"><Moment at={refund.since} /></td>
            <td role="cell" class="money">
              {refund.amount === null ? '–' : format_money(refund.amount, transaction.currency)}
            </td>
            <td role="cell">{t(`refund_${refund.state}`)}</td>
            <td role="cell">{refund.why}</td>
            <td role="cell"><code>{refund.provider_refund_id}</code></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface MessagesProps {
  messages: Message[];
  open: number; // 0: none
  set_open: (message_id: number) => void;
}

export function Messages({ messages, open, set_open }: MessagesProps) {
  if (messages.length === 0) return <p class="empty-tab">{t('no_messages')}</p>;
  return (
    <ul class="messages">
      {messages.map((message) => {
        const is_open = open === message.message_id;
        return (
          <li key={message.message_id}>
            <p>
              <strong>{processor_name(message.processor)}</strong>
              <Moment at={message.received_at} ms />
              <code class="cut" title={message.identity}>{message.identity}</code>
              <button
                type="button"
                class="link-button"
                aria-expanded={is_open}
                onClick={() => set_open(is_open ? 0 : message.message_id)}
              >
                {t(is_open ? 'hide' : 'show')}
                <span class="unseen"> {message.message_id}</span>
              </button>
            </p>
            {is_open && <Raw message_id={message.message_id} />}
          </li>
        );
      })}
    </ul>
  );
}

export function ToldOthers({ told }: Opened) {
  if (told.length === 0) return <p class="empty-tab">{t('no_told')}</p>;
  return (
    <table class="plain" role="table">
      <caption class="unseen">{t('tab_told')}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {[t('event'), t('made'), t('told'), t('tries'), t('last_error')]
            .map((head) => <th key={head} role="columnheader" scope="col">{head}</th>)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {told.map((event) => (
          <tr key={event.event_id} role="row">
            <td role="cell">{event.type}<br /><code class="fine">{event.event_id}</code></td>
            <td role="cell"><Moment at={event.at} ms /></td>
            <td role="cell">{event.told_at ? <Moment at={event.told_at} ms /> : '–'}</td>
            <td role="cell" class="tabular">{event.tries}</td>
            <td role="cell">{event.last_error ?? '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function RawJson({ opened }: { opened: Opened }) {
  const text = JSON.stringify(opened, null, 2);
  return (
    <div class="raw">
      <p class="raw-head"><CopyButton text={text} what={t('tab_raw')} /></p>
      <pre tabIndex={0} aria-label={t('tab_raw')}>{text}</pre>
    </div>
  );
}
