// What happened to a payment, who says so, and what may a person do?
import { useEffect, useState } from 'preact/hooks';
import { use_signal } from '../../../../shared/signal';
import { fee_name, format_money, processor_name } from '../../format';
import { use_keys } from '../../keys';
import { use_live } from '../../loading';
import { open_transaction } from '../../net/operations';
import type { Opened, Status } from '../../net/types';
import { announce } from '../../parts/announce';
import { copy_text, CopyButton } from '../../parts/copy';
import { Icon } from '../../parts/icon';
import { Moment } from '../../parts/moment';
import { ProblemNote } from '../../parts/problem';
import { status_name, StatusChip } from '../../parts/status';
import { TabList } from '../../parts/tabs';
import { kept_changed, kept_refund } from '../../refund/kept';
import { RefundDialog } from '../../refund/on_demand';
import { WhyAndAdvice } from '../../reviews/concern';
import { kind_name } from '../../reviews/kinds';
import { go, link_to } from '../../route';
import { may } from '../../session';
import { AskButton } from './ask';
import { NoteDialog } from './note';
import { Person } from './person';
import { Story } from './story';
import { Messages, RawJson, Refunds, ToldOthers } from './tabs';
import { t } from './words';

const look_again_ms = 3000;
const look_at_rest_ms = 10_000;
const moving: Status[] = ['created', 'pending', 'unknown', 'authorized'];

function Head({ opened }: { opened: Opened }) {
  const { transaction, refundable, reserved, provider_page, card_last4 } = opened;
  const { currency, provider_transaction_id } = transaction;
  const processor = processor_name(transaction.processor);
  const money = (amount: number) => format_money(amount, currency);
  return (
    <>
      <div class="facts-line">
        <a href={link_to.ticket(transaction.ticket_id)}>
          {t('ticket', { id: transaction.ticket_id })}
        </a>
        <span>{fee_name(transaction.fee_type)}</span>
        <span class="with-copy">
          {processor}{' '}
          {provider_transaction_id ? (
            <>
              <code>{provider_transaction_id}</code>
              <CopyButton
                text={provider_transaction_id}
                what={t('provider_id', { processor })}
              />
            </>
          ) : t('no_provider_id', { processor })}
        </span>
        {card_last4 && <span>{t('card', { digits: card_last4 })}</span>}
        <Moment at={transaction.created_at} />
        {provider_page && (
          <a href={provider_page} target="_blank" rel="noopener noreferrer">
            {t('provider_page', { processor })}
          </a>
        )}
      </div>
      <div class="facts-line">
        <Person opened={opened} />
        {(refundable > 0 || transaction.amount_refunded > 0 || reserved > 0) && (
          <span class="balance">
            <span>{t('left')} <strong>{money(refundable)}</strong></span>
            {transaction.amount_refunded > 0 && (
              <span>{t('given_back')} <strong>{money(transaction.amount_refunded)}</strong></span>
            )}
            {reserved > 0 && <span>{t('under_way')} <strong>{money(reserved)}</strong></span>}
          </span>
        )}
      </div>
    </>
  );
}

function Concerns({ concerns }: Opened) {
  return (
    <>
      {concerns.map((concern) => (
        <div class="note note-calm" key={`${concern.kind} ${concern.since}`}>
          <Icon glyph="alert" />
          <div>
            <strong>{t('concerns')}: {kind_name(concern.kind)}</strong>
            {' '}<span class="fine">{t('since')} <Moment at={concern.since} /></span>
            <WhyAndAdvice concern={concern} />
          </div>
        </div>
      ))}
    </>
  );
}

