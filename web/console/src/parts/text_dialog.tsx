// Asks for one text and does something with it; what was typed stays until that is done.
import { useRef, useState } from 'preact/hooks';
import { t } from '../words';
import { Dialog } from './dialog';
import { ProblemNote } from './problem';

interface Props {
  title: string;
  lead: string;
  label: string;
  hint?: string;
  go: string;
  going: string;
  empty: string; // what is wrong with no text
  rows: number;
  longest: number;
  act: (text: string) => Promise<void>;
  on_close: () => void;
}

export function TextDialog(props: Props) {
  const { title, lead, label, hint, go, going, empty, rows, longest, act, on_close } = props;
  const [text, set_text] = useState('');
  const [busy, set_busy] = useState(false);
  const [wrong, set_wrong] = useState('');
  const [error, set_error] = useState<unknown>();
  const field = useRef<HTMLTextAreaElement>(null);

  async function submit(event: Event) {
    event.preventDefault();
    if (busy) return;
    if (!text.trim()) {
      set_wrong(empty);
      return field.current?.focus();
    }
    set_busy(true);
    set_error(undefined);
    try {
      await act(text.trim());
      on_close();
    } catch (failed) {
      set_error(failed);
      set_busy(false);
    }
  }

  return (
    <Dialog labelled_by="text-title" on_close={on_close}>
      <form class="stack" onSubmit={(event) => void submit(event)} noValidate>
        <div>
          <h2 id="text-title">{title}</h2>
          <p class="soft" id="text-lead">{lead}</p>
        </div>
        <div class="field">
          <label for="text-field">{label}</label>
          <textarea
            id="text-field"
            class="plain-text"
            ref={field}
            rows={rows}
            maxLength={longest}
            value={text}
            aria-invalid={wrong ? 'true' : undefined}
            aria-describedby={`text-lead text-wrong${hint ? ' text-hint' : ''}`}
            onInput={(event) => {
              set_text(event.currentTarget.value);
              set_wrong('');
            }}
          />
          {hint && <p class="fine" id="text-hint">{hint}</p>}
          <p class="wrong" id="text-wrong" role="alert">{wrong}</p>
        </div>
        {error !== undefined && <ProblemNote error={error} />}
        <div class="buttons buttons-end">
          <button type="button" class="button" onClick={on_close}>{t('cancel')}</button>
          <button type="submit" class="button strong" aria-busy={busy}>
            {busy ? going : go}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
