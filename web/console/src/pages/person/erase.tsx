// The question before anything is erased: why, and of whom, typed once more.
import { useRef, useState } from 'preact/hooks';
import { erase_person } from '../../net/operations';
import type { PersonReport, VisitorName } from '../../net/person_types';
import { Dialog } from '../../parts/dialog';
import { ProblemNote } from '../../parts/problem';
import { t as say } from '../../words';
import { t } from './words';

export const longest_why = 200;

interface Props {
  visitor: VisitorName;
  who: string;
  payments: number;
  on_done: (report: PersonReport) => void;
  on_close: () => void;
}

export function EraseDialog({ visitor, who, payments, on_done, on_close }: Props) {
  const [why, set_why] = useState('');
  const [typed, set_typed] = useState('');
  const [wrong, set_wrong] = useState<{ why?: string; typed?: string }>({});
  const [busy, set_busy] = useState(false);
  const [error, set_error] = useState<unknown>();
  const fields = useRef<HTMLFormElement>(null);

  async function submit(event: Event) {
    event.preventDefault();
    if (busy) return;
    const is_same = typed.trim().toLowerCase() === who.toLowerCase();
    if (!why.trim() || !is_same) {
      set_wrong({
        ...(!why.trim() && { why: t('why_empty') }),
        ...(!is_same && { typed: t('type_wrong', { who }) }),
      });
      return fields.current?.querySelector<HTMLElement>(why.trim() ? '#again' : '#why')?.focus();
    }
    set_busy(true);
    set_error(undefined);
    try {
      on_done(await erase_person({ ...visitor, why: why.trim() }));
    } catch (failed) {
      set_error(failed);
      set_busy(false);
    }
  }

  return (
    <Dialog labelled_by="erase-title" role="alertdialog" on_close={busy ? undefined : on_close}>
      <form ref={fields} class="stack" onSubmit={(event) => void submit(event)} noValidate>
        <div>
          <h2 id="erase-title">{t('erase_title', { who })}</h2>
          <p class="soft">
            {payments === 1 ? t('erase_lead_1') : t('erase_lead', { n: payments })}
          </p>
        </div>
        <div class="field">
          <label for="why">{t('why')}</label>
          <textarea
            id="why" class="plain-text" rows={2} maxLength={longest_why} value={why}
            aria-invalid={wrong.why ? 'true' : undefined} aria-describedby="why-hint why-wrong"
            onInput={(event) => { set_why(event.currentTarget.value); set_wrong({}); }}
          />
          <p class="fine" id="why-hint">{t('why_hint')}</p>
          <p class="wrong" id="why-wrong" role="alert">{wrong.why}</p>
        </div>
        <div class="field">
          <label for="again">{t('type_again', { who })}</label>
          <input
            id="again" type="text" autocomplete="off" spellcheck={false} value={typed}
            aria-invalid={wrong.typed ? 'true' : undefined} aria-describedby="again-wrong"
            onInput={(event) => { set_typed(event.currentTarget.value); set_wrong({}); }}
          />
          <p class="wrong" id="again-wrong" role="alert">{wrong.typed}</p>
        </div>
        {error !== undefined && <ProblemNote error={error} />}
        <div class="buttons buttons-end">
          <button type="button" class="button" disabled={busy} onClick={on_close}>
            {say('cancel')}
          </button>
          <button type="submit" class="button strong" aria-busy={busy}>
            {busy ? t('erasing') : t('erase_go')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