function Others({ others }: Opened) {
  if (others.length === 0) return null;
  return (
    <section class="others" aria-labelledby="others-title">
      <h2 id="others-title">{t('others')}</h2>
      <ul>
        {others.map((other) => (
          <li key={other.id}>
            <a href={link_to.payment(other.id)}>{other.reference}</a>
            <span>{fee_name(other.fee_type)}</span>
            <span class="tabular">{format_money(other.amount, other.currency)}</span>
            <StatusChip status={other.status} />
            <Moment at={other.created_at} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Panel({ opened, tab, choose }: {
  opened: Opened; tab: string; choose: (tab: string) => void;
}) {
  const [message, set_message] = useState(0);
  const show = (message_id: number) => {
    set_message(message_id);
    choose('messages');
  };
  switch (tab) {
    case 'refunds': return <Refunds {...opened} />;
    case 'messages':
      return <Messages messages={opened.messages} open={message} set_open={set_message} />;
    case 'told': return <ToldOthers {...opened} />;
    case 'raw': return <RawJson opened={opened} />;
    default: return <Story opened={opened} on_message={show} />;
  }
}

function Title({ opened, can_refund, on_refund }: {
  opened: Opened; can_refund: boolean; on_refund: () => void;
}) {
  const { transaction } = opened;
  const why_not = opened.may.find(({ what }) => what === 'refund')?.why_not;
  return (
    <div class="page-head">
      <h1>
        <a class="back" href={link_to.payments} aria-label={t('back')}><Icon glyph="back" /></a>
        {transaction.reference}
      </h1>
      <CopyButton text={transaction.reference} what={transaction.reference} />
      <span class="amount">{format_money(transaction.amount, transaction.currency)}</span>
      <StatusChip status={transaction.status} />
      <span class="actions">
        {may('payments_refund') && (
          <button
            type="button"
            class="button"
            aria-disabled={!can_refund}
            aria-describedby={can_refund ? undefined : 'why-not'}
            onClick={() => { if (can_refund) on_refund(); }}
          >
            {t('refund')}<kbd aria-hidden="true">r</kbd>
          </button>
        )}
        {may('payments_refund') && !can_refund && why_not && (
          <span class="fine" id="why-not" lang="en">{why_not}</span>
        )}
      </span>
    </div>
  );
}

// A refund whose outcome nobody knows yet: its dialog was closed.
function KeptRefund({ on_follow }: { on_follow: () => void }) {
  return (
    <div class="note note-calm" role="status">
      <Icon glyph="alert" />
      <div>
        <strong>{t('refund_open')}</strong>
        <p>
          <button type="button" class="button" onClick={on_follow}>{t('refund_follow')}</button>
        </p>
      </div>
    </div>
  );
}

function Shown({ opened, tab, reload }: { opened: Opened; tab: string; reload: () => void }) {
  const { transaction } = opened;
  use_signal(kept_changed);
  const is_kept = kept_refund(transaction.id) !== undefined;
  const [refunding, set_refunding] = useState(is_kept);
  const refund = opened.may.find(({ what }) => what === 'refund');
  const can_refund = may('payments_refund') && (refund?.yes ?? opened.refundable > 0);
  useEffect(() => { if (can_refund) RefundDialog.prepare(); }, [can_refund]);
  const [noting, set_noting] = useState(false);
  const can_note = opened.may.some(({ what, yes }) => what === 'note' && yes);
  const choose = (to: string) =>
    go(link_to.payment(transaction.id, to === 'story' ? '' : to), { replace: true });
  use_keys({
    ...(can_refund && { r: () => set_refunding(true) }),
    ...(can_note && { n: () => set_noting(true) }),
    y: () => void copy_text(transaction.reference).catch(() => {}),
  });
  const tabs = [
    { id: 'story', name: t('tab_story') },
    { id: 'refunds', name: t('tab_refunds'), count: opened.refunds.length },
    { id: 'messages', name: t('tab_messages'), count: opened.messages.length },
    { id: 'told', name: t('tab_told'), count: opened.told.length },
    { id: 'raw', name: t('tab_raw') },
  ];
  const chosen = tabs.some(({ id }) => id === tab) ? tab : 'story';
  return (
    <>
      <Title opened={opened} can_refund={can_refund} on_refund={() => set_refunding(true)} />
      <Head opened={opened} />
      {is_kept && !refunding && <KeptRefund on_follow={() => set_refunding(true)} />}
      <Concerns {...opened} />
      <div class="tabs-row">
        <TabList label={t('tabs')} tabs={tabs} chosen={chosen} choose={choose} />
        <span class="tab-actions">
          <AskButton opened={opened} on_asked={reload} />
          {can_note && (
            <button type="button" class="button" onClick={() => set_noting(true)}>
              {t('add_note')}<kbd aria-hidden="true">n</kbd>
            </button>
          )}
        </span>
      </div>
      <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${chosen}`}>
        <Panel opened={opened} tab={chosen} choose={choose} />
      </div>
      <Others {...opened} />
      {refunding && (
        <RefundDialog
          opened={opened}
          reload={reload}
          on_close={() => set_refunding(false)}
        />
      )}
      {noting && (
        <NoteDialog opened={opened} reload={reload} on_close={() => set_noting(false)} />
      )}
    </>
  );
}

export function PaymentPage({ id, tab }: { id: number; tab: string }) {
  const [rest, set_rest] = useState(false);
  const read = use_live(
    (poll) => open_transaction(id, poll), String(id), rest ? look_at_rest_ms : look_again_ms,
  );
  const opened = read.value;
  const is_moving = !opened || moving.includes(opened.transaction.status) || opened.reserved > 0;
  useEffect(() => set_rest(!is_moving), [is_moving]);
  const reference = opened?.transaction.reference ?? `TR${id}`;
  const status = opened?.transaction.status;
  useEffect(() => { document.title = `${reference} · O.Z.O.R.A.`; });
  useEffect(() => {
    if (status) announce(`${reference}: ${status_name(status)}`);
  }, [status]);
  return (
    <section class="payment">
      {!opened && <div class="page-head"><h1>
        <a class="back" href={link_to.payments} aria-label={t('back')}><Icon glyph="back" /></a>
        TR{id}
      </h1></div>}
      {read.error !== undefined && <ProblemNote error={read.error} on_retry={read.reload} />}
      {read.is_late && (
        <div class="skeleton" aria-hidden="true">
          {Array.from({ length: 6 }, (_, i) => <span key={i} />)}
        </div>
      )}
      {opened && <Shown opened={opened} tab={tab} reload={read.reload} />}
    </section>
  );
}
