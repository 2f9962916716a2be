// Why an entry is on the list, who has it, what may be done, and the payment's story.
import { format_money, format_moment, processor_name } from '../../format';
import { use_live } from '../../loading';
import { open_transaction } from '../../net/operations';
import type { Message, Opened, Review } from '../../net/types';
import { Icon } from '../../parts/icon';
import { Moment } from '../../parts/moment';
import { ProblemNote } from '../../parts/problem';
import { Skeleton } from '../../parts/skeleton';
import { StatusChip } from '../../parts/status';
import { WhyAndAdvice } from '../../reviews/concern';
import { kind_name } from '../../reviews/kinds';
import { go, link_to } from '../../route';
import { may } from '../../session';
import { Story } from '../payment/story';
import { Acts, is_me, type ActProps } from './acts';
import type { Show } from './filter';
import { t } from './words';

const look_again_ms = 10_000;

function PaymentLine({ transaction }: { transaction: NonNullable<Review['transaction']> }) {
  return (
    <p class="facts-line">
      <a class="button" href={link_to.payment(transaction.id)}>
        {t('open', { reference: transaction.reference })}
      </a>
      <strong class="money">{format_money(transaction.amount, transaction.currency)}</strong>
      <StatusChip status={transaction.status} />
      <a href={link_to.ticket(transaction.ticket_id)}>
        {t('ticket', { id: transaction.ticket_id })}
      </a>
      <span>
        {processor_name(transaction.processor)}{' '}
        <code>{transaction.provider_transaction_id}</code>
      </span>
    </p>
  );
}

function MessageLine({ message }: { message: Message }) {
  return (
    <p class="facts-line">
      <a class="button" href={link_to.message(message.message_id)}>{t('to_message')}</a>
      <span>{t('message', { processor: processor_name(message.processor) })}</span>
      <code>{message.identity}</code>
      <span>{t('received')} <Moment at={message.received_at} /></span>
    </p>
  );
}

// Who has it now, in words.
function holder({ owner, snoozed_until }: Review): string {
  if (!owner) return '';
  const name = owner.name || owner.sub;
  const yours = is_me(owner.sub);
  if (snoozed_until) {
    return t(yours ? 'snoozed_by_you' : 'snoozed_by', { name, time: format_moment(snoozed_until) });
  }
  return t(yours ? 'held_by_you' : 'held_by', { name, time: format_moment(owner.since) });
}

function Handling({ review, show }: { review: Review; show: Show }) {
  const { handled } = review;
  const held = holder(review);
  const was_closed = handled?.as === 'closed';
  if (!held && !was_closed && !handled?.note) return null;
  return (
    <div class="handling">
      <Icon glyph="person" />
      <div>
        {held && <p>{held}</p>}
        {was_closed && (
          <p>
            {t('closed_by', {
              name: handled.by.name || handled.by.sub, time: format_moment(handled.at),
            })}{' '}
            {show !== 'closed' && t('came_back')}
          </p>
        )}
        {handled?.note && <p class="said-note">{t('said', { note: handled.note })}</p>}
      </div>
    </div>
  );
}

function Body({ review, show, on_done, opened }: ActProps & { opened: Opened | undefined }) {
  const { transaction, message, kind } = review;
  return (
    <>
      <div>
        <h2>{kind_name(kind)}</h2>
        <p class="fine">{t('since')} <Moment at={review.since} /></p>
      </div>
      {transaction && <PaymentLine transaction={transaction} />}
      {message && <MessageLine message={message} />}
      {kind === 'dead_letter' && may('payments_operate') && (
        <p><a href={link_to.dead_events}>{t('to_dead')}</a></p>
      )}
      <Handling review={review} show={show} />
      <div class="note note-calm advice"><div><WhyAndAdvice concern={review} /></div></div>
      <Acts review={review} show={show} on_done={on_done} opened={opened} />
    </>
  );
}

function PaymentBody({ id, ...props }: ActProps & { id: number }) {
  const read = use_live((poll) => open_transaction(id, poll), String(id), look_again_ms);
  const opened = read.is_old ? undefined : read.value;
  const on_done: ActProps['on_done'] = (as) => {
    read.reload(as === undefined);
    props.on_done(as);
  };
  return (
    <>
      <Body {...props} opened={opened} on_done={on_done} />
      <section class="pane-story" aria-labelledby="pane-story">
        <h3 id="pane-story">{t('story')}</h3>
        {read.error !== undefined && <ProblemNote error={read.error} on_retry={read.reload} />}
        {read.is_late && <Skeleton rows={4} />}
        {opened && (
          <Story opened={opened} on_message={() => go(link_to.payment(id, 'messages'))} />
        )}
      </section>
    </>
  );
}

export function Pane(props: ActProps) {
  const { transaction } = props.review;
  return (
    <section class="pane" aria-label={t('about')}>
      {transaction ? <PaymentBody {...props} id={transaction.id} />
        : <Body {...props} opened={undefined} />}
    </section>
  );
}
