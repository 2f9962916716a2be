// One event that means nothing, to see whether the receiver takes events at all.
import { useState } from 'preact/hooks';
import { format_number } from '../../format';
import { send_test_event } from '../../net/operations';
import type { TestEvent } from '../../net/types';
import { ProblemNote } from '../../parts/problem';
import { t } from './words';

export function SendTest() {
  const [busy, set_busy] = useState(false);
  const [result, set_result] = useState<TestEvent>();
  const [error, set_error] = useState<unknown>();
  async function go() {
    if (busy) return;
    set_busy(true);
    set_error(undefined);
    set_result(undefined);
    await send_test_event().then(set_result, set_error);
    set_busy(false);
  }
  const ms = result && format_number(result.took_ms);
  return (
    <>
      <span class="actions">
        <button type="button" class="button" aria-busy={busy} onClick={() => void go()}>
          {t(busy ? 'testing' : 'test')}
        </button>
      </span>
      <div class="test-result" role="status">
        {result?.outcome === 'delivered' && (
          <p class="note note-good">{t('test_delivered', { ms: ms! })}</p>
        )}
        {result?.outcome === 'failed' && (
          <div class="note note-bad">
            <div>
              <strong>{t('test_failed', { ms: ms! })}</strong>
              {result.error && <p lang="en">{result.error}</p>}
            </div>
          </div>
        )}
      </div>
      {error !== undefined && <ProblemNote error={error} />}
    </>
  );
}
