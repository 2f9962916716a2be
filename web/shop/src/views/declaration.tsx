import type { Config } from '../api';
import { SimplePayBadge } from '../art';
import { language } from '../../../shared/language';
import { t } from '../i18n';

const information_url = {
  en: 'https://simplepartner.hu/PaymentService/Payment_information.pdf',
  hu: 'https://simplepartner.hu/PaymentService/Fizetesi_tajekoztato.pdf',
};
const privacy_url = 'https://simplepay.hu/adatkezelesi-tajekoztatok/';

interface DeclarationProps {
  merchant: Config['merchant'];
  accepted: boolean;
  error: boolean;
  on_accept(accepted: boolean): void;
}

// What a payer must see and accept before SimplePay: the logo, the payer information, and the
// declaration naming merchant, seat, web address and the data passed on.
export function Declaration({ merchant, accepted, error, on_accept }: DeclarationProps) {
  const info = { href: information_url[language.get()], target: '_blank', rel: 'noreferrer' };
  return (
    <section class="panel" aria-labelledby="before-you-pay">
      <div class="panel-head">
        <h2 id="before-you-pay">{t('before_you_pay')}</h2>
        <a class="badge-link" {...info} aria-label={t('simplepay_info')}>
          <SimplePayBadge />
        </a>
      </div>
      <p class="declaration" id="declaration-text">
        {t('declaration', {
          merchant: merchant.name,
          seat: merchant.seat,
          website: merchant.website,
        })}
      </p>
      <p class="fine links">
        <a href={privacy_url} target="_blank" rel="noreferrer">
          {t('privacy_notice')}
        </a>
        <a {...info}>{t('simplepay_info')}</a>
      </p>
      <label class="accept">
        <input
          type="checkbox"
          id="declaration"
          name="declaration"
          checked={accepted}
          aria-invalid={error ? 'true' : undefined}
          aria-describedby={error ? 'declaration-error declaration-text' : 'declaration-text'}
          onChange={(event) => on_accept(event.currentTarget.checked)}
        />
        <span>{t('declaration_accept')}</span>
      </label>
      {error && (
        <p class="field-error" id="declaration-error">
          {t('need_declaration')}
        </p>
      )}
    </section>
  );
}
