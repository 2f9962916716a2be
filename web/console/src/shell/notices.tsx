// What the shell says by itself: that the service is silent, and that the session is about to end.
import { useEffect } from 'preact/hooks';
import { use_signal } from '../../../shared/signal';
import { format_time } from '../format';
import { line } from '../net/call';
import { Dialog } from '../parts/dialog';
import { ProblemNote } from '../parts/problem';
import { ending, read_session } from '../session';
import { t } from '../words';
import { leave, leave_error } from './top_bar';

export function SilenceBar() {
  const { silent, as_of } = use_signal(line);
  return (
    <div role="status">
      {silent && (
        <p class="silence">
          {as_of ? t('silent', { time: format_time(as_of) }) : t('silent_ever')}
        </p>
      )}
    </div>
  );
}

function IdleWarning({ seconds }: { seconds: number }) {
  const stay = () => void read_session(true);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      event.preventDefault();
      stay();
    };
    addEventListener('keydown', press, { capture: true });
    return () => removeEventListener('keydown', press, { capture: true });
  }, []);
  return (
    <Dialog labelled_by="idle-title" role="alertdialog" on_close={stay}>
      <div class="stack">
        <h2 id="idle-title">{t('idle')}</h2>
        <p class="tabular">{t('idle_lead', { seconds })}</p>
        <div class="buttons">
          <button type="button" class="button strong" onClick={stay}>{t('idle_stay')}</button>
          <span class="fine">{t('idle_any_key')}</span>
        </div>
      </div>
    </Dialog>
  );
}

export function LeaveError() {
  const error = use_signal(leave_error);
  return error === undefined ? null
    : <ProblemNote error={error} on_retry={() => void leave()} />;
}

export function EndOfSession() {
  const end = use_signal(ending);
  if (!end) return null;
  if (end.is_idle) return <IdleWarning seconds={end.seconds} />;
  return <p class="silence">{t('ends', { seconds: end.seconds })}</p>;
}
