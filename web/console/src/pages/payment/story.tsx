// What happened, who says so, and what the payment's status was after each word.
import { format_day, format_money, format_time, processor_name } from '../../format';
import type { Fact, Opened, Status, Told } from '../../net/types';
import { Icon } from '../../parts/icon';
import { Moment } from '../../parts/moment';
import { status_name, StatusChip } from '../../parts/status';
import { has_words, t } from './words';

interface Line {
  tone: 'fact' | 'aside' | 'said'; // `said`: by a colleague, in a note
  at: string;
  who: string;
  signed: boolean;
  how: string;
  what: string;
  detail: string;
  status: Status | undefined; // after it; undefined: this line says nothing of it
  message_id: number | undefined;
}

const signed_sources = ['ipn', 'webhook'];

function who_says(source: string, processor: string): string {
  if (source === 'visitor') return t('who_visitor');
  if (source === 'staff') return t('who_staff');
  if (source === 'service') return t('who_service');
  return processor_name(processor);
}

// Facts with the source `service` are the provider's answer to a call of ours, but for what this
// service concludes by itself.
const answers = ['accepted', 'unanswered', 'refund_unanswered', 'refunded', 'refund_pending'];

function line_of(fact: Fact, processor: string): Line {
  const is_answer = fact.source === 'service' && answers.includes(fact.kind);
  const key = `fact_${fact.kind}`;
  return {
    tone: 'fact',
    at: fact.at,
    who: is_answer ? processor_name(processor) : who_says(fact.source, processor),
    signed: signed_sources.includes(fact.source),
    how: fact.source === 'query' ? t('how_query') : is_answer ? t('how_service') : '',
    what: has_words(key) ? t(key) : fact.kind,
    detail: fact.detail,
    status: fact.status,
    message_id: fact.message_id ?? undefined,
  };
}

function words_of(told: Told): string {
  const values = { type: told.type, n: told.tries };
  if (told.state !== 'told') return t(`told_${told.state}`, values);
  const after = told.tries > 0 ? t('told_tries', { n: told.tries + 1 }) : t('told_one');
  return `${t('told_event', values)} ${after}`;
}

function lines_of({ transaction, told, notes = [] }: Opened): Line[] {
  const { processor } = transaction;
  const nothing = { signed: false, how: '', detail: '', message_id: undefined };
  const first: Line = {
    ...nothing,
    tone: 'fact',
    at: transaction.created_at,
    who: t('who_visitor'),
    what: t('begun', {
      amount: format_money(transaction.amount, transaction.currency),
      time: format_time(new Date(transaction.expires_at)),
    }),
    status: 'created',
  };
  const events = told.map((event): Line => ({
    ...nothing,
    tone: 'aside',
    at: event.told_at ?? event.at,
    who: t('who_others'),
    what: words_of(event),
    detail: event.told_at ? '' : event.last_error ?? '',
    status: undefined,
  }));
  const written = notes.map((note): Line => ({
    ...nothing,
    tone: 'said',
    at: note.at,
    who: note.by.name || note.by.sub,
    what: t('note_line', { text: note.text ?? t('note_erased') }),
    status: undefined,
  }));
  const facts = transaction.events.map((fact) => line_of(fact, processor));
  // Facts stay in the order in which they were learned, whatever their clocks say.
  const rest = [...events, ...written].sort((a, b) => a.at.localeCompare(b.at));
  const lines = [first];
  for (const fact of facts) {
    while (rest[0] && rest[0].at < fact.at) lines.push(rest.shift()!);
    lines.push(fact);
  }
  return [...lines, ...rest];
}

function StatusThen({ before, status }: {
  before: Status | undefined; status: Status | undefined;
}) {
  if (!status) return null;
  if (status !== before) return <StatusChip status={status} />;
  return <span class="unchanged">{status_name(status)}</span>;
}

interface Props {
  opened: Opened;
  on_message: (message_id: number) => void;
}

export function Story({ opened, on_message }: Props) {
  const lines = lines_of(opened);
  const processor = processor_name(opened.transaction.processor);
  let before: Status | undefined;
  let day = '';
  return (
    <table class="story" role="table">
      <caption class="unseen">{t('tab_story')}</caption>
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">{t('when')}</th>
          <th role="columnheader" scope="col">{t('who')}</th>
          <th role="columnheader" scope="col">{t('what')}</th>
          <th role="columnheader" scope="col">{t('status_after')}</th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {lines.map((line, i) => {
          const shown_before = before;
          before = line.status ?? before;
          const this_day = format_day(new Date(line.at));
          const new_day = this_day !== day;
          day = this_day;
          return (
            <tr key={i} role="row" class={line.tone}>
              <td role="cell" class="cell-when"><Moment at={line.at} day={new_day} ms /></td>
              <td role="cell" class="cell-who">
                {line.who}
                {line.signed && (
                  <span class="signed" title={t('signed', { processor })}>
                    <Icon glyph="signed" />
                    <span class="unseen">{t('signed', { processor })}</span>
                  </span>
                )}
              </td>
              <td role="cell" class="cell-what">
                <span>{line.what}</span>
                {line.detail && <span class="detail" lang="en">{line.detail}</span>}
                {line.how && <span class="fine">{line.how}</span>}
                {line.message_id && (
                  <button
                    type="button"
                    class="link-button"
                    onClick={() => on_message(line.message_id!)}
                  >
                    {t('raw_of')}
                  </button>
                )}
              </td>
              <td role="cell" class="cell-status">
                <StatusThen before={shown_before} status={line.status} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
