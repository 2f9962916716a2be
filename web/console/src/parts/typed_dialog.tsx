// The question before what cannot be undone: why, where that is asked for, and a name that is typed
// once more.
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { t } from '../words';
import { Dialog } from './dialog';
import { ProblemNote } from './problem';

interface Asked {
  label: string;
  wrong: string; // what is said of no reason, or of another name
}

interface Props {
  title: string;
  lead: string;
  children?: ComponentChildren; // between these and the fields
  why?: (Asked & { hint: string; longest: number }) | undefined;
  again: Asked & { is_same: (typed: string) => boolean };
  go: string;
  going: string;
  act: (why: string) => Promise<void>; // `why` is '' where it is not asked for
  on_close: () => void;
}

function Why({ asked, why, wrong, set }: {
  asked: NonNullable<Props['why']>; why: string; wrong: boolean; set: (why: string) => void;
}) {
  return (
    <div class="field">
      <label for="why">{asked.label}</label>
      <textarea
        id="why" class="plain-text" rows={2} maxLength={asked.longest} value={why}
        aria-invalid={wrong ? 'true' : undefined} aria-describedby="why-hint why-wrong"
        onInput={(event) => set(event.currentTarget.value)}
      />
      <p class="fine" id="why-hint">{asked.hint}</p>
      <p class="wrong" id="why-wrong" role="alert">{wrong && asked.wrong}</p>
    </div>
  );
}

function Again({ asked, typed, wrong, set }: {
  asked: Asked; typed: string; wrong: boolean; set: (typed: string) => void;
}) {
  return (
    <div class="field">
      <label for="again">{asked.label}</label>
      <input
        id="again" type="text" autocomplete="off" spellcheck={false} value={typed}
        aria-invalid={wrong ? 'true' : undefined} aria-describedby="again-wrong"
        onInput={(event) => set(event.currentTarget.value)}
      />
      <p class="wrong" id="again-wrong" role="alert">{wrong && asked.wrong}</p>
    </div>
  );
}

export function TypedDialog(props: Props) {
  const { title, lead, children, why: asked_why, again, go, going, act, on_close } = props;
  const [why, set_why] = useState('');
  const [typed, set_typed] = useState('');
  const [wrong, set_wrong] = useState({ why: false, typed: false });
  const [busy, set_busy] = useState(false);
  const [error, set_error] = useState<unknown>();
  const fields = useRef<HTMLFormElement>(null);

  function change(set: (text: string) => void, text: string) {
    set(text);
    set_wrong({ why: false, typed: false });
  }

  async function submit(event: Event) {
    event.preventDefault();
    if (busy) return;
    const found = {
      why: asked_why !== undefined && !why.trim(),
      typed: !again.is_same(typed.trim()),
    };
    if (found.why || found.typed) {
      set_wrong(found);
      const first = found.why ? '#why' : '#again';
      return fields.current?.querySelector<HTMLElement>(first)?.focus();
    }
    set_busy(true);
    set_error(undefined);
    try {
      await act(asked_why ? why.trim() : '');
    } catch (failed) {
      set_error(failed);
      set_busy(false);
    }
  }

  return (
    <Dialog labelled_by="typed-title" role="alertdialog" on_close={busy ? undefined : on_close}>
      <form ref={fields} class="stack" onSubmit={(event) => void submit(event)} noValidate>
        <div>
          <h2 id="typed-title">{title}</h2>
          <p class="soft">{lead}</p>
        </div>
        {children}
        {asked_why && (
          <Why
            asked={asked_why} why={why} wrong={wrong.why} set={(text) => change(set_why, text)}
          />
        )}
        <Again
          asked={again} typed={typed} wrong={wrong.typed}
          set={(text) => change(set_typed, text)}
        />
        {error !== undefined && <ProblemNote error={error} />}
        <div class="buttons buttons-end">
          <button type="button" class="button" disabled={busy} onClick={on_close}>
            {t('cancel')}
          </button>
          <button type="submit" class="button strong" aria-busy={busy}>
            {busy ? going : go}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
