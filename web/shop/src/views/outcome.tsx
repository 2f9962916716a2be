import { useEffect, useState } from 'preact/hooks';
import type { Transaction } from '../api';
import { format_amount, t } from '../i18n';
import { link_to } from '../route';
import { follow_transaction, is_settled } from '../wait';
import { Facts, Loading, Verdict } from './parts';

function Ending({ transaction }: { transaction: Transaction }) {
  const amount = format_amount(transaction.amount, transaction.currency);
  const free = transaction.amount === 0;
  switch (transaction.status) {
    case 'paid':
      return (
        <Verdict tone="good" title={t(free ? 'result_free' : 'result_paid')}>
          <p>{t(free ? 'result_free_text' : 'result_paid_text', { amount })}</p>
        </Verdict>
      );
    case 'review':
    case 'disputed':
      return (
        <Verdict tone="calm" glyph="eye" title={t('result_review')}>
          <p>{t('result_review_text')}</p>
        </Verdict>
      );
    case 'refunded':
    case 'partially_refunded':
      return <Verdict tone="calm" glyph="back" title={t('result_refunded')} />;
    case 'failed':
      return (
        <Verdict tone="bad" title={t('result_declined')}>
          <p>{t('result_declined_text')}</p>
        </Verdict>
      );
    case 'cancelled':
    case 'expired':
      return <Verdict tone="calm" glyph="back" title={t('result_not_paid')} />;
    default:
      return (
        <Verdict tone="calm" title={t('result_processing')}>
          <p>{t('result_processing_text')}</p>
        </Verdict>
      );
  }
}

export function OutcomeView({ id }: { id: number }) {
  const [transaction, set_transaction] = useState<Transaction>();
  useEffect(() => {
    let gone = false;
    void follow_transaction(id, set_transaction, () => gone);
    return () => { gone = true; };
  }, [id]);

  if (!transaction) return <div class="column column-top"><Loading /></div>;
  const may_retry = ['failed', 'cancelled', 'expired'].includes(transaction.status);
  return (
    <div class="column column-top narrow" data-status={transaction.status}>
      <Ending transaction={transaction} />
      {!is_settled(transaction) && (
        <p class="loading" role="status">
          <span class="spinner" aria-hidden="true" />
          {t('waiting_for_confirmation')}
        </p>
      )}
      <Facts
        rows={[
          [
            t('amount'),
            transaction.amount > 0
              ? format_amount(transaction.amount, transaction.currency)
              : t('free'),
          ],
          [t('our_reference'), transaction.reference],
        ]}
      />
      <a class={`button ${may_retry ? '' : 'quiet'}`} href={link_to.ticket(transaction.ticket_id)}>
        {t(may_retry ? 'try_again' : 'look_at_ticket')}
      </a>
    </div>
  );
}
