import { useEffect, useRef, useState } from 'preact/hooks';
import type { Config, PaymentOption, Ticket } from '../api';
import {
  check_field, field_names, first_billing, keep_billing, metas_of, type Billing, type FieldErrors,
} from '../billing';
import { card_of, check_card_field, type CardField, type CardInput } from '../card';
import { language } from '../../../shared/language';
import { t, type Key } from '../i18n';
import { nearest, type Choice } from '../offer';
import { Payment, type PaymentState } from '../payment';
import { BillingForm } from './billing_form';
import { CardForm } from './card_form';
import { Declaration } from './declaration';
import { OptionPicker, price_of } from './option_picker';
import { TroubleNote } from './parts';
import { ThreeDSecureDialog } from './three_d_secure';

interface CheckoutProps {
  config: Config;
  ticket: Ticket;
  options: PaymentOption[];
  on_stale(): void;
}

const blank_card: CardInput = { number: '', expiry: '', cvc: '' };
const card_fields: CardField[] = ['number', 'expiry', 'cvc'];

const first_choice = (): Choice => ({
  fee: '',
  currency: language.get() === 'hu' ? 'HUF' : 'EUR',
  mode: 'SIMPLE',
});

function billing_mistakes(billing: Billing) {
  const found: Partial<Record<keyof FieldErrors, Key>> = {};
  for (const field of field_names) {
    const mistake = check_field(field, billing);
    if (mistake) found[field] = mistake;
  }
  return found;
}

function card_mistakes(card: CardInput) {
  const found: Partial<Record<CardField, Key>> = {};
  for (const field of card_fields) {
    const mistake = check_card_field(field, card);
    if (mistake) found[field] = mistake;
  }
  return found;
}

function button_text(option: PaymentOption) {
  if (option.amount === 0) return t('claim_free');
  const amount = price_of(option);
  return t(option.payment_mode === 'SIMPLE' ? 'pay_at_simplepay' : 'pay_amount', { amount });
}

const busy_texts: Partial<Record<PaymentState['step'], Key>> = {
  starting: 'working',
  in_line: 'in_line',
  leaving: 'going_to_simplepay',
  confirming: 'checking_card',
};

// What was typed, what is wrong with it, how the payment stands, and what the visitor may do.
function use_checkout({ ticket, options, on_stale }: CheckoutProps) {
  const [wish, set_wish] = useState(first_choice);
  const [billing, set_billing] = useState(() => first_billing(ticket));
  const [billing_errors, set_billing_errors] = useState<ReturnType<typeof billing_mistakes>>({});
  const [card, set_card] = useState(blank_card);
  const [card_errors, set_card_errors] = useState<ReturnType<typeof card_mistakes>>({});
  const [accepted, set_accepted] = useState(false);
  const [not_accepted, set_not_accepted] = useState(false);
  const [state, set_state] = useState<PaymentState>({ step: 'idle' });
  const [payment] = useState(() => new Payment(ticket.id, set_state, on_stale));
  useEffect(() => () => payment.abandon(), [payment]);

  const option = nearest(options, wish)!;
  const by_simplepay = option.amount !== 0 && option.payment_mode === 'SIMPLE';
  const by_card = option.amount !== 0 && option.payment_mode === 'STRIPE-INTENTS';

  function mark_mistakes() {
    const wrong_billing = billing_mistakes(billing);
    const wrong_card = by_card ? card_mistakes(card) : {};
    const undeclared = by_simplepay && !accepted;
    set_billing_errors(wrong_billing);
    set_card_errors(wrong_card);
    set_not_accepted(undeclared);
    return undeclared || Object.keys({ ...wrong_billing, ...wrong_card }).length > 0;
  }

  const actions = {
    choose(next: Choice) {
      set_wish(next);
      set_state({ step: 'idle' });
    },
    change_billing(next: Billing) {
      set_billing(next);
      keep_billing(next);
    },
    check_billing(field: keyof FieldErrors, mistake: Key | undefined) {
      const { [field]: _, ...others } = billing_errors;
      set_billing_errors(mistake ? { ...others, [field]: mistake } : others);
      if (state.step === 'failed')
        set_state({ ...state, fields: { ...state.fields, [field]: undefined } });
    },
    change_card(next: CardInput) {
      set_card(next);
      set_card_errors({});
    },
    accept(yes: boolean) {
      set_accepted(yes);
      if (yes) set_not_accepted(false);
    },
    pay() {
      if (mark_mistakes()) return set_state({ step: 'unfinished' });
      const metas = metas_of(billing, language.get());
      void payment.pay(option, metas, by_card ? card_of(card) : undefined);
    },
    close_challenge: () => payment.close_challenge(),
  };
  const mistakes = { billing_errors, card_errors, not_accepted };
  return { option, by_simplepay, by_card, billing, card, accepted, state, ...mistakes, ...actions };
}

