// What a person may do with an entry: take it, so that colleagues know, snooze it, close it with a
// note, and what its kind asks for: ask the provider, give the money back.
import { useState } from 'preact/hooks';
import { use_keys } from '../../keys';
import { close_review } from '../../net/operations';
import type { HandledAs, Opened, Review, ReviewKind } from '../../net/types';
import { ProblemNote } from '../../parts/problem';
import { TextDialog } from '../../parts/text_dialog';
import { RefundDialog } from '../../refund/on_demand';
import { kind_name } from '../../reviews/kinds';
import { may, session } from '../../session';
import { AskButton } from '../payment/ask';
import { NoteDialog } from '../payment/note';
import type { Show } from './filter';
import { SnoozeDialog } from './snooze';
import { t } from './words';

const longest_note = 2000;
const ended_by_refund: ReviewKind[] = [
  'mismatch', 'duplicate', 'refund_failed', 'inquiry', 'fraud_warning',
];
const ended_by_answer: ReviewKind[] = [
  'contradiction', 'unconfirmed', 'unknown', 'authorized', 'overdue', 'still_payable',
  'refund_unknown',
];

export const is_me = (sub: string | undefined) => sub === session.get()?.user.sub;

// "TR123, the fee was paid twice": what an entry is called in what is said of it.
export const what_of = ({ kind, transaction }: Review) =>
  [transaction?.reference, kind_name(kind)].filter(Boolean).join(', ');

export interface ActProps {
  review: Review;
  show: Show; // on which of the lists it stands
  on_done: (as: HandledAs | undefined) => void; // undefined: nothing was done, look again
}

// Which of the two it is depends on who has it.
function TakeButton({ review, show, is_theirs, busy, send }: {
  review: Review; show: Show; is_theirs: boolean; busy: boolean; send: (as: HandledAs) => void;
}) {
  const { owner } = review;
  const is_free = show !== 'closed' && !owner;
  const words = is_free ? t('take')
    : is_theirs ? t('release_from', { name: owner!.name || owner!.sub })
    : t(show === 'open' ? 'release' : 'put_back');
  return (
    <button
      type="button"
      class={`button ${is_free ? 'strong' : ''}`}
      aria-busy={busy}
      onClick={() => send(is_free ? 'mine' : 'released')}
    >
      {words}{!is_theirs && <kbd aria-hidden="true">t</kbd>}
    </button>
  );
}

type Dialogs = 'snooze' | 'close' | 'refund' | 'note';

function Open({ dialog, review, opened, order, on_done, close }: {
  dialog: Dialogs | undefined; review: Review; opened: Opened | undefined;
  order: (as: HandledAs, more: { until?: string; note?: string }) => Promise<void>;
  on_done: ActProps['on_done']; close: () => void;
}) {
  const what = what_of(review);
  const reload = () => on_done(undefined);
  switch (dialog) {
    case 'snooze':
      return (
        <SnoozeDialog
          what={what}
          act={(until, note) => order('snoozed', { until, ...(note && { note }) })}
          on_close={close}
        />
      );
    case 'close':
      return (
        <TextDialog
          title={t('close_title', { what })}
          lead={t('close_lead')}
          label={t('close_label')}
          hint={t('close_hint')}
          go={t('close_go')}
          going={t('busy')}
          empty={t('close_empty')}
          rows={3}
          longest={longest_note}
          act={(note) => order('closed', { note })}
          on_close={close}
        />
      );
    case 'refund': return opened
      ? <RefundDialog opened={opened} reload={reload} on_close={close} /> : null;
    case 'note': return opened
      ? <NoteDialog opened={opened} reload={reload} on_close={close} /> : null;
    default: return null;
  }
}

export function Acts({ review, show, on_done, opened }: ActProps & {
  opened: Opened | undefined; // of an entry about a payment, once it came
}) {
  const [dialog, set_dialog] = useState<Dialogs>();
  const [busy, set_busy] = useState(false);
  const [error, set_error] = useState<unknown>();
  const { kind, number, owner, closable } = review;
  const can = (what: string) => opened?.may.some((one) => one.what === what && one.yes) ?? false;
  const reviews = may('payments_review');
  const is_theirs = show !== 'closed' && !!owner && !is_me(owner.sub);
  const can_snooze = reviews && show !== 'closed' && !is_theirs;
  const can_close = can_snooze && closable;
  const can_refund = ended_by_refund.includes(kind) && may('payments_refund') && can('refund');

  // Throws what went wrong, for the dialog to show it; the list tells who was faster.
  async function order(as: HandledAs, more: { until?: string; note?: string } = {}) {
    try {
      await close_review({ kind, number, as, ...more });
    } catch (failed) {
      on_done(undefined);
      throw failed;
    }
    on_done(as);
  }
  async function send(as: HandledAs) {
    if (busy) return;
    set_busy(true);
    set_error(undefined);
    await order(as).catch(set_error);
    set_busy(false);
  }
  // What a colleague has is taken away from them by a button alone.
  use_keys({
    ...(reviews && !is_theirs && {
      t: () => void send(show !== 'closed' && !owner ? 'mine' : 'released'),
    }),
    ...(can_snooze && { s: () => set_dialog('snooze') }),
    ...(can_close && { c: () => set_dialog('close') }),
    ...(can_refund && { r: () => set_dialog('refund') }),
    ...(can('note') && { n: () => set_dialog('note') }),
  });
  const button = (to: Dialogs, key: string) => (
    <button type="button" class="button" onClick={() => set_dialog(to)}>
      {t(to)}<kbd aria-hidden="true">{key}</kbd>
    </button>
  );
  return (
    <>
      <div class="buttons acts" role="group" aria-label={t('acts')}>
        {can_refund && button('refund', 'r')}
        {reviews && (
          <TakeButton
            review={review} show={show} is_theirs={is_theirs} busy={busy}
            send={(as) => void send(as)}
          />
        )}
        {can_snooze && button('snooze', 's')}
        {can_close && button('close', 'c')}
        {can('note') && button('note', 'n')}
        {opened && ended_by_answer.includes(kind) && (
          <AskButton opened={opened} on_asked={() => on_done(undefined)} />
        )}
      </div>
      {reviews && !closable && <p class="fine">{t('by_facts')}</p>}
      {error !== undefined && <ProblemNote error={error} />}
      <Open
        dialog={dialog} review={review} opened={opened} order={order} on_done={on_done}
        close={() => set_dialog(undefined)}
      />
    </>
  );
}
