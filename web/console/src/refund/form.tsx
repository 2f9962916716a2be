// How much goes back, and why.
import { useRef, useState } from 'preact/hooks';
import { format_money, processor_name } from '../format';
import { t as say } from '../words';
import type { Opened } from '../net/types';
import type { Contents } from './kept';
import { t, type Key } from './words';

// What is kept with the refund, for people of either language: a code and, after it, the note.
export const reasons = [
  'day_cancelled', 'event_cancelled', 'visitor', 'twice', 'mistake', 'other',
] as const;
export type Reason = (typeof reasons)[number];
const reason_bytes = 200;

export interface Draft {
  part: boolean;
  amount: string;
  why: Reason | '';
  note: string;
}
export const empty_draft: Draft = { part: false, amount: '', why: '', note: '' };

// "1 234,50" and "1234.5"; undefined for anything that is not plainly an amount.
export function read_amount(text: string): number | undefined {
  const plain = text.replace(/[\s\u00a0\u202f]/g, '').replace(',', '.');
  return /^\d{1,12}(\.\d{1,2})?$/.test(plain) && Number(plain) > 0 ? Number(plain) : undefined;
}

const words_in_ledger: Record<Reason, string> = {
  day_cancelled: 'a day was cancelled',
  event_cancelled: 'the event was cancelled',
  visitor: 'the visitor asked for it',
  twice: 'paid twice',
  mistake: 'our mistake',
  other: '',
};

// The reason as the service keeps it, no longer than it takes.
export function reason_of({ why, note }: Draft): string {
  const words = [why && words_in_ledger[why], note.trim()].filter(Boolean).join(': ');
  const bytes = new TextEncoder().encode(words);
  if (bytes.length <= reason_bytes) return words;
  return new TextDecoder().decode(bytes.slice(0, reason_bytes)).replace(/\ufffd+$/, '');
}

interface Wrong {
  amount?: string;
  why?: string;
}

function check(draft: Draft, { refundable, transaction }: Opened): Wrong {
  const wrong: Wrong = {};
  if (draft.part) {
    const amount = read_amount(draft.amount);
    if (amount === undefined) wrong.amount = t('need_amount');
    else if (amount > refundable) {
      wrong.amount = t('too_much', { amount: format_money(refundable, transaction.currency) });
    }
  }
  if (!draft.why || (draft.why === 'other' && !draft.note.trim())) wrong.why = t('need_why');
  return wrong;
}

interface Props {
  opened: Opened;
  draft: Draft;
  set_draft: (draft: Draft) => void;
  locked: boolean;
  busy: boolean;
  on_send: (contents: Contents) => void;
  on_cancel: () => void;
}

interface Fields {
  draft: Draft;
  wrong: Wrong;
  set: (changes: Partial<Draft>) => void;
}

function HowMuch({ draft, wrong, set, refundable, currency }: Fields & {
  refundable: number; currency: string;
}) {
  const amount = useRef<HTMLInputElement>(null);
  return (
    <>
      <label class="check">
        <input
          type="radio"
          name="much"
          checked={!draft.part}
          onChange={() => set({ part: false })}
        />
        {t('all')} <strong class="tabular">{format_money(refundable, currency)}</strong>
      </label>
      <div class="part">
        <label class="check">
          <input
            type="radio"
            name="much"
            checked={draft.part}
            onChange={() => {
                set({ part: true });
                amount.current?.focus();
              }}
          />
          {t('part')}
        </label>
        <input
          id="refund-amount"
            ref={amount}
          class="amount-input"
          type="text"
          inputMode="decimal"
          autocomplete="off"
          aria-label={t('part_amount', { currency })}
          aria-invalid={wrong.amount ? 'true' : undefined}
          aria-describedby="refund-amount-wrong"
          value={draft.amount}
          onInput={(event) => set({ part: true, amount: event.currentTarget.value })}
        />
        <span aria-hidden="true">{currency}</span>
      </div>
      <p class="wrong" id="refund-amount-wrong" role="alert">{wrong.amount}</p>
    </>
  );
}

function Why({ draft, wrong, set }: Fields) {
  return (
    <>
      <div class="why">
        <label for="refund-why">{t('why')}</label>
        <select
          id="refund-why"
          value={draft.why}
          aria-invalid={wrong.why ? 'true' : undefined}
          aria-describedby="refund-why-wrong"
          onChange={(event) => set({ why: event.currentTarget.value as Reason })}
        >
          <option value="">{t('why_none')}</option>
          {reasons.map((one) => (
            <option key={one} value={one}>{t(`why_${one}` satisfies Key)}</option>
          ))}
        </select>
        <input
          type="text"
          aria-label={t('note')}
          placeholder={t('note')}
          autocomplete="off"
          maxLength={150}
          value={draft.note}
          onInput={(event) => set({ note: event.currentTarget.value })}
        />
      </div>
      <p class="wrong" id="refund-why-wrong" role="alert">{wrong.why}</p>
    </>
  );
}

export function RefundForm({ opened, draft, set_draft, locked, busy, on_send, on_cancel }: Props) {
  const [wrong, set_wrong] = useState<Wrong>({});
  const form = useRef<HTMLFormElement>(null);
  const { currency } = opened.transaction;
  const part = draft.part ? read_amount(draft.amount) : opened.refundable;
  const set = (changes: Partial<Draft>) => {
    set_draft({ ...draft, ...changes });
    set_wrong({});
  };

  const fields = { draft, wrong, set };

  function submit(event: Event) {
    event.preventDefault();
    if (locked || busy) return;
    const found = check(draft, opened);
    set_wrong(found);
    const first = found.amount ? '#refund-amount' : found.why ? '#refund-why' : '';
    if (first) return form.current?.querySelector<HTMLElement>(first)?.focus();
    on_send({ amount: draft.part ? part! : null, reason: reason_of(draft) });
  }

  return (
    <form ref={form} class="stack" onSubmit={submit} noValidate>
      <fieldset class="refund-fields" disabled={locked}>
        <legend class="unseen">{t('how_much')}</legend>
        <HowMuch {...fields} refundable={opened.refundable} currency={currency} />
        <Why {...fields} />
      </fieldset>
      <p class="fine">
        {t('same_card', { processor: processor_name(opened.transaction.processor) })}
      </p>
      <div class="buttons buttons-end">
        <button type="button" class="button" onClick={on_cancel}>
          {locked ? say('close') : t('cancel')}
        </button>
        <button
          type="submit"
          class="button money-button"
          aria-busy={busy}
          disabled={locked && !busy}
        >
          {busy ? t('giving')
            : t('give_back', { amount: part === undefined ? '…' : format_money(part, currency) })}
        </button>
      </div>
    </form>
  );
}
