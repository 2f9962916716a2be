// The question before a month is closed for good: what stands open in it, why nevertheless, and
// which month, typed once more.
import { useRef, useState } from 'preact/hooks';
import { format_money } from '../../format';
import { Problem } from '../../net/call';
import { close_month } from '../../net/settlement_operations';
import type { MonthClose } from '../../net/settlement_types';
import { Dialog } from '../../parts/dialog';
import { ProblemNote } from '../../parts/problem';
import { t as say } from '../../words';
import { t } from './close_words';

const longest_why = 255;

// What makes a reason necessary.
function open_of({ state, closed_on, unexplained }: MonthClose): string[] {
  return [
    ...(state === 'settling' ? [t('still_settling', { day: closed_on })] : []),
    ...unexplained.filter(({ open }) => open.count > 0).map(({ open, currency }) =>
      t('still_open', { sum: format_money(open.amount_minor / 100, currency), n: open.count })),
  ];
}

function StandsOpen({ lines }: { lines: string[] }) {
  return (
    <div class="note note-bad stands-open">
      <div>
        <strong>{t('stands_open')}</strong>
        <ul>{lines.map((line) => <li key={line}>{line}</li>)}</ul>
      </div>
    </div>
  );
}

function Why({ why, wrong, set }: {
  why: string; wrong: string | undefined; set: (why: string) => void;
}) {
  return (
    <div class="field">
      <label for="close-why">{t('why')}</label>
      <textarea
        id="close-why" class="plain-text" rows={2} maxLength={longest_why} value={why}
        aria-invalid={wrong ? 'true' : undefined}
        aria-describedby="close-why-hint close-why-wrong"
        onInput={(event) => set(event.currentTarget.value)}
      />
      <p class="fine" id="close-why-hint">{t('why_hint')}</p>
      <p class="wrong" id="close-why-wrong" role="alert">{wrong}</p>
    </div>
  );
}

function Again({ month, typed, wrong, set }: {
  month: string; typed: string; wrong: string | undefined; set: (typed: string) => void;
}) {
  return (
    <div class="field">
      <label for="close-again">{t('type_again', { month })}</label>
      <input
        id="close-again" type="text" autocomplete="off" spellcheck={false} value={typed}
        aria-invalid={wrong ? 'true' : undefined} aria-describedby="close-again-wrong"
        onInput={(event) => set(event.currentTarget.value)}
      />
      <p class="wrong" id="close-again-wrong" role="alert">{wrong}</p>
    </div>
  );
}

interface Props {
  close: MonthClose; // as it was looked at; nothing else is closed
  name: string; // of the month, for people
  on_changed: () => void; // what was looked at is not true any more
  on_done: (now: MonthClose) => void;
  on_close: () => void;
}

export function CloseDialog({ close, name, on_changed, on_done, on_close }: Props) {
  const [why, set_why] = useState('');
  const [typed, set_typed] = useState('');
  const [wrong, set_wrong] = useState<{ why?: string; typed?: string }>({});
  const [busy, set_busy] = useState(false);
  const [error, set_error] = useState<unknown>();
  const fields = useRef<HTMLFormElement>(null);
  const { month } = close;
  const open = open_of(close);

  async function submit(event: Event) {
    event.preventDefault();
    if (busy) return;
    const lacks_why = open.length > 0 && !why.trim();
    const is_same = typed.trim() === month;
    if (lacks_why || !is_same) {
      set_wrong({
        ...(lacks_why && { why: t('why_empty') }),
        ...(!is_same && { typed: t('type_wrong', { month }) }),
      });
      const first = lacks_why ? '#close-why' : '#close-again';
      return fields.current?.querySelector<HTMLElement>(first)?.focus();
    }
    set_busy(true);
    set_error(undefined);
    try {
      on_done(await close_month(close, open.length > 0 ? why.trim() : ''));
    } catch (failed) {
      set_error(failed);
      set_busy(false);
      if (failed instanceof Problem && failed.status === 409) on_changed();
    }
  }

  return (
    <Dialog labelled_by="close-title" role="alertdialog" on_close={busy ? undefined : on_close}>
      <form ref={fields} class="stack" onSubmit={(event) => void submit(event)} noValidate>
        <div>
          <h2 id="close-title">{t('for_good_title', { month: name })}</h2>
          <p class="soft">{t('for_good_lead')}</p>
        </div>
        {open.length > 0 && (
          <>
            <StandsOpen lines={open} />
            <Why why={why} wrong={wrong.why} set={(text) => { set_why(text); set_wrong({}); }} />
          </>
        )}
        <Again
          month={month} typed={typed} wrong={wrong.typed}
          set={(text) => { set_typed(text); set_wrong({}); }}
        />
        {error !== undefined && <ProblemNote error={error} />}
        <div class="buttons buttons-end">
          <button type="button" class="button" disabled={busy} onClick={on_close}>
            {say('cancel')}
          </button>
          <button type="submit" class="button strong" aria-busy={busy}>
            {busy ? t('closing_now') : t('close_go')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
