// Until when an entry is to be off the list: at most seven days, by the service's clock.
import { useState } from 'preact/hooks';
import { day_after, day_of, format_day, format_minute, start_of_day } from '../../format';
import { line } from '../../net/call';
import { Dialog } from '../../parts/dialog';
import { ProblemNote } from '../../parts/problem';
import { t as say } from '../../words';
import { t } from './words';

const hour_ms = 3_600_000;
const day_ms = 24 * hour_ms;
const longest_days = 7;
const morning_hour = 9;
const longest_note = 2000;

type When = 'in_hour' | 'tomorrow' | 'in_three' | 'in_week' | 'on_day';

// Undefined when it is no day, or not one of the next seven.
function morning_of(day: string, now: Date): Date | undefined {
  const start = start_of_day(day);
  if (start === undefined) return undefined;
  const at = Date.parse(start) + morning_hour * hour_ms;
  const ahead = at - now.getTime();
  return ahead > 0 && ahead <= longest_days * day_ms ? new Date(at) : undefined;
}

function moments_of(now: Date): Record<Exclude<When, 'on_day'>, Date> {
  const after = (ms: number) => new Date(now.getTime() + ms);
  return {
    in_hour: after(hour_ms),
    tomorrow: morning_of(day_after(day_of(now)), now)!,
    in_three: after(3 * day_ms),
    in_week: after(longest_days * day_ms),
  };
}

function Choices({ now, when, set_when, day, set_day, wrong }: {
  now: Date; when: When; set_when: (when: When) => void; day: string;
  set_day: (day: string) => void; wrong: boolean;
}) {
  const moments = moments_of(now);
  const radio = (one: When) => (
    <input
      type="radio" name="until" checked={when === one} autofocus={when === one}
      onChange={() => set_when(one)}
    />
  );
  return (
    <fieldset class="untils">
      <legend>{t('snooze_until')}</legend>
      {(Object.keys(moments) as (keyof typeof moments)[]).map((one) => (
        <label class="check" key={one}>
          {radio(one)}
          {t(one)}
          <span class="soft tabular">{format_day(moments[one])} {format_minute(moments[one])}</span>
        </label>
      ))}
      <span class="check">
        <label class="check">{radio('on_day')}{t('on_day')}</label>
        <input
          type="date"
          class="day-input"
          aria-label={t('day')}
          aria-invalid={wrong ? 'true' : undefined}
          aria-describedby="snooze-wrong"
          min={day_after(day_of(now))}
          max={day_of(new Date(now.getTime() + longest_days * day_ms))}
          value={day}
          onInput={(event) => {
            set_day(event.currentTarget.value);
            set_when('on_day');
          }}
        />
      </span>
      <p class="wrong" id="snooze-wrong" role="alert">{wrong ? t('no_day') : ''}</p>
    </fieldset>
  );
}

export function SnoozeDialog({ what, act, on_close }: {
  what: string; act: (until: string, note: string) => Promise<void>; on_close: () => void;
}) {
  const [now] = useState(() => line.get().as_of ?? new Date());
  const [when, set_when] = useState<When>('tomorrow');
  const [day, set_day] = useState('');
  const [note, set_note] = useState('');
  const [busy, set_busy] = useState(false);
  const [wrong, set_wrong] = useState(false);
  const [error, set_error] = useState<unknown>();

  async function submit(event: Event) {
    event.preventDefault();
    if (busy) return;
    const until = when === 'on_day' ? morning_of(day, now) : moments_of(now)[when];
    set_wrong(!until);
    if (!until) return;
    set_busy(true);
    set_error(undefined);
    try {
      await act(until.toISOString(), note.trim());
      on_close();
    } catch (failed) {
      set_error(failed);
      set_busy(false);
    }
  }

  return (
    <Dialog labelled_by="snooze-title" on_close={on_close}>
      <form class="stack" onSubmit={(event) => void submit(event)} noValidate>
        <div>
          <h2 id="snooze-title">{t('snooze_title', { what })}</h2>
          <p class="soft">{t('snooze_lead')}</p>
        </div>
        <Choices
          now={now} when={when} set_when={set_when} day={day} wrong={wrong}
          set_day={(to) => {
            set_day(to);
            set_wrong(false);
          }}
        />
        <div class="field">
          <label for="snooze-note">{t('snooze_note')}</label>
          <textarea
            id="snooze-note"
            class="plain-text"
            rows={2}
            maxLength={longest_note}
            value={note}
            onInput={(event) => set_note(event.currentTarget.value)}
          />
        </div>
        {error !== undefined && <ProblemNote error={error} />}
        <div class="buttons buttons-end">
          <button type="button" class="button" onClick={on_close}>{say('cancel')}</button>
          <button type="submit" class="button strong" aria-busy={busy}>
            {t(busy ? 'busy' : 'snooze_go')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
