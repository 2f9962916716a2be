// The third step: who starts it types what goes back, so that it is no click by accident.
import { useRef, useState } from 'preact/hooks';
import { format_money, read_amount } from '../../format';
import { Problem } from '../../net/call';
import type { Plan, PlanRequest, RunSum } from '../../net/run_types';
import { announce } from '../../parts/announce';
import { Icon } from '../../parts/icon';
import { ProblemNote } from '../../parts/problem';
import { empty_because, reason_of, says_why, Why, type Because } from '../../refund/why';
import { go, link_to } from '../../route';
import { t as say_refund } from '../../refund/words';
import { money_words, sum_name } from './looks';
import { is_definite, start } from './starting';
import { t } from './words';

interface Wrong {
  name?: string;
  why?: string;
  sums: (string | undefined)[];
}
const nothing_wrong: Wrong = { sums: [] };

// What is said of a run, whatever the plan turns out to be.
export interface Draft extends Because {
  name: string;
}
export const empty_draft: Draft = { name: '', ...empty_because };

const is_typed = (text: string | undefined, { amount }: RunSum) =>
  Math.round((read_amount(text ?? '') ?? NaN) * 100) === Math.round(amount * 100);

// `typed`: one for each of the sums.
function check(draft: Draft, typed: string[], sums: RunSum[]): Wrong {
  return {
    ...(!draft.name.trim() && { name: t('need_name') }),
    ...(!says_why(draft) && { why: say_refund('need_why') }),
    sums: sums.map((sum, i) => (is_typed(typed[i], sum) ? undefined
      : t('not_the_sum', { amount: format_money(sum.amount, sum.currency) }))),
  };
}

function TypedSum({ sum, i, text, wrong, set }: {
  sum: RunSum; i: number; text: string; wrong: string | undefined; set: (text: string) => void;
}) {
  const id = `run-sum-${i}`;
  return (
    <div class="field">
      <label for={id}>{sum_name(sum)}</label>
      <span class="amount-with">
        <input
          id={id} type="text" inputMode="decimal" autocomplete="off" value={text}
          aria-invalid={wrong ? 'true' : undefined} aria-describedby={`${id}-wrong`}
          onInput={(event) => set(event.currentTarget.value)}
        />
        <span aria-hidden="true">{sum.currency}</span>
      </span>
      <p class="wrong" id={`${id}-wrong`} role="alert">{wrong}</p>
    </div>
  );
}

function StartFields({ plan, draft, set, typed, set_typed, wrong, locked }: {
  plan: Plan; draft: Draft; set: (changes: Partial<Draft>) => void; typed: string[];
  set_typed: (typed: string[]) => void; wrong: Wrong; locked: boolean;
}) {
  return (
    <fieldset class="stack run-start" disabled={locked}>
      <legend class="unseen">{t('step_start')}</legend>
      <div class="field">
        <label for="run-name">{t('name')}</label>
        <input
          id="run-name" type="text" autocomplete="off" maxLength={100} value={draft.name}
          placeholder={t('name_hint')}
          aria-invalid={wrong.name ? 'true' : undefined} aria-describedby="run-name-wrong"
          onInput={(event) => set({ name: event.currentTarget.value })}
        />
        <p class="wrong" id="run-name-wrong" role="alert">{wrong.name}</p>
      </div>
      <div><Why because={draft} wrong={wrong.why} set={set} /></div>
      <fieldset class="typed-sums">
        <legend>{t('type_sums')}</legend>
        <div class="fields">
          {plan.sums.map((sum, i) => (
            <TypedSum
              key={sum_name(sum)} sum={sum} i={i} text={typed[i] ?? ''}
              wrong={wrong.sums[i]}
              set={(text) =>
                set_typed(plan.sums.map((_, at) => (at === i ? text : typed[at] ?? '')))}
            />
          ))}
        </div>
      </fieldset>
    </fieldset>
  );
}

// What may have been started is asked for under the same key; nothing else can be changed then.
function Unknown() {
  return (
    <div class="note note-calm" role="status">
      <Icon glyph="alert" />
      <div>
        <strong>{t('unknown_start')}</strong>
        <p>{t('unknown_start_lead')}</p>
      </div>
    </div>
  );
}

export function Start({ plan, request, draft, set_draft, on_changed }: {
  plan: Plan; request: PlanRequest; draft: Draft; set_draft: (draft: Draft) => void;
  on_changed: () => void;
}) {
  const [typed, set_typed] = useState<string[]>([]);
  const [wrong, set_wrong] = useState<Wrong>(nothing_wrong);
  const [error, set_error] = useState<unknown>();
  const [busy, set_busy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const locked = error !== undefined && !is_definite(error);
  const set = (changes: Partial<Draft>) => {
    set_draft({ ...draft, ...changes });
    set_wrong(nothing_wrong);
  };

  async function send() {
    set_busy(true);
    try {
      const run = await start({
        ...request,
        digest: plan.digest,
        name: draft.name.trim(),
        reason: reason_of(draft),
        typed_sums: plan.sums.map(({ processor, currency }, i) => ({
          processor, currency, amount: read_amount(typed[i]!)!,
        })),
      });
      announce(t(`announce_${run.state === 'needs_release' ? 'asked' : 'started'}`));
      return go(link_to.run(run.run_id));
    } catch (failed) {
      set_busy(false);
      set_error(failed);
      if (failed instanceof Problem && failed.slug === 'plan-changed') on_changed();
    }
  }

  function submit(event: Event) {
    event.preventDefault();
    if (busy) return;
    const found = check(draft, typed, plan.sums);
    set_wrong(found);
    const at = found.sums.findIndex((one) => one !== undefined);
    const first = found.name ? '#run-name' : found.why ? '#refund-why'
      : at >= 0 ? `#run-sum-${at}` : '';
    if (first) return form.current?.querySelector<HTMLElement>(first)?.focus();
    void send();
  }

  return (
    <form ref={form} class="stack" onSubmit={submit} noValidate>
      <StartFields
        plan={plan} draft={draft} set={set} typed={typed} wrong={wrong} locked={locked}
        set_typed={(now) => {
          set_typed(now);
          set_wrong(nothing_wrong);
        }}
      />
      <p class="fine">{t(plan.needs_release ? 'second_person' : 'starts_at_once')}</p>
      {locked ? <Unknown /> : error !== undefined && <ProblemNote error={error} />}
      <div class="buttons">
        <button
          type="submit" class={`button ${plan.needs_release ? 'strong' : 'money-button'}`}
          aria-busy={busy}
        >
          {busy ? t('starting') : locked ? say_refund('ask_again')
            : plan.needs_release ? t('ask_release')
            : say_refund('give_back', { amount: money_words(plan.sums) })}
        </button>
      </div>
    </form>
  );
}
