// What may be done with a run now, by whom.
import { useState } from 'preact/hooks';
import type { Run, Steer } from '../../net/run_types';
import { steer_run } from '../../net/run_operations';
import { announce } from '../../parts/announce';
import { Dialog } from '../../parts/dialog';
import { ProblemNote } from '../../parts/problem';
import { t as say_refund } from '../../refund/words';
import { session } from '../../session';
import { t as say } from '../../words';
import { money_words, payments_n } from './looks';
import { SumTable } from './read';
import { t } from './words';

// What asks again before it is done: it moves money, or cannot be taken back.
const asks_again: Steer[] = ['release', 'stop'];
const order: Steer[] = ['release', 'pause', 'go_on', 'again', 'stop'];

function Confirm({ run, what, act, on_close }: {
  run: Run; what: 'release' | 'stop'; act: () => Promise<void>; on_close: () => void;
}) {
  const [busy, set_busy] = useState(false);
  const [error, set_error] = useState<unknown>();
  async function go_on() {
    if (busy) return;
    set_busy(true);
    set_error(undefined);
    try {
      await act();
      on_close();
    } catch (failed) {
      set_error(failed);
      set_busy(false);
    }
  }
  const is_release = what === 'release';
  return (
    <Dialog labelled_by="confirm-title" on_close={on_close}>
      <div class="stack">
        <h2 id="confirm-title">{t(`${what}_title`, { name: run.name })}</h2>
        {is_release && <SumTable sums={run.sums} />}
        <p>{t(`${what}_lead`, { payments: payments_n(run.counts.waiting) })}</p>
        {error !== undefined && <ProblemNote error={error} />}
        <div class="buttons buttons-end">
          <button type="button" class="button" onClick={on_close}>{say('cancel')}</button>
          <button
            type="button" class={`button ${is_release ? 'money-button' : 'strong'}`}
            aria-busy={busy} onClick={() => void go_on()}
          >
            {is_release ? say_refund('give_back', { amount: money_words(run.sums) })
              : t('stop_go')}
          </button>
        </div>
      </div>
    </Dialog>
  );
}

export function Acts({ run, on_done }: { run: Run; on_done: (run: Run) => void }) {
  const [asked, set_asked] = useState<'release' | 'stop'>();
  const [busy, set_busy] = useState<Steer>();
  const [error, set_error] = useState<unknown>();
  const verdicts = new Map(run.may.map((one) => [one.what, one]));
  const own = run.started_by.sub === session.get()?.user.sub;
  const why_no_release = run.state === 'needs_release' && !verdicts.get('release')?.yes;

  async function steer(what: Steer) {
    const now = await steer_run(run.run_id, what);
    announce(t(`did_${what}`));
    on_done(now);
  }
  async function press(what: Steer) {
    if (busy) return;
    if (asks_again.includes(what)) return set_asked(what as 'release' | 'stop');
    set_busy(what);
    set_error(undefined);
    await steer(what).catch(set_error);
    set_busy(undefined);
  }
  const shown = order.filter((what) => verdicts.get(what)?.yes);
  return (
    <>
      {shown.length > 0 && (
        <div class="buttons run-acts">
          {shown.map((what) => (
            <button
              key={what} type="button" aria-busy={busy === what}
              class={`button ${what === 'pause' || what === 'stop' ? '' : 'strong'}`}
              onClick={() => void press(what)}
            >
              {t(`act_${what}`)}
            </button>
          ))}
        </div>
      )}
      {why_no_release && (
        <p class="soft">
          {own ? t('own_run') : <span lang="en">{verdicts.get('release')?.why_not}</span>}
        </p>
      )}
      {error !== undefined && <ProblemNote error={error} />}
      {asked && (
        <Confirm
          run={run} what={asked} act={() => steer(asked)} on_close={() => set_asked(undefined)}
        />
      )}
    </>
  );
}
