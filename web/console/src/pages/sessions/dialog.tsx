// Where the person is signed in, and an end to what they do not know.
import { useEffect, useState } from 'preact/hooks';
import { format_day, format_time } from '../../format';
import { end_sessions, list_sessions } from '../../net/operations';
import type { OwnSession } from '../../net/types';
import { announce } from '../../parts/announce';
import { Dialog } from '../../parts/dialog';
import { Icon } from '../../parts/icon';
import { Moment } from '../../parts/moment';
import { ProblemNote } from '../../parts/problem';
import { t as shell } from '../../words';
import { t } from './words';

type Which = Parameters<typeof end_sessions>[0];

function Rows({ sessions, end }: { sessions: OwnSession[]; end: (which: Which) => void }) {
  return (
    <table class="plain">
      <thead>
        <tr>
          <th scope="col">{t('opened')}</th>
          <th scope="col">{t('used')}</th>
          <th scope="col"><span class="unseen">{t('end')}</span></th>
        </tr>
      </thead>
      <tbody>
        {sessions.map((one) => {
          const opened = new Date(one.opened_at);
          const time = `${format_day(opened)} ${format_time(opened)}`;
          return (
            <tr key={one.session_id}>
              <td><Moment at={one.opened_at} /></td>
              <td><Moment at={one.used_at} /></td>
              <td>
                {one.this ? <strong>{t('here')}</strong> : (
                  <button
                    type="button"
                    class="button"
                    aria-label={t('end_of', { time })}
                    onClick={() => end({ session_id: one.session_id })}
                  >
                    {t('end')}
                  </button>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

export function SessionsDialog({ on_close }: { on_close: () => void }) {
  const [sessions, set_sessions] = useState<OwnSession[]>();
  const [error, set_error] = useState<unknown>();
  const read = () => list_sessions().then(
    (answer) => {
      set_sessions(answer.sessions);
      set_error(undefined);
    },
    set_error,
  );
  useEffect(() => void read(), []);

  async function end(which: Which) {
    try {
      const { ended } = await end_sessions(which);
      announce(t('ended', { n: ended }));
    } catch (failed) {
      return set_error(failed);
    }
    await read();
  }

  const has_others = sessions?.some((one) => !one.this);
  return (
    <Dialog labelled_by="sessions-title" on_close={on_close}>
      <div class="stack">
        <div class="dialog-head">
          <h2 id="sessions-title">{t('title')}</h2>
          <button type="button" class="bare-button" aria-label={shell('close')} onClick={on_close}>
            <Icon glyph="cross" />
          </button>
        </div>
        <p class="soft">{t('lead')}</p>
        {error !== undefined && <ProblemNote error={error} on_retry={() => void read()} />}
        {sessions && <Rows sessions={sessions} end={(which) => void end(which)} />}
        {sessions && !has_others && <p class="fine">{t('none')}</p>}
        {has_others && (
          <button type="button" class="button" onClick={() => void end({ others: true })}>
            {t('end_others')}
          </button>
        )}
      </div>
    </Dialog>
  );
}
