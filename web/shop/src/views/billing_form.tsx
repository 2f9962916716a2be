import { check_field, type Billing, type Field, type FieldErrors } from '../billing';
import { country_codes } from '../countries';
import { language } from '../../../shared/language';
import { country_name, t, type Key } from '../i18n';
import { TextField } from './field';

interface BillingFormProps {
  billing: Billing;
  errors: FieldErrors;
  on_change(billing: Billing): void;
  on_check(field: Field, error: Key | undefined): void;
}

interface Row {
  field: Field;
  complete: string;
  type?: 'email' | 'tel';
  mode?: 'text' | 'email' | 'tel' | 'numeric';
  optional?: boolean;
  wide?: boolean;
  hint?: Key;
}

const person_rows: Row[] = [
  { field: 'name', complete: 'section-billing billing name', wide: true },
];
const company_rows: Row[] = [
  { field: 'company', complete: 'section-billing billing organization' },
  { field: 'tax_number', complete: 'off', hint: 'tax_number_hint' },
];
const address_rows: Row[] = [
  { field: 'zip', complete: 'section-billing billing postal-code' },
  { field: 'city', complete: 'section-billing billing address-level2' },
  { field: 'address', complete: 'section-billing billing address-line1', wide: true },
  {
    field: 'address2',
    complete: 'section-billing billing address-line2',
    optional: true,
    wide: true,
  },
  { field: 'state', complete: 'section-billing billing address-level1', optional: true },
  {
    field: 'phone',
    complete: 'section-billing billing tel',
    type: 'tel',
    mode: 'tel',
    optional: true,
  },
];

function sorted_countries() {
  const collator = new Intl.Collator(language.get());
  return country_codes
    .map((code) => ({ code, name: country_name(code) }))
    .sort((a, b) => collator.compare(a.name, b.name));
}

function KindPicker({ billing, on_change }: Pick<BillingFormProps, 'billing' | 'on_change'>) {
  return (
    <fieldset class="segments">
      <legend>{t('billed_to')}</legend>
      {([false, true] as const).map((as_company) => (
        <label key={String(as_company)}>
          <input
            type="radio"
            name="kind"
            checked={billing.as_company === as_company}
            onChange={() => on_change({ ...billing, as_company })}
          />
          <span>{t(as_company ? 'as_company' : 'as_person')}</span>
        </label>
      ))}
    </fieldset>
  );
}

function CountryField({ billing, errors, on_change, on_check }: BillingFormProps) {
  const error = errors.country;
  return (
    <div class="field field-wide">
      <label for="country">{t('country')}</label>
      <select
        id="country"
        name="country"
        required
        autocomplete="section-billing billing country"
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={error ? 'country-error' : undefined}
        value={billing.country}
        onChange={(event) => {
          const changed = { ...billing, country: event.currentTarget.value };
          on_change(changed);
          on_check('country', check_field('country', changed));
        }}
      >
        <option value="">{t('choose')}</option>
        {sorted_countries().map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </select>
      {error && (
        <p class="field-error" id="country-error">
          {error}
        </p>
      )}
    </div>
  );
}

export function BillingForm(props: BillingFormProps) {
  const { billing, errors, on_change, on_check } = props;
  const line = (row: Row) => (
    <TextField
      key={row.field}
      name={row.field}
      label={t(row.field as Key)}
      error={errors[row.field]}
      optional={row.optional ?? false}
      wide={row.wide ?? false}
      {...(row.hint ? { hint: t(row.hint) } : {})}
      input={{
        type: row.type ?? 'text',
        inputMode: row.mode ?? 'text',
        autocomplete: row.complete,
        maxLength: 200,
        value: billing[row.field],
        onInput: (event) => {
          const changed = { ...billing, [row.field]: event.currentTarget.value };
          on_change(changed);
          if (errors[row.field]) on_check(row.field, check_field(row.field, changed));
        },
        onBlur: () => {
          if (billing[row.field]) on_check(row.field, check_field(row.field, billing));
        },
      }}
    />
  );
  return (
    <section class="panel" aria-labelledby="billing">
      <div class="panel-head">
        <h2 id="billing">{t('billing')}</h2>
        <KindPicker billing={billing} on_change={on_change} />
      </div>
      <p class="lead">{t('billing_lead')}</p>
      <div class="fields">
        {line({
          field: 'email',
          complete: 'email',
          type: 'email',
          mode: 'email',
          wide: true,
          hint: 'email_hint',
        })}
        {(billing.as_company ? company_rows : person_rows).map(line)}
        <CountryField {...props} />
        {address_rows.map(line)}
      </div>
    </section>
  );
}