type Checking = ReturnType<typeof use_checkout>;

// After a failed attempt to pay, the first marked field (or the notice) comes into view.
function use_focus({ billing_errors, card_errors, not_accepted, state }: Checking) {
  const form = useRef<HTMLFormElement>(null);
  const marked = useRef(false);
  useEffect(() => {
    const first_wrong = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
    if (marked.current && first_wrong) first_wrong.focus();
    else if (state.step === 'failed')
      form.current?.querySelector('.note')?.scrollIntoView({ block: 'center' });
    marked.current = false;
  }, [billing_errors, card_errors, not_accepted, state]);
  return { form, marked };
}

// What our own checks found comes before what the server said.
function shown_errors({ billing_errors, state }: Checking): FieldErrors {
  const shown: FieldErrors = { ...(state.step === 'failed' ? state.fields : {}) };
  for (const field of field_names) {
    const mistake = billing_errors[field];
    if (mistake) shown[field] = t(mistake);
  }
  return shown;
}

function Notice({ state }: { state: PaymentState }) {
  if (state.step === 'unfinished')
    return (
      <p class="note note-bad" role="alert">
        {t('check_the_form')}
      </p>
    );
  if (state.step === 'declined')
    return (
      <div class="note note-bad" role="alert">
        <strong>{t('result_declined')}</strong>
        <p>{t(state.reason)}</p>
      </div>
    );
  return state.step === 'failed' ? <TroubleNote trouble={state.trouble} /> : null;
}

function PayBar({ option, busy }: { option: PaymentOption; busy: Key | undefined }) {
  return (
    <div class="pay-bar">
      <p class="total">
        <span class="fine">{t('total')}</span>
        <strong>{price_of(option)}</strong>
      </p>
      <button type="submit" class="button big" disabled={busy !== undefined}>
        {busy && <span class="spinner" aria-hidden="true" />}
        <span aria-live="polite">{busy ? t(busy) : button_text(option)}</span>
      </button>
    </div>
  );
}

export function Checkout(props: CheckoutProps) {
  const checkout = use_checkout(props);
  const { option, state } = checkout;
  const { form, marked } = use_focus(checkout);
  const busy = busy_texts[state.step];

  function submit(event: Event) {
    event.preventDefault();
    marked.current = true;
    checkout.pay();
  }

  return (
    <form ref={form} noValidate onSubmit={submit} aria-busy={busy ? 'true' : undefined}>
      <fieldset class="bare" disabled={busy !== undefined}>
        <OptionPicker options={props.options} chosen={option} on_choose={checkout.choose} />
        <BillingForm
          billing={checkout.billing}
          errors={shown_errors(checkout)}
          on_change={checkout.change_billing}
          on_check={checkout.check_billing}
        />
        {checkout.by_card && (
          <CardForm
            card={checkout.card}
            errors={checkout.card_errors}
            on_change={checkout.change_card}
          />
        )}
        {checkout.by_simplepay && (
          <Declaration
            merchant={props.config.merchant}
            accepted={checkout.accepted}
            error={checkout.not_accepted}
            on_accept={checkout.accept}
          />
        )}
      </fieldset>
      <Notice state={state} />
      <PayBar option={option} busy={busy} />
      {state.step === 'challenge' && (
        <ThreeDSecureDialog url={state.url} on_close={checkout.close_challenge} />
      )}
    </form>
  );
}
