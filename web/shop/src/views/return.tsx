import { useEffect, useState } from 'preact/hooks';
import { Problem } from '../../../shared/http';
import { return_from_simplepay, type Returned, type Transaction } from '../api';
import { t } from '../i18n';
import { link_to } from '../route';
import { follow_transaction, is_settled } from '../wait';
import { use_loaded } from './load';
import { Loading, TroubleNote, Verdict } from './parts';

type Loaded = Returned | 'unverified';

// A message that fails its check is no information: neither paid nor failed may be said.
async function load(r: string, s: string): Promise<Loaded> {
  if (!r || !s) return 'unverified';
  try {
    return await return_from_simplepay(r, s);
  } catch (error) {
    const unverified =
      error instanceof Problem && error.status >= 400 && error.status < 500 && error.status !== 429;
    if (unverified) return 'unverified';
    throw error;
  }
}

function ProviderId({ id }: { id: string | number | null | undefined }) {
  if (!id) return null;
  return <p class="provider-id">{t('simplepay_id')}: <strong>{id}</strong></p>;
}

// The return is a hint; only SimplePay's own word to the service is final.
function Confirmation({ transaction_id }: { transaction_id: number }) {
  const [transaction, set_transaction] = useState<Transaction>();
  const [over, set_over] = useState(false);
  useEffect(() => {
    let gone = false;
    void follow_transaction(transaction_id, set_transaction, () => gone).then(() => {
      if (!gone) set_over(true);
    });
    return () => { gone = true; };
  }, [transaction_id]);

  if (transaction && is_settled(transaction)) {
    if (transaction.status === 'paid')
      return (
        <p class="confirmation" data-status="paid" role="status">
          {t('confirmed')}
        </p>
      );
    return (
      <p class="confirmation" data-status={transaction.status} role="status">
        <a href={link_to.outcome(transaction_id)}>{t('result_review')}</a>
      </p>
    );
  }
  if (over) return <p class="confirmation" role="status">{t('not_confirmed_yet')}</p>;
  return (
    <p class="loading" role="status">
      <span class="spinner" aria-hidden="true" />
      {t('waiting_for_confirmation')}
    </p>
  );
}

function Notice({ returned }: { returned: Returned }) {
  switch (returned.message) {
    case 'SUCCESS':
      return (
        <Verdict tone="good" title={t('result_success')}>
          <ProviderId id={returned.provider_transaction_id} />
          <Confirmation transaction_id={returned.transaction_id} />
        </Verdict>
      );
    case 'FAIL':
      return (
        <Verdict tone="bad" title={t('result_fail')}>
          <ProviderId id={returned.provider_transaction_id} />
          <p>{t('result_fail_advice')}</p>
        </Verdict>
      );
    case 'CANCEL':
      return (
        <Verdict tone="calm" glyph="back" title={t('result_cancel')}>
          <p>{t('result_cancel_text')}</p>
        </Verdict>
      );
    case 'TIMEOUT':
      return (
        <Verdict tone="calm" glyph="clock" title={t('result_timeout')}>
          <p>{t('result_timeout_text')}</p>
        </Verdict>
      );
  }
}

export function ReturnView({ r, s }: { r: string; s: string }) {
  const { value, trouble, reload } = use_loaded(() => load(r, s));
  if (trouble)
    return (
      <div class="column column-top">
        <TroubleNote trouble={trouble} on_retry={reload} />
      </div>
    );
  if (!value) return <div class="column column-top"><Loading /></div>;
  if (value === 'unverified') {
    return (
      <div class="column column-top narrow">
        <Verdict tone="calm" glyph="clock" title={t('result_unknown')}>
          <p>{t('result_unknown_text')}</p>
        </Verdict>
        <a class="button quiet" href={link_to.tickets}>
          {t('back_to_tickets')}
        </a>
      </div>
    );
  }
  const paid = value.message === 'SUCCESS';
  return (
    <div class="column column-top narrow" data-message={value.message}>
      <Notice returned={value} />
      <a class={`button ${paid ? 'quiet' : ''}`} href={link_to.ticket(value.ticket_id)}>
        {t(paid ? 'look_at_ticket' : 'try_again')}
      </a>
    </div>
  );
}
