// How much goes back, and why.
import { useRef, useState } from 'preact/hooks';
import { format_money, processor_name, read_amount } from '../format';
import { t as say } from '../words';
import type { Opened } from '../net/types';
import type { Contents } from './kept';
import { empty_because, reason_of, says_why, Why, type Because } from './why';
import { t } from './words';

export interface Draft extends Because {
  part: boolean;
  amount: string;
}
export const empty_draft: Draft = { part: false, amount: '', ...empty_because };

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
  if (!says_why(draft)) wrong.why = t('need_why');
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
        <Why because={draft} wrong={wrong.why} set={set} />
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
