import { group_digits, shape_expiry, type CardField, type CardInput } from '../card';
import { CardIcon } from '../art';
import { t, type Key } from '../i18n';
import { test_cards } from '../stripe';
import { TextField } from './field';

interface CardFormProps {
  card: CardInput;
  errors: Partial<Record<CardField, Key>>;
  on_change(card: CardInput): void;
}

const chips: [keyof typeof test_cards, Key][] = [
  ['pays', 'test_card_pays'],
  ['three_d_secure', 'test_card_3ds'],
  ['declined', 'test_card_declined'],
  ['funds', 'test_card_funds'],
];

export function CardForm({ card, errors, on_change }: CardFormProps) {
  const line = (
    field: CardField,
    label: Key,
    complete: string,
    shape: (text: string) => string,
    hint = '',
  ) => (
    <TextField
      name={`card-${field}`}
      label={t(label)}
      error={errors[field] && t(errors[field])}
      wide={field === 'number'}
      input={{
        type: 'text',
        inputMode: 'numeric',
        autocomplete: complete,
        placeholder: hint,
        value: card[field],
        onInput: (event) => {
          const shaped = shape(event.currentTarget.value);
          event.currentTarget.value = shaped;
          on_change({ ...card, [field]: shaped });
        },
      }}
    />
  );
  return (
    <section class="panel" aria-labelledby="card">
      <div class="panel-head">
        <h2 id="card">{t('card_details')}</h2>
        <CardIcon />
      </div>
      <div class="chips" role="group" aria-label={t('test_cards')}>
        <span class="fine">{t('test_cards')}</span>
        {chips.map(([name, label]) => (
          <button
            key={name}
            type="button"
            class="chip-button"
            data-card={name}
            onClick={() =>
              on_change({ number: group_digits(test_cards[name]), expiry: '12 / 34', cvc: '123' })
            }
          >
            {t(label)}
          </button>
        ))}
      </div>
      <div class="fields">
        {line('number', 'card_number', 'cc-number', group_digits, '1234 1234 1234 1234')}
        {line('expiry', 'card_expiry', 'cc-exp', shape_expiry, t('card_expiry_hint'))}
        {line('cvc', 'card_cvc', 'cc-csc', (text) => text.replace(/\D/g, '').slice(0, 4), '123')}
      </div>
    </section>
  );
}
