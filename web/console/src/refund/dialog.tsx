// How much goes back, and is it done? Esc closes the dialog and never takes back what was sent.
import { useEffect, useRef, useState } from 'preact/hooks';
import { format_money } from '../format';
import { Problem } from '../net/call';
import type { Opened } from '../net/types';
import { Dialog } from '../parts/dialog';
import { Icon } from '../parts/icon';
import { ProblemNote } from '../parts/problem';
import { empty_draft, RefundForm, type Draft } from './form';
import { draft_name, type Kept } from './kept';
import { use_sending, type Outcome } from './sending';
import { t } from './words';

interface Props {
  opened: Opened;
  reload: () => void;
  on_close: () => void;
}

function Standing({ opened }: { opened: Opened }) {
  const { transaction, refundable, reserved } = opened;
  const money = (amount: number) => format_money(amount, transaction.currency);
  const values: [string, number][] = [
    [t('paid'), transaction.amount], [t('given_back'), transaction.amount_refunded],
    [t('under_way'), reserved], [t('left'), refundable],
  ];
  return (
    <dl class="standing">
      {values.map(([name, amount]) => (
        <div key={name}><dt>{name}</dt><dd>{money(amount)}</dd></div>
      ))}
    </dl>
  );
}

function Unknown({ outcome, currency, ask_again }: {
  outcome: Extract<Outcome, { is: 'unknown' }>; currency: string; ask_again: () => void;
}) {
  const { kept, error } = outcome;
  const named = kept.reference !== '';
  return (
    <div class="note note-calm" role="status">
      <Icon glyph="alert" />
      <div>
        <strong>{t('unknown')}</strong>
        <p>{t(named ? 'unknown_lead' : 'unknown_silent')}</p>
        <p class="fine">{sent_words(kept, currency)} {kept.reference}</p>
        {error instanceof Problem && <p class="fine" lang="en">{error.detail}</p>}
        <p class="fine">{t('may_close')}</p>
        {!named && (
          <button type="button" class="button" onClick={ask_again}>{t('ask_again')}</button>
        )}
      </div>
    </div>
  );
}

const sent_words = (kept: Kept, currency: string) =>
  kept.amount === null ? t('sent_all') : t('sent', { amount: format_money(kept.amount, currency) });

function NotMade({ error, opened }: { error: unknown; opened: Opened }) {
  const left = format_money(opened.refundable, opened.transaction.currency);
  if (!(error instanceof Problem)) {
    return (
      <div class="note note-bad" role="alert">
        <Icon glyph="alert" />
        <div><strong>{t('refused')}</strong><p>{t('left_now', { amount: left })}</p></div>
      </div>
    );
  }
  if (![409, 422, 502].includes(error.status)) return <ProblemNote error={error} />;
  return (
    <div class="note note-bad" role="alert">
      <Icon glyph="alert" />
      <div>
        <strong>{t('refused')}</strong>
        <p lang="en">{error.detail}</p>
        <p>{t('left_now', { amount: left })}</p>
      </div>
    </div>
  );
}

function Made({ outcome, on_close }: {
  outcome: Extract<Outcome, { is: 'made' }>; on_close: () => void;
}) {
  const { refund_id, amount, currency, refund_status } = outcome.reply;
  const done = useRef<HTMLButtonElement>(null);
  useEffect(() => done.current?.focus(), []);
  const words = t(refund_status === 'pending' ? 'pending' : 'made', {
    amount: format_money(amount, currency),
  });
  return (
    <>
      <div class="note note-good" role="status">
        <Icon glyph="payments" />
        <div><strong>{words}</strong> {t('made_as', { refund: refund_id })}</div>
      </div>
      <div class="buttons buttons-end">
        <button type="button" class="button strong" ref={done} onClick={on_close}>
          {t('done')}
        </button>
      </div>
    </>
  );
}

// As it was typed, when only the session ended meanwhile; kept with the tab.
function use_draft(id: number): [Draft, (draft: Draft) => void] {
  const [draft, set_draft] = useState<Draft>(() => {
    try {
      return { ...empty_draft, ...JSON.parse(sessionStorage.getItem(draft_name(id)) ?? '{}') };
    } catch {
      return empty_draft;
    }
  });
  return [draft, (next) => {
    sessionStorage.setItem(draft_name(id), JSON.stringify(next));
    set_draft(next);
  }];
}

export function RefundDialog({ opened, reload, on_close }: Props) {
  const { transaction, reserved } = opened;
  const [draft, set_draft] = use_draft(transaction.id);
  const { outcome, send, ask_again } = use_sending(transaction.id, opened, reload);
  const busy = outcome.is === 'sending';
  const locked = busy || outcome.is === 'unknown';
  const money = (amount: number) => format_money(amount, transaction.currency);
  const close = () => {
    if (!locked) sessionStorage.removeItem(draft_name(transaction.id));
    on_close();
  };
  return (
    <Dialog labelled_by="refund-title" class="refund" on_close={close}>
      <div class="stack">
        <div class="dialog-head">
          <h2 id="refund-title">{t('title', { reference: transaction.reference })}</h2>
        </div>
        <Standing opened={opened} />
        {outcome.is === 'editing' && reserved > 0 && (
          <p class="note note-calm">
            <Icon glyph="alert" />{t('seen_first', { amount: money(reserved) })}
          </p>
        )}
        {outcome.is === 'editing' && outcome.error !== undefined && (
          <NotMade error={outcome.error} opened={opened} />
        )}
        {outcome.is === 'unknown' && (
          <Unknown outcome={outcome} currency={transaction.currency} ask_again={ask_again} />
        )}
        {outcome.is === 'made' ? <Made outcome={outcome} on_close={close} /> : (
          <RefundForm
            opened={opened}
            draft={draft}
            set_draft={set_draft}
            locked={locked}
            busy={busy}
            on_send={send}
            on_cancel={close}
          />
        )}
      </div>
    </Dialog>
  );
}
