// How far a run is.
import { format_number } from '../../format';
import type { Run } from '../../net/run_types';
import { Chip } from '../../parts/shape';
import { item_states, look_of_item, settled_of, time_words, total_of } from './looks';
import { t } from './words';

export function Bar({ run }: { run: Run }) {
  const total = total_of(run);
  const settled = settled_of(run);
  return (
    <div
      class="progress" role="progressbar" aria-label={t('progress', { name: run.name })}
      aria-valuemin={0} aria-valuemax={total} aria-valuenow={settled}
      aria-valuetext={t('of_n', { n: format_number(settled), of: format_number(total) })}
    >
      {item_states.filter((state) => run.counts[state] > 0).map((state) => (
        <span key={state} class={`part-${state}`} style={{ flexGrow: run.counts[state] }} />
      ))}
    </div>
  );
}

export function Progress({ run }: { run: Run }) {
  const total = total_of(run);
  const is_going = run.state === 'running' && run.minutes_left > 0;
  return (
    <div class="run-progress">
      <Bar run={run} />
      <p class="counts-line">
        <strong class="tabular">
          {t('of_n', { n: format_number(settled_of(run)), of: format_number(total) })}
        </strong>
        {item_states.filter((state) => run.counts[state] > 0).map((state) => (
          <Chip
            key={state} look={look_of_item(state)}
            text={`${t(`item_${state}`)} ${format_number(run.counts[state])}`}
          />
        ))}
        {is_going && (
          <span class="soft">{t('left', { time: time_words(run.minutes_left) })}</span>
        )}
      </p>
    </div>
  );
}
