// A message of no payment is looked at again: the payment may have come since.
import { useState } from 'preact/hooks';
import { retry_message } from '../../net/operations';
import type { Retried } from '../../net/types';
import { announce } from '../../parts/announce';
import { ProblemNote } from '../../parts/problem';
import { link_to } from '../../route';
import { t } from './words';

// What it turned out to be about stays on the page when the message has left the list.
export function Matched({ retried: { transaction_id, reference } }: { retried: Retried }) {
  return (
    <p class="note note-good">
      <span>{t('matched')} <a href={link_to.payment(transaction_id!)}>{reference}</a></span>
    </p>
  );
}

export function Retry({ message_id, on_matched }: {
  message_id: number; on_matched: (retried: Retried) => void;
}) {
  const [busy, set_busy] = useState(false);
  const [why_not, set_why_not] = useState<string>();
  const [error, set_error] = useState<unknown>();
  async function retry() {
    if (busy) return;
    set_busy(true);
    set_error(undefined);
    try {
      const now = await retry_message(message_id);
      announce(now.matched ? `${t('matched')} ${now.reference}` : t('still_unmatched'));
      if (now.matched) return on_matched(now);
      set_why_not(now.why_not ?? '');
    } catch (failed) {
      set_error(failed);
    }
    set_busy(false);
  }
  return (
    <div class="retry">
      <button type="button" class="button" aria-busy={busy} onClick={() => void retry()}>
        {t(busy ? 'retrying' : 'retry')}
      </button>
      {why_not !== undefined && (
        <p>{t('still_unmatched')} <span class="detail" lang="en">{why_not}</span></p>
      )}
      {error !== undefined && <ProblemNote error={error} />}
    </div>
  );
}
