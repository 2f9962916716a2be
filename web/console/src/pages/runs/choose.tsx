// The first step: whose payments, and how much of each.
import { useState } from 'preact/hooks';
import { format_number, processor_name } from '../../format';
import { DropButton, Typed } from '../../parts/filters';
import { Segments } from '../../parts/segments';
import { currencies, processors, set_names } from '../payments/filter';
import { describe } from '../payments/filters';
import {
  change, give_how, is_pasted, wrong_filters, type ChoiceName, type GiveHow, type Pasted,
  type Wrong,
} from './query';
import { t } from './words';

interface Props {
  query: URLSearchParams;
  text: string; // the numbers that were pasted
  set_text: (text: string) => void;
  pasted: Pasted;
  wrong: Wrong | undefined;
}

function Text({ name, label, query, hint, type }: {
  name: ChoiceName; label: string; query: URLSearchParams; hint?: string; type?: 'date';
}) {
  const wrong = wrong_filters(query).some((one) => one === name);
  return (
    <label class="field">
      <span>{label}</span>
      <Typed
        label={label} given={query.get(name) ?? ''} on_change={(text) => change(query, {
          [name]: text,
        })}
        {...(type && { type })} {...(hint && { placeholder: hint })} {...(wrong && { wrong })}
      />
    </label>
  );
}

function Pick({ name, label, query, values, name_of }: {
  name: ChoiceName; label: string; query: URLSearchParams; values: readonly string[];
  name_of: (one: string) => string;
}) {
  return (
    <label class="field">
      <span>{label}</span>
      <select
        value={query.get(name) ?? ''}
        onChange={(event) => change(query, { [name]: event.currentTarget.value })}
      >
        <option value="">{t('all_of_them')}</option>
        {values.map((one) => <option key={one} value={one}>{name_of(one)}</option>)}
      </select>
    </label>
  );
}

// What the list of payments was filtered by, and has no field here.
const only_chips = ['status', 'least', 'most'] as const;

function Described({ query }: { query: URLSearchParams }) {
  const more = set_names(query).filter((name) => only_chips.some((one) => one === name));
  const is_begun = query.get('of') === 'created';
  return (
    <>
      <div class="fields">
        <Text name="flag" label={t('flag')} query={query} hint="HU" />
        <Text name="year" label={t('year')} query={query} hint="2027" />
        <Text name="event" label={t('event')} query={query} hint="OZORA" />
        <Text name="fee" label={t('fee')} query={query} hint={t('all_of_them')} />
        <Pick
          name="by" label={t('processor')} query={query} values={processors}
          name_of={processor_name}
        />
        <Pick
          name="currency" label={t('currency')} query={query} values={currencies}
          name_of={(one) => one}
        />
        <Text
          name="from" label={t(is_begun ? 'begun_from' : 'paid_from')} query={query} type="date"
        />
        <Text
          name="to" label={t(is_begun ? 'begun_to' : 'paid_to')} query={query} type="date"
        />
      </div>
      {more.length > 0 && (
        <p class="more-filters">
          <span>{t('and_only')}</span>
          {more.map((name) => (
            <DropButton
              key={name} what={describe(name, query)}
              on_drop={() => change(query, { [name]: '' })}
            />
          ))}
        </p>
      )}
    </>
  );
}

function Numbers({ text, set_text, pasted, wrong }: Omit<Props, 'query'>) {
  // What is still being typed is not found fault with.
  const [left, set_left] = useState(false);
  const is_wrong = left && wrong === 'numbers' || wrong === 'too_many';
  return (
    <div class="field">
      <label for="run-numbers">{t('numbers')}</label>
      <textarea
        id="run-numbers" rows={4} value={text} spellcheck={false}
        placeholder="TR123, TR124, TR125"
        aria-invalid={is_wrong ? 'true' : undefined} aria-describedby="run-numbers-said"
        onInput={(event) => {
          set_left(false);
          set_text(event.currentTarget.value);
        }}
        onBlur={() => set_left(true)}
      />
      <p class={is_wrong ? 'wrong' : 'fine'} id="run-numbers-said" role="status">
        {is_wrong && wrong === 'numbers'
          ? t('unread', { words: pasted.unread.slice(0, 5).join(', ') })
          : is_wrong ? t('too_many') : t('numbers_n', { n: format_number(pasted.ids.length) })}
      </p>
    </div>
  );
}

function HowMuch({ query, is_wrong }: { query: URLSearchParams; is_wrong: boolean }) {
  const how = give_how(query);
  const choice = (one: GiveHow, name: string) => (
    <label class="check">
      <input
        type="radio" name="give" checked={how === one}
        onChange={() => change(query, {
          give: one,
          ...(one === 'each' && !query.get('in') && { in: query.get('currency') || 'EUR' }),
        })}
      />
      {name}
    </label>
  );
  const invalid = is_wrong ? { wrong: true } : {};
  return (
    <fieldset class="give">
      <legend>{t('give')}</legend>
      {choice('all', t('give_all'))}
      <div class="give-part">
        {choice('share', t('give_share'))}
        {how === 'share' && (
          <span class="amount-with">
            <Typed
              label={t('share')} given={query.get('share') ?? ''} inputMode="decimal" {...invalid}
              on_change={(share) => change(query, { share: share.replace(/\s*%$/, '') })}
            />
            <span aria-hidden="true">%</span>
          </span>
        )}
      </div>
      <div class="give-part">
        {choice('each', t('give_each'))}
        {how === 'each' && (
          <span class="amount-with">
            <Typed
              label={t('each')} given={query.get('each') ?? ''} inputMode="decimal" {...invalid}
              on_change={(each) => change(query, { each })}
            />
            <select
              aria-label={t('currency')} value={query.get('in') || 'EUR'}
              onChange={(event) => change(query, { in: event.currentTarget.value })}
            >
              {currencies.map((one) => <option key={one} value={one}>{one}</option>)}
            </select>
          </span>
        )}
      </div>
    </fieldset>
  );
}

export function Choose({ query, ...numbers }: Props) {
  const { wrong } = numbers;
  return (
    <>
      <Segments
        label={t('whose')}
        choices={[
          { id: 'described', name: t('by_filter') }, { id: 'numbers', name: t('by_numbers') },
        ]}
        chosen={is_pasted(query) ? 'numbers' : 'described'}
        choose={(how) => change(query, { how: how === 'numbers' ? how : '' })}
      />
      {is_pasted(query) ? <Numbers {...numbers} />
        : <Described query={query} />}
      <HowMuch query={query} is_wrong={wrong === 'give'} />
    </>
  );
}
