import type { PaymentOption } from '../api';
import { CardIcon, SimplePayBadge } from '../art';
import { format_amount, t } from '../i18n';
import { choice_of, distinct, fee_of, matching } from '../offer';

interface PickerProps {
  options: PaymentOption[];
  chosen: PaymentOption;
  on_choose(wish: ReturnType<typeof choice_of>): void;
}

export function price_of(option: PaymentOption) {
  return option.amount === 0 ? t('free') : format_amount(option.amount, option.currency);
}

function mode_hint(option: PaymentOption) {
  if (option.amount === 0) return t('by_free');
  return t(option.payment_mode === 'SIMPLE' ? 'by_simplepay' : 'by_stripe');
}

function CurrencyPicker({ options, chosen, on_choose }: PickerProps) {
  const currencies = distinct(options.map((option) => option.currency));
  if (currencies.length < 2) return null;
  return (
    <fieldset class="segments">
      <legend>{t('currency')}</legend>
      {currencies.map((currency) => (
        <label key={currency}>
          <input
            type="radio"
            name="currency"
            value={currency}
            checked={currency === chosen.currency}
            onChange={() => on_choose({ ...choice_of(chosen), currency })}
          />
          <span>{currency}</span>
        </label>
      ))}
    </fieldset>
  );
}

function FeePicker({ options, chosen, on_choose }: PickerProps) {
  const here = matching(options, { currency: chosen.currency });
  const fees = distinct(here.map(fee_of));
  if (fees.length < 2) return null;
  return (
    <fieldset class="picks">
      <legend class="unseen">{t('what_to_pay')}</legend>
      {fees.map((fee) => {
        const first = here.find((option) => fee_of(option) === fee)!;
        return (
          <label key={fee} class="pick">
            <input
              type="radio"
              name="fee"
              value={fee}
              checked={fee === fee_of(chosen)}
              onChange={() => on_choose({ ...choice_of(chosen), fee })}
            />
            <span class="pick-words">
              <strong>{first.title}</strong>
              {first.note && <span class="fine">{first.note}</span>}
            </span>
            <span class="price">{price_of(first)}</span>
          </label>
        );
      })}
    </fieldset>
  );
}

function ModePicker({ options, chosen, on_choose }: PickerProps) {
  const here = matching(options, { currency: chosen.currency, fee: fee_of(chosen) });
  return (
    <fieldset class="picks">
      <legend>{t('pay_with')}</legend>
      {here.map((option) => (
        <label key={option.code} class="pick">
          <input
            type="radio"
            name="mode"
            value={option.payment_mode}
            checked={option.code === chosen.code}
            onChange={() => on_choose({ ...choice_of(chosen), mode: option.payment_mode })}
          />
          <span class="pick-art">
            {option.payment_mode === 'SIMPLE' ? <SimplePayBadge /> : <CardIcon />}
          </span>
          <span class="pick-words">
            <strong>{option.payment_mode === 'SIMPLE' ? 'SimplePay' : 'Stripe'}</strong>
            <span class="fine">{mode_hint(option)}</span>
          </span>
          <span class="price">{price_of(option)}</span>
        </label>
      ))}
    </fieldset>
  );
}

export function OptionPicker(props: PickerProps) {
  const single = distinct(props.options.map(fee_of)).length < 2;
  return (
    <section class="panel" aria-labelledby="what-to-pay">
      <div class="panel-head">
        <h2 id="what-to-pay">{t('what_to_pay')}</h2>
        <CurrencyPicker {...props} />
      </div>
      {single && (
        <p class="only-fee">
          <strong>{props.chosen.title}</strong>
          {props.chosen.note && <span class="fine">{props.chosen.note}</span>}
        </p>
      )}
      <FeePicker {...props} />
      <ModePicker {...props} />
    </section>
  );
}
