// Asks the provider now, and says what it said.
import { useState } from 'preact/hooks';
import { processor_name } from '../../format';
import { ask_provider } from '../../net/operations';
import type { Opened } from '../../net/types';
import { announce } from '../../parts/announce';
import { ProblemNote } from '../../parts/problem';
import { status_name } from '../../parts/status';
import { t } from './words';

export function AskButton({ opened, on_asked }: { opened: Opened; on_asked: () => void }) {
  const [busy, set_busy] = useState(false);
  const [said, set_said] = useState('');
  const [error, set_error] = useState<unknown>();
  const processor = processor_name(opened.transaction.processor);
  const can = opened.may.find(({ what }) => what === 'ask');
  if (can && !can.yes) return null;

  async function ask(by_itself: boolean) {
    if (busy) return;
    set_busy(true);
    set_error(undefined);
    try {
      const { status, learned } = await ask_provider(opened.transaction.id, by_itself);
      const values = { processor, status: status_name(status) };
      const words = t(learned.length > 0 ? 'asked_learned' : 'asked_nothing', values);
      set_said(words);
      announce(words);
    } catch (failed) {
      set_error(failed);
    }
    set_busy(false);
    on_asked();
  }
  return (
    <>
      <button type="button" class="button ask" aria-busy={busy} onClick={() => void ask(false)}>
        {busy ? t('asking') : t('ask', { processor })}
      </button>
      {said && error === undefined && <p class="note asked">{said}</p>}
      {error !== undefined && (
        <div class="asked">
          <ProblemNote error={error} on_retry={(by_itself) => void ask(by_itself)} />
        </div>
      )}
    </>
  );
}
